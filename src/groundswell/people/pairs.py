"""Reads of suggested pairs and merges: numbers, places and dates; who they are is for the reading room."""

from dataclasses import dataclass
from datetime import datetime

from groundswell.basics.ids import PersonRef
from groundswell.people.merge_models import Merge, Pair
from groundswell.people.models import Person

WHY = {
    "same number": "the same telephone, and no name speaks against it",
    "slipped domain": "the same name before the @, and one domain is a slip of the finger for the other",
    "same name and area": "the same name in the same postcode area",
    "staff": "named by a member of staff",
}


@dataclass(frozen=True, slots=True)
class Side:
    """One of two, as much as can be said without opening anything."""

    person: PersonRef
    place: str
    language: str
    joined_at: datetime
    acted_at: datetime | None
    standing: str


@dataclass(frozen=True, slots=True)
class PairView:
    """Two people who may be one. The first has been here longer: usually the one to keep."""

    id: int
    why: str
    first: Side
    second: Side
    state: str


@dataclass(frozen=True, slots=True)
class MergeView:
    """A merge that was done, and whether it was undone."""

    id: int
    kept: PersonRef
    gone: PersonRef
    at: datetime
    undone_at: datetime | None


def open_pairs(*, most: int = 100) -> list[PairView]:
    """Pairs that nobody has decided about, the surest rule first."""
    return _views(list(Pair.objects.filter(state="open").order_by("-why", "pk")[:most]))


def pair(pair_id: int) -> PairView | None:
    """One pair, decided or not; None where it or one of its people is gone."""
    found = _views(list(Pair.objects.filter(pk=pair_id)))
    return found[0] if found else None


def how_many_open() -> int:
    """How many pairs wait."""
    return Pair.objects.filter(state="open").count()


def merges(*, most: int = 100) -> list[MergeView]:
    """What was merged, the newest first."""
    rows = Merge.objects.order_by("-pk")[:most]
    return [MergeView(row.pk, PersonRef(row.kept), PersonRef(row.gone), row.at, row.undone_at) for row in rows]


def merges_of(person: PersonRef) -> list[MergeView]:
    """Merges that stand and that this person was kept in."""
    rows = Merge.objects.filter(kept=person, undone_at=None).order_by("-pk")
    return [MergeView(row.pk, PersonRef(row.kept), PersonRef(row.gone), row.at, None) for row in rows]


def _views(rows: list[Pair]) -> list[PairView]:
    people = {person.pk: person for person in Person.objects.filter(pk__in={n for row in rows for n in (row.low, row.high)})}
    found = []
    for row in rows:
        if row.low in people and row.high in people:
            first, second = sorted((people[row.low], people[row.high]), key=lambda person: (person.joined_at, person.pk))
            found.append(PairView(row.pk, WHY.get(row.why, row.why), _side(first), _side(second), row.state))
    return found


def _side(person: Person) -> Side:
    place = " ".join(filter(None, (person.country, person.postcode_area, person.region)))
    standing = "may be written to" if person.may_mail else f"not written to: {person.why_not}"
    return Side(PersonRef(person.pk), place, person.language, person.joined_at, person.acted_at, standing)
