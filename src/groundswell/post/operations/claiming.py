"""Rows held for the time of a lease, given back, or left out after all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from groundswell.basics.ids import DeliveryId, LetterId, PersonRef
from groundswell.post.models import State

LEASE = timedelta(minutes=30)
"""Longer than any wait inside SMTP (RFC 5321 4.5.3.2): a lease that ends means a sender that is gone."""


@dataclass(slots=True)
class Claimed:
    """A row that this sender holds for the time of its lease."""

    delivery: DeliveryId
    person: PersonRef
    attempts: int
    letter: LetterId


_CLAIM = """
    UPDATE post_delivery SET state = %s, claimed_by = %s, claimed_until = %s, changed_at = %s, attempts = attempts + 1
    WHERE id = ANY (ARRAY (
        SELECT d.id FROM post_delivery d
        WHERE d.letter_id = %s AND d.state IN (1, 4) AND d.due_at <= %s
        ORDER BY d.due_at, d.id LIMIT %s FOR UPDATE SKIP LOCKED
    ))
    RETURNING id, person_id, attempts, letter_id
"""
"""An array is made once. Inside of `IN (…)` the planner may loop and choose again for every row: each time, as those already
taken are passed over, other ones, and in the end more than `LIMIT`."""

_URGENT = """
    SELECT l.id FROM post_letter l
    WHERE l.priority > (SELECT priority FROM post_letter WHERE id = %s) AND NOT l.paused AND l.stopped_at IS NULL
      AND EXISTS (SELECT 1 FROM post_delivery d WHERE d.letter_id = l.id AND d.state IN (1, 4) AND d.due_at <= %s)
    ORDER BY l.priority DESC, l.id LIMIT 5
"""


def claim(*, letter_id: LetterId, owner: str, limit: int, now: datetime, urgent: bool = False) -> list[Claimed]:
    """Up to `limit` due rows, held by `owner` until the lease ends. Two senders never get the same row.

    Nothing of a letter that is paused or stopped. With `urgent`, rows of more urgent letters come first: a
    confirmation overtakes a newsletter.
    """
    claims: list[Claimed] = []
    with connection.cursor() as cursor:
        letters = [letter_id]
        if urgent:
            cursor.execute(_URGENT, [letter_id, now])
            letters = [*(LetterId(row[0]) for row in cursor.fetchall()), letter_id]
        for letter in letters:
            cursor.execute("SELECT paused OR stopped_at IS NOT NULL FROM post_letter WHERE id = %s", [letter])
            found = cursor.fetchone()
            if found is None or found[0] or len(claims) >= limit:
                continue
            cursor.execute(_CLAIM, [State.CLAIMED, owner, now + LEASE, now, letter, now, limit - len(claims)])
            claims += [Claimed(*row) for row in cursor.fetchall()]
    return claims


def release(*, owner: str, deliveries: Sequence[DeliveryId], due: Sequence[datetime], now: datetime) -> None:
    """Claimed rows of which nothing was handed over: ready again at their `due`; the attempt does not count."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE post_delivery d SET state = %s, due_at = r.due, attempts = GREATEST(d.attempts - 1, 0), claimed_by = '',
                                       claimed_until = NULL, changed_at = %s
            FROM (SELECT unnest(%s::bigint[]) id, unnest(%s::timestamptz[]) due) r
            WHERE d.id = r.id AND d.claimed_by = %s AND d.state = %s
            """,
            [State.READY, now, list(deliveries), list(due), owner, State.CLAIMED],
        )


def release_all(*, owner: str, now: datetime) -> int:
    """Rows that the database holds in `owner`'s name although it knows nothing of them: their claim's answer was lost.

    For a sender that has recorded or released everything it knew of. Returns how many are ready again.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE post_delivery SET state = %s, attempts = GREATEST(attempts - 1, 0), claimed_by = '', claimed_until = NULL,"
            " changed_at = %s WHERE state = %s AND claimed_by = %s",
            [State.READY, now, State.CLAIMED, owner],
        )
        return int(cursor.rowcount)


def withhold(*, owner: str, deliveries: Sequence[DeliveryId], reason: str, now: datetime) -> None:
    """Claimed rows that must not go after all: the person left, or has no address any more."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE post_delivery SET state = %s, reason = %s, claimed_by = '', claimed_until = NULL, changed_at = %s"
            " WHERE id = ANY(%s) AND claimed_by = %s AND state = %s",
            [State.WITHHELD, reason[:120], now, list(deliveries), owner, State.CLAIMED],
        )
