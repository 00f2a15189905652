"""The lines of a hand-over, streamed: what each signer agreed to show, in the order they signed."""

import gc
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection, transaction

from groundswell.actions import choosing
from groundswell.actions.choosing import Choice, Chosen, Kind
from groundswell.basics.ids import ActionId
from groundswell.deliveries.order import Order
from groundswell.deliveries.rules import Parts, place_labels, shown_name, shown_place
from groundswell.people.roll import Roll

Line = tuple[int, str, str, str, int, str]
"""One signature as it is shown: number, name, place, day, number of the text, reason. Plain, because a million pass."""


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


def lines(choice: Choice, order: Order, labels: dict[Parts, str]) -> Iterator[list[Line]]:
    """The lines in batches, numbered from 1. Names are opened batch by batch and kept nowhere."""
    return _shown(choosing.chosen(choice), choice.petition, order, labels)


def lines_of(ids: Sequence[UUID], choice: Choice, order: Order) -> list[Line]:
    """The lines of these signatures, as far as they still stand; places are named by all that the order chooses."""
    _, labels = count(choice, order)
    return [line for batch in _shown([choosing.of_ids(choice.petition, ids)], choice.petition, order, labels) for line in batch]


def _shown(batches: Iterable[list[Chosen]], petition: ActionId, order: Order, labels: dict[Parts, str]) -> Iterator[list[Line]]:
    roll, number = Roll(), 0
    days: dict[date, str] = {}
    for batch in batches:
        names = roll.names([signature[1] for signature in batch])
        written: list[Line] = []
        for _, person, version, shows, signed_on, country, region, area, sealed in batch:
            number += 1
            name = shown_name(names.get(person), shows)
            place = shown_place(labels.get((country, region, area), ""), shows)
            reason = roll.reason(person, petition, sealed) if sealed and order.reasons else ""
            day = days.get(signed_on) or days.setdefault(signed_on, signed_on.isoformat())
            written.append((number, name, place, day, version, reason))
        yield written


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
