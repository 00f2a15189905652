"""The lines of a hand-over, streamed: what each signer agreed to show, in the order they signed."""

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from django.db import connection, transaction

from groundswell.actions import choosing
from groundswell.actions.choosing import Choice, Chosen, Kind
from groundswell.basics.ids import ActionId
from groundswell.basics.side_by_side import fed
from groundswell.deliveries.order import Order
from groundswell.deliveries.rules import Parts, place_labels, shown_name, shown_place
from groundswell.people.roll import Roll, SealedName

Line = tuple[int, str, str, str, int, str]
"""One signature as it is shown: number, name, place, day, number of the text, reason. Plain, because a million pass."""


_Asked = tuple[list[Chosen], list[SealedName]]
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many were chosen, and why the others were not."""

    total: int
    per_version: dict[int, int]
    per_place: dict[str, int]
    """Named places of enough signers; the others stand together under ``."""
    nameless: int
    """Shown as “A supporter” because they asked for it."""
    left_out: dict[str, int]


@contextmanager
def one_moment() -> Iterator[None]:
    """Everything read inside is of one moment, however long it takes: a withdrawal changes neither half of a file."""
    nested = connection.in_atomic_block
    with transaction.atomic():
        if not nested:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def count(choice: Choice, order: Order) -> tuple[Counts, dict[Parts, str]]:
    """The numbers, and how each place is named."""
    kinds = choosing.tally(choice)
    shown, everyone = _by_place(kinds, shown_only=True), _by_place(kinds, shown_only=False)
    labels = place_labels(shown, order.smallest) if order.places else dict.fromkeys(shown, "")
    totals = place_labels(everyone, order.smallest)
    per_version: Counter[int] = Counter()
    per_place: Counter[str] = Counter()
    for kind, number in kinds.items():
        per_version[kind.version] += number
        per_place[totals[kind.place]] += number
    nameless = sum(number for kind, number in kinds.items() if kind.shows == "place")
    counts = Counts(
        kinds.total(), dict(sorted(per_version.items())), dict(per_place.most_common()), nameless, choosing.left_out(choice)
    )
    return counts, labels


def written(
    choice: Choice, order: Order, labels: dict[Parts, str], write: Callable[[Iterator[list[Line]]], _Result]
) -> _Result:  # fmt: skip
    """What `write` makes of the lines: batches of them, numbered from 1. Names are opened batch by batch and kept nowhere.

    `write` runs in a thread of its own, which opens the names; meanwhile the database is asked for the next batch here.
    """
    roll = Roll()
    asked = _asked(choosing.chosen(choice), roll)
    return fed(asked, lambda batches: write(_shown(batches, roll, choice.petition, order, labels)))


def lines_of(ids: Sequence[UUID], choice: Choice, order: Order) -> list[Line]:
    """The lines of these signatures, as far as they still stand; places are named by all that the order chooses."""
    _, labels = count(choice, order)
    roll = Roll()
    asked = _asked([choosing.of_ids(choice.petition, ids)], roll)
    return [line for batch in _shown(asked, roll, choice.petition, order, labels) for line in batch]


def _asked(batches: Iterable[list[Chosen]], roll: Roll) -> Iterator[_Asked]:
    for batch in batches:
        yield batch, roll.sealed([signature[0] for signature in batch])


def _shown(
    batches: Iterable[_Asked], roll: Roll, petition: ActionId, order: Order, labels: dict[Parts, str]
) -> Iterator[list[Line]]:  # fmt: skip
    number = 0
    days: dict[date, str] = {}
    for batch, sealed_names in batches:
        names = roll.shown(sealed_names)
        lines: list[Line] = []
        for person, version, shows, signed_on, country, region, area, sealed in batch:
            number += 1
            name = shown_name(names.get(person), shows)
            place = shown_place(labels.get((country, region, area), ""), shows)
            reason = roll.reason(person, petition, sealed) if sealed and order.reasons else ""
            day = days.get(signed_on) or days.setdefault(signed_on, signed_on.isoformat())
            lines.append((number, name, place, day, version, reason))
        yield lines


@contextmanager
def undisturbed() -> Iterator[None]:
    """Keeps what the program holds anyway out of the collector's sight while millions of short-lived rows pass."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _by_place(kinds: Counter[Kind], *, shown_only: bool) -> dict[Parts, int]:
    places: dict[Parts, int] = {}
    for kind, number in kinds.items():
        if not shown_only or kind.shows != "name":
            places[kind.place] = places.get(kind.place, 0) + number
    return places
