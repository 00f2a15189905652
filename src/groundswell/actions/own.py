"""What one person did here, for that person: their signatures, and what came of the links they passed on."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from groundswell.actions.acting.deeds import unsay
from groundswell.actions.models import Origin, Signature
from groundswell.actions.rules import share_code
from groundswell.basics.ids import ActionId, PersonRef


@dataclass(frozen=True, slots=True)
class OwnSignature:
    """One of a person's own signatures."""

    petition: str
    title: str
    version: int
    state: str
    signed_at: datetime
    source: str
    brought: int
    """How many signed by a link that this person passed on."""


def signatures_of(person: PersonRef) -> list[OwnSignature]:
    """Everything this person signed, oldest first."""
    rows = list(Signature.objects.filter(person_id=person).select_related("petition", "version").order_by("signed_at"))
    counted = Origin.objects.filter(referrer__in=[row.pk for row in rows]).values_list("referrer").annotate(count=Count("pk"))
    brought = dict(counted)
    return [
        OwnSignature(
            row.petition.slug, row.version.title, row.version.number, row.state, row.signed_at, row.source, brought.get(row.pk, 0)
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class OwnShares:
    """What came of one person's link to one petition."""

    petition: str
    title: str
    code: str
    """What their link carries."""
    brought: int


def shares_of(person: PersonRef, petition_id: ActionId) -> OwnShares | None:
    """How many signatures that count came by this person's link; None where their name does not stand there."""
    row = Signature.objects.filter(person_id=person, petition_id=petition_id, state="confirmed").select_related(
        "petition", "version").first()  # fmt: skip
    if row is None:
        return None
    came = Origin.objects.filter(referrer=row.pk).values("pk")
    brought = Signature.objects.filter(pk__in=came, state="confirmed").count()
    return OwnShares(row.petition.slug, row.version.title, share_code(row.pk), brought)


def withdraw_all(*, person: PersonRef) -> list[int]:
    """A person takes their name back from everything; returns the petitions that are to be counted anew."""
    standing = Signature.objects.filter(person_id=person).exclude(state="withdrawn")
    petitions = sorted(set(standing.values_list("petition_id", flat=True)))
    standing.update(state="withdrawn", reason=None)
    unsay(persons=[person])
    return petitions
