"""What came of a hand-over, written down: the relay's replies, and what comes back later."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction

from groundswell.basics import arrays
from groundswell.basics.ids import DeliveryId
from groundswell.engine.outcome import MAX_ATTEMPTS, Reply, retry_minutes
from groundswell.post.models import Delivery, State

_STATES = {"accepted": State.ACCEPTED, "refused": State.REFUSED, "uncertain": State.UNCERTAIN, "retry": State.RETRY}


def record(*, owner: str, replies: Sequence[Reply], attempts: Mapping[DeliveryId, int], now: datetime) -> None:
    """Write what the relay said to a group of rows, in one transaction; only rows that `owner` still holds change.

    A row whose lease ended meanwhile is doubtful but still its sender's: the answer that came late settles it.
    """
    accepted = [reply.delivery for reply in replies if reply.state == "accepted"]
    others = [_outcome(reply, attempts.get(reply.delivery, 1), now) for reply in replies if reply.state != "accepted"]
    with transaction.atomic(), connection.cursor() as cursor:
        if accepted:
            cursor.execute(
                "UPDATE post_delivery SET state = %s, reason = '', changed_at = %s, claimed_by = '', claimed_until = NULL"
                " WHERE id = ANY(%s::bigint[]) AND claimed_by = %s AND state IN (%s, %s)",
                [State.ACCEPTED, now, arrays.of_numbers(accepted), owner, State.CLAIMED, State.UNCERTAIN],
            )
        if others:
            cursor.execute(
                """
                UPDATE post_delivery d SET state = r.state, reason = r.reason, due_at = r.due, changed_at = %s,
                                           claimed_by = '', claimed_until = NULL
                FROM (SELECT unnest(%s::bigint[]) id, unnest(%s::smallint[]) state, unnest(%s::text[]) reason,
                             unnest(%s::timestamptz[]) due) r
                WHERE d.id = r.id AND d.claimed_by = %s AND d.state IN (%s, %s)
                """,
                [now, *(list(column) for column in zip(*others, strict=True)), owner, State.CLAIMED, State.UNCERTAIN],
            )


def _outcome(reply: Reply, tried: int, now: datetime) -> tuple[DeliveryId, int, str, datetime]:
    state, due = _STATES[reply.state], now
    if state == State.RETRY:
        due = now + timedelta(minutes=retry_minutes(tried))
        if tried >= MAX_ATTEMPTS:
            state = State.REFUSED
    return reply.delivery, int(state), f"{reply.code or ''} {reply.words}".strip()[:120] or reply.state, due


def mark_returned(*, delivery: DeliveryId, state: State, reason: str, now: datetime) -> bool:
    """A bounce or complaint came for this row. False where the row is not one that was sent."""
    return bool(
        Delivery.objects.filter(pk=delivery, state__in=[State.ACCEPTED, State.UNCERTAIN, State.BOUNCED]).update(
            state=state, reason=reason[:120], changed_at=now
        )
    )
