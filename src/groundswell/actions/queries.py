"""Reads of the actions room, as plain data."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from groundswell.actions.models import Petition, Signature, TextVersion
from groundswell.basics.ids import ActionId, PersonRef


@dataclass(frozen=True, slots=True)
class PetitionView:
    """A petition with its text of today."""

    id: ActionId
    slug: str
    campaign_id: int
    language: str
    version: int
    title: str
    text: str
    goal: int
    count: int
    thanks_subject: str
    thanks_text: str


@dataclass(frozen=True, slots=True)
class SignatureView:
    """One signature, without the person's details."""

    person: PersonRef
    version: int
    signed_at: datetime


def petition(petition_id: ActionId) -> PetitionView:
    """The petition as it reads today."""
    row = Petition.objects.get(pk=petition_id)
    text = TextVersion.objects.filter(petition=row).order_by("-number")[0]
    return PetitionView(
        petition_id, row.slug, row.campaign_id, row.language, text.number, text.title, text.text, row.goal, row.counted,
        row.thanks_subject, row.thanks_text,
    )  # fmt: skip


def petition_named(slug: str) -> PetitionView | None:
    """The petition of this slug."""
    found = Petition.objects.filter(slug=slug).values_list("pk", flat=True).first()
    return None if found is None else petition(ActionId(found))


def petitions() -> list[PetitionView]:
    """All of them, newest first."""
    return [petition(ActionId(pk)) for pk in Petition.objects.order_by("-open_since").values_list("pk", flat=True)]


def texts(petition_id: ActionId) -> dict[int, tuple[str, str]]:
    """Version → its title and text."""
    return {v.number: (v.title, v.text) for v in TextVersion.objects.filter(petition_id=petition_id)}


def signatures(petition_id: ActionId) -> Iterator[SignatureView]:
    """Every standing signature, oldest first."""
    rows = Signature.objects.filter(petition_id=petition_id, state="confirmed").select_related("version")
    for row in rows.order_by("signed_at", "id").iterator():
        yield SignatureView(PersonRef(row.person_id), row.version.number, row.signed_at)


def per_version(petition_id: ActionId) -> dict[int, int]:
    """How many signed which text."""
    rows = Signature.objects.filter(petition_id=petition_id, state="confirmed").values_list("version__number")
    return dict(rows.annotate(count=Count("id")))


def per_position(petition_id: ActionId) -> dict[str, int]:
    """How many signed from which ask of a letter, or from the `website`."""
    rows = Signature.objects.filter(petition_id=petition_id, state="confirmed").values_list("position")
    return dict(rows.annotate(count=Count("id")))


def has_signed(petition_id: ActionId, person: PersonRef) -> bool:
    """Whether this person's name stands under it."""
    return Signature.objects.filter(petition_id=petition_id, person_id=person, state="confirmed").exists()


def signers(petition_id: ActionId) -> set[PersonRef]:
    """Who has signed: for leaving them out of a letter that asks them to."""
    rows = Signature.objects.filter(petition_id=petition_id, state="confirmed").values_list("person_id", flat=True)
    return {PersonRef(person) for person in rows}
