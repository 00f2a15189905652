"""Reasons on a petition's page: only what its signer agreed to show, read by staff before anyone else reads it.

The words stay sealed with the signature and go with it: a name taken back takes its reason off the page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from groundswell.actions.models import Petition, PublicReason, Signature
from groundswell.basics.ids import ActionId, PersonRef
from groundswell.people.roll import Roll
from groundswell.staff.operations import note

ON_A_PAGE = 12
"""Reasons that a page shows, the latest first: a wall, not an archive."""
STATES = ("waiting", "shown", "declined")


@dataclass(frozen=True, slots=True)
class Reason:
    """One signer's reason as it may be shown."""

    signature: UUID
    petition: str
    words: str
    name: str
    """First name and initial; empty where the signer stays unnamed or left none."""
    at: datetime
    state: str


def reasons(*, state: str, petition_id: ActionId | None = None, most: int = 100) -> list[Reason]:
    """Reasons in this state, latest first, of confirmed signatures only: who is held or has gone is not read by anyone."""
    asked = PublicReason.objects.filter(state=state)
    if petition_id is not None:
        asked = asked.filter(petition_id=petition_id)
    ids = list(asked.order_by("-at", "-pk").values_list("pk", flat=True)[: most * 2])
    return _opened(ids, state, most)


def on_the_page(petition_id: ActionId, language: str = "", most: int = ON_A_PAGE) -> list[Reason]:
    """What the page of this language shows now. `language` is empty for the petition's own."""
    asked = PublicReason.objects.filter(petition_id=petition_id, state="shown").order_by("-at", "-pk")
    ids = list(asked.values_list("pk", flat=True)[: most * 20])
    if not ids:
        return []
    theirs = set(Signature.objects.filter(pk__in=ids, version__language=language).values_list("pk", flat=True))
    return _opened([each for each in ids if each in theirs], "shown", most)


def decide(*, signatures: Iterable[UUID], show: bool, staff_id: int | None, now: datetime) -> int:
    """Show these reasons or keep them off the page; may be decided again. The worker publishes within its next window."""
    with transaction.atomic():
        rows = PublicReason.objects.select_for_update().filter(pk__in=list(signatures))
        found = dict(rows.values_list("pk", "petition_id"))
        rows.update(state="shown" if show else "declined", decided_at=now)
        Petition.objects.filter(pk__in=set(found.values())).update(counted_at=None)
        for signature in found:
            act = "show a reason" if show else "keep a reason off the page"
            note(actor_id=staff_id, act=act, about=f"signature {signature}", why="read it", now=now)
    return len(found)


def _opened(ids: Sequence[UUID], state: str, most: int) -> list[Reason]:
    rows = Signature.objects.filter(pk__in=ids, state="confirmed", reason__isnull=False).select_related("petition")
    order = {each: number for number, each in enumerate(ids)}
    found = sorted(rows, key=lambda row: order[row.pk])[:most]
    if not found:
        return []
    roll = Roll()
    names = roll.names([PersonRef(row.person_id) for row in found if row.shows != "place"])
    made = []
    for row in found:
        words = roll.reason(PersonRef(row.person_id), row.petition_id, bytes(row.reason or b"") or None)
        if words:
            made.append(Reason(row.pk, row.petition.slug, words, names.get(row.person_id, ""), row.signed_at, state))
    return made
