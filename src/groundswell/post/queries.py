"""Reads of the post office, as plain data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import Count

from groundswell.basics import arrays
from groundswell.basics.ids import DeliveryId, LetterId, PersonRef
from groundswell.engine.message import LIST_KINDS
from groundswell.people.models import Person
from groundswell.people.queries import now_are
from groundswell.post.models import Delivery, Letter, State
from groundswell.post.provider_models import Traffic


def progress(letter_id: LetterId) -> dict[str, int]:
    """How many rows of a letter stand in each state, by name; states without rows are left out."""
    rows = Delivery.objects.filter(letter_id=letter_id).values_list("state").annotate(count=Count("id"))
    return {State(state).label: count for state, count in rows}


def due_up_to(letter_id: LetterId, now: datetime, most: int) -> int:
    """How many rows of a letter could go now, counted no further than `most`."""
    rows = Delivery.objects.filter(letter_id=letter_id, state__in=[State.READY, State.RETRY], due_at__lte=now)
    return rows[:most].count()


def lodged(key: str) -> LetterId | None:
    """The letter that was lodged under this key; None where none was yet."""
    found = Letter.objects.filter(key=key).values_list("pk", flat=True).first()
    return None if found is None else LetterId(found)


def withheld(letter_id: LetterId) -> dict[str, int]:
    """Why people were left out, with how many."""
    rows = Delivery.objects.filter(letter_id=letter_id, state=State.WITHHELD).values_list("reason")
    return dict(rows.annotate(count=Count("id")))


def person_of(delivery: DeliveryId) -> PersonRef | None:
    """Whose row it is: of two who got the same letter and turned out to be one, the one who was kept."""
    found = Delivery.objects.filter(pk=delivery).values_list("person_id", flat=True).first()
    return None if found is None else now_are([found])[found]


def letters_with_work() -> list[LetterId]:
    """Letters that have rows to hand over now or later, the most urgent first."""
    rows = Delivery.objects.filter(
        state__in=[State.READY, State.RETRY, State.CLAIMED], letter__paused=False, letter__stopped_at=None
    )
    ids = rows.values_list("letter_id", "letter__priority").distinct().order_by("-letter__priority", "letter_id")
    return [LetterId(letter_id) for letter_id, _ in ids]


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A row of which nobody knows whether its letter arrived. Named by its number; it holds no person."""

    delivery: DeliveryId
    reason: str
    since: datetime
    attempts: int


def uncertain(letter_id: LetterId, most: int = 1000) -> list[Doubtful]:
    """The letter's doubtful rows, oldest first: a person or a rule decides about each (`operations.settle`)."""
    rows = Delivery.objects.filter(letter_id=letter_id, state=State.UNCERTAIN).order_by("changed_at", "id")[:most]
    return [Doubtful(DeliveryId(row.pk), row.reason, row.changed_at, row.attempts) for row in rows]


def list_letters_since(moment: datetime) -> int:
    """Letters to lists that relays took since then, or are being handed over: what a warm-up counts."""
    taken = [State.CLAIMED, State.ACCEPTED, State.BOUNCED, State.COMPLAINED, State.UNCERTAIN]
    return Delivery.objects.filter(letter__kind__in=LIST_KINDS, state__in=taken, changed_at__gte=moment).count()


def written_to_since(persons: Sequence[PersonRef], moment: datetime, *, but: LetterId) -> dict[PersonRef, datetime]:
    """Who of these had another letter to a list since `moment`, with the time of the latest."""
    # Days of hand-over are few rows; a mailing that is alone needs to ask nobody's own.
    days = Traffic.objects.filter(day__gte=moment.date(), letter__kind__in=LIST_KINDS).exclude(letter_id=but)
    others = set(days.values_list("letter_id", flat=True))
    if not others:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT d.person_id, max(d.changed_at) FROM unnest(%s::bigint[]) p(id) JOIN post_delivery d ON d.person_id = p.id
            WHERE d.state IN (3, 7, 8, 9) AND d.changed_at > %s AND d.letter_id = ANY(%s) GROUP BY d.person_id
            """,
            [arrays.of_numbers(persons), moment, list(others)],
        )
        return {PersonRef(person): at for person, at in cursor.fetchall()}


def facts_of(persons: Sequence[PersonRef]) -> dict[PersonRef, dict[str, str | None]]:
    """The coarse facts that a letter's choices may ask for."""
    names = ("language", "country", "region", "postcode_area")
    rows = Person.objects.filter(pk__in=persons).values_list("pk", *names)
    return {PersonRef(row[0]): dict(zip(names, row[1:], strict=True)) for row in rows}


@dataclass(frozen=True, slots=True)
class Pulse:
    """How a letter goes: rows by state, letters a minute of late, and how long the rest will take at that rate."""

    counts: dict[str, int]
    left: int
    per_minute: int
    minutes_left: int | None
    paused: bool
    stopped: str
    speed: int | None


def pulse(letter_id: LetterId, now: datetime) -> Pulse:
    """Progress with rate and time left, from the rows themselves."""
    letter = Letter.objects.only("paused", "stop_reason", "stopped_at", "speed").get(pk=letter_id)
    counts = progress(letter_id)
    left = sum(counts.get(state, 0) for state in ("ready", "retry", "claimed"))
    recent = Delivery.objects.filter(letter_id=letter_id, state=State.ACCEPTED, changed_at__gt=now - timedelta(minutes=1)).count()
    minutes = None if not recent or not left else max(1, round(left / recent))
    stopped = letter.stop_reason if letter.stopped_at else ""
    return Pulse(counts, left, recent, minutes, letter.paused, stopped, letter.speed)


def reached(letter_id: int) -> set[PersonRef]:
    """Whom this letter reached, or is still on its way to."""
    states = [State.READY, State.CLAIMED, State.RETRY, State.ACCEPTED, State.UNCERTAIN]
    return {
        PersonRef(person)
        for person in Delivery.objects.filter(letter_id=letter_id, state__in=states).values_list("person_id", flat=True)
    }


class ListLetter(NamedTuple):
    """A letter to a list (a mailing, or one of a series; no thank-you letter)."""

    letter: int
    lodged_at: datetime
    last_day: date | None
    """The last day on which any of it was handed over."""
    waiting: bool
    """Some of it is still to go, and it was not stopped: under a warm-up or a pause it may take weeks."""


def list_letters() -> list[ListLetter]:
    """Letters to lists, the newest first; the last thousand."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT l.id, l.lodged_at, (SELECT max(t.day) FROM post_traffic t WHERE t.letter_id = l.id AND t.handed > 0),
                l.stopped_at IS NULL AND (l.id IN (SELECT letter_id FROM post_delivery WHERE state = 2)
                    OR EXISTS (SELECT FROM post_delivery d WHERE d.letter_id = l.id AND d.state IN (1, 4)))
            FROM post_letter l WHERE l.kind = ANY(%s) ORDER BY l.id DESC LIMIT 1000
            """,
            [sorted(LIST_KINDS)],
        )
        return [ListLetter(*row) for row in cursor.fetchall()]


def letters_to(person: PersonRef) -> list[dict[str, object]]:
    """Which letters one person was written, and how each stands."""
    rows = (
        Delivery.objects.filter(person_id=person)
        .order_by("changed_at", "id")
        .values_list("letter__key", "state", "changed_at", "reason")
    )
    return [{"letter": key, "state": State(state).label, "at": at, "why": why} for key, state, at, why in rows]
