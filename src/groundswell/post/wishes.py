"""Fewer letters, or letters on one topic only: what a person asked for, and what it keeps from going out.

Audiences know of it (`wish_rules` is the one rule), and it is asked again at the moment of handing over, so that a wish
counts in mailings that are running already. Answers to something that a person did (thanks, a confirmation) are no letters
to lists and go all the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from groundswell.basics import arrays
from groundswell.basics.ids import DeliveryId, LetterId, PersonRef
from groundswell.post import wish_rules
from groundswell.post.wish_models import Wish
from groundswell.post.wish_rules import LESS_DAYS


@dataclass(frozen=True, slots=True)
class Wished:
    """What one person asked for. `days`: at most one letter in so many; `topic`: none but these."""

    days: int | None
    topic: int | None
    since: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """A row that is about to be handed over."""

    delivery: DeliveryId
    letter: LetterId
    person: PersonRef


def less_mail(*, person: PersonRef, now: datetime, days: int = LESS_DAYS) -> None:
    """At most one letter to lists in `days` days from now on. What was wished before stands beside it."""
    _wish(person, now, days=days)


def only_topic(*, person: PersonRef, topic: int, now: datetime) -> None:
    """Only letters of this topic from now on; a later topic takes the place of an earlier one."""
    _wish(person, now, topic=topic)


def lift(*, person: PersonRef) -> bool:
    """All letters again, where the person asked for them. False where nothing was wished."""
    return bool(Wish.objects.filter(person_id=person).delete()[0])


def forget(persons: Sequence[int]) -> int:
    """Drop the wishes of people who are not here any more; returns how many."""
    return Wish.objects.filter(person_id__in=persons).delete()[0]


def wished(person: PersonRef) -> Wished | None:
    """What this person asked for, or None."""
    row = Wish.objects.filter(person_id=person).first()
    return None if row is None else Wished(row.days, row.topic, row.since)


def everybody() -> list[int]:
    """The numbers of all who wished something."""
    return list(Wish.objects.values_list("person_id", flat=True))


def anybody_wishes() -> bool:
    """Whether there is any wish at all."""
    return Wish.objects.exists()


def against(rows: Sequence[Asked], now: datetime) -> Mapping[DeliveryId, str]:
    """Row → why its letter to a list is not to go to this person; rows that may go are left out."""
    if not anybody_wishes():  # as for most lists: nothing to hold a thousand numbers against
        return {}
    return {DeliveryId(row): word for row, word in _held(
        f"SELECT r.row, {wish_rules.against(topic='own.topic')} FROM post_wish w"  # noqa: S608
        " JOIN unnest(%(rows)s::bigint[], %(persons)s::bigint[], %(letters)s::bigint[]) r(row, person, letter)"
        " ON r.person = w.person_id JOIN post_letter own ON own.id = r.letter"
        f" {wish_rules.had_lately(letter='r.letter', now='%(now)s')}"
        " WHERE w.person_id = ANY(%(persons)s::bigint[]) GROUP BY r.row, w.person_id, own.id",
        rows=arrays.of_numbers(row.delivery for row in rows), persons=arrays.of_numbers(row.person for row in rows),
        letters=arrays.of_numbers(row.letter for row in rows), now=now,
    )}  # fmt: skip


def holding(*, topic: int | None, now: datetime) -> Mapping[PersonRef, str]:
    """Person → why a letter on this topic that is made now would not go to them; people without such a wish are left out."""
    sql = (
        f"SELECT w.person_id, {wish_rules.against(topic='%(topic)s::bigint')} FROM post_wish w"  # noqa: S608
        f" {wish_rules.had_lately(letter='NULL', now='%(now)s')} GROUP BY w.person_id"
    )
    return {PersonRef(person): word for person, word in _held(sql, topic=topic, now=now)}


def _held(sql: str, **values: Any) -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [(int(number), why) for number, why in cursor.fetchall() if why]


def _wish(person: PersonRef, now: datetime, **wanted: int) -> None:
    with transaction.atomic():
        row = Wish.objects.select_for_update().filter(person_id=person).first()
        row = row or Wish(person_id=person)
        for name, value in wanted.items():
            setattr(row, name, value)
        row.since = now
        row.save()


class Following:
    """A wish goes with its person into a merge (`people.following`); where both had one, the kept person's own stands."""

    def move(self, *, gone: int, kept: int, anew: Any) -> bool:
        """Give the wish of `gone` to `kept`; returns whether it was."""
        if Wish.objects.filter(person_id=kept).exists():
            return False
        return bool(Wish.objects.filter(person_id=gone).update(person_id=kept))

    def back(self, *, gone: int, kept: int, moved: Any, anew: Any) -> None:
        """Give it back."""
        if moved and not Wish.objects.filter(person_id=gone).exists():
            Wish.objects.filter(person_id=kept).update(person_id=gone)
