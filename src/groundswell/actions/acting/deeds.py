"""What people did beyond putting their name: kept, counted, taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Q

from groundswell.actions.acting.closing import republish
from groundswell.actions.acting.events import seat
from groundswell.actions.acting.kinds import REPEATED
from groundswell.actions.acting.tables import Deed, Photo
from groundswell.actions.origins import LaterYes
from groundswell.basics.ids import ActionId, PersonRef
from groundswell.people.keys import deed_field, sealer

LONGEST_WORDS = 6000
"""Characters of a person's own letter or note that are kept."""


@dataclass(frozen=True, slots=True)
class Done:
    """What the journal brought of one person. `id` is the entry's."""

    id: UUID
    petition: ActionId
    person: PersonRef
    kind: str
    outcome: str
    whom: str
    words: str
    """Their own letter, or a note; sealed before it is kept."""
    agreed: str
    at: datetime


def keep_deeds(done: Sequence[Done]) -> set[UUID]:
    """Keep these, each beside its person's standing signature; returns the ids of those that are new.

    Where there is no signature, nothing is kept; what is done once is not done again. Safe to repeat.
    """
    if not done:
        return set()
    petitions, persons = {one.petition for one in done}, {one.person for one in done}
    with transaction.atomic():
        found = _standing(petitions, persons)
        once = set(
            Deed.objects.filter(signature_id__in=found.values()).exclude(kind__in=REPEATED).values_list("signature_id", flat=True)
        )
        rows: dict[UUID, Deed] = {}
        for one in done:
            signature = found.get((one.petition, one.person))
            if signature is None or one.id in rows or signature in once:
                continue
            if one.kind not in REPEATED:
                once.add(signature)
            rows[one.id] = Deed(
                id=one.id, signature_id=signature, petition_id=one.petition, person_id=one.person, kind=one.kind[:12],
                outcome=one.outcome[:16], whom=one.whom[:120], agreed=one.agreed[:1000], at=one.at,
                words=sealer().seal(one.person, deed_field(one.id.hex), one.words.strip()[:LONGEST_WORDS]),
            )  # fmt: skip
        known = set(Deed.objects.filter(pk__in=rows).values_list("pk", flat=True))
        Deed.objects.bulk_create([row for pk, row in rows.items() if pk not in known], ignore_conflicts=True)
    return set(rows) - known


def _standing(petitions: set[ActionId], persons: set[PersonRef]) -> dict[tuple[int, int], UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT petition_id, person_id, id FROM actions_signature"
            " WHERE petition_id = ANY(%s) AND person_id = ANY(%s) AND state <> 'withdrawn'",
            [list(petitions), list(persons)],
        )
        return {(petition, person): signature for petition, person, signature in cursor.fetchall()}


def tally(petition_id: ActionId) -> dict[str, int]:
    """Outcome → how many deeds, of people who stand by it and count."""
    rows = Deed.objects.filter(petition_id=petition_id, signature__state="confirmed").values_list("outcome")
    return dict(rows.annotate(count=Count("pk")).order_by("outcome"))


def by_whom(petition_id: ActionId) -> list[tuple[str, dict[str, int]]]:
    """Whom people wrote to or called → outcome → how many; for the office and for export. No person is in it."""
    rows = Deed.objects.filter(petition_id=petition_id, signature__state="confirmed").values_list("whom", "outcome")
    found: dict[str, dict[str, int]] = {}
    for whom, outcome, count in rows.annotate(count=Count("pk")).order_by("whom", "outcome"):
        found.setdefault(whom, {})[outcome] = count
    return list(found.items())


def notes(petition_id: ActionId, *, most: int = 100) -> list[tuple[datetime, str, str, int, str, bytes]]:
    """What people noted with what they did, the newest first: when, to whom, outcome, person, what it is bound to, sealed words."""
    rows = Deed.objects.filter(petition_id=petition_id, words__isnull=False, signature__state="confirmed").order_by("-at")[:most]
    return [(row.at, row.whom, row.outcome, row.person_id, deed_field(row.pk.hex), bytes(row.words or b"")) for row in rows]


def people_of(petition_id: ActionId, outcomes: Sequence[str]) -> list[PersonRef]:
    """Who did it, with one of these outcomes, and counts; in the order in which they came."""
    rows = Deed.objects.filter(petition_id=petition_id, outcome__in=outcomes, signature__state="confirmed")
    return [PersonRef(person) for person in rows.order_by("at", "pk").values_list("person_id", flat=True)]


def unsay(*, persons: Sequence[int], petition_id: ActionId | None = None) -> None:
    """What they said with what they did is gone, a yes that waits, and their photos: they took it back (here, or everywhere)."""
    mine = Q(person_id__in=persons) if petition_id is None else Q(person_id__in=persons, petition_id=petition_id)
    Deed.objects.filter(mine, words__isnull=False).update(words=None)
    LaterYes.objects.filter(mine).delete()
    photos = Photo.objects.filter(mine)
    shown = list(photos.filter(state="shown").values_list("petition_id", flat=True))
    photos.delete()
    for action in set(shown):
        republish(petition_id=ActionId(action))


def settled(*, petition_id: ActionId, now: datetime) -> None:
    """Bring what follows from who stands by it up to date: seats given up go to who waits for one."""
    seat(petition_id=petition_id, now=now)
