"""The post office's writes: letters lodged, rows addressed, claimed, recorded, recovered. Each is safe to repeat."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from django.db import connection, transaction

from groundswell.basics.ids import ActionId, DeliveryId, LetterId, PersonRef
from groundswell.engine.message import Letter as CompiledLetter
from groundswell.engine.outcome import MAX_ATTEMPTS, Reply, retry_minutes
from groundswell.post.handover_log import left_behind
from groundswell.post.models import Delivery, Letter, State

LEASE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row that this sender holds for the time of its lease."""

    delivery: DeliveryId
    person: PersonRef
    attempts: int


def lodge(*, key: str, letter: CompiledLetter, kind: str, action: ActionId | None, priority: int = 0, now: datetime) -> LetterId:
    """Keep a compiled letter under its key; lodging it again gives the same one, as it was first lodged."""
    row, _ = Letter.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind, "content": letter.to_json(), "action_id": action, "priority": priority, "lodged_at": now,
        },
    )  # fmt: skip
    return LetterId(row.pk)


def address(*, letter_id: LetterId, persons: Iterable[tuple[PersonRef, str]], now: datetime) -> int:
    """One row per person: ready, or withheld with the reason given beside the person. Rows that exist stay as they are.

    Returns how many rows are new.
    """
    before = Delivery.objects.filter(letter_id=letter_id).count()
    stream = iter(persons)
    while batch := list(islice(stream, 5000)):
        Delivery.objects.bulk_create(
            [
                Delivery(
                    letter_id=letter_id,
                    person_id=person,
                    state=State.WITHHELD if reason else State.READY,
                    reason=reason,
                    due_at=now,
                    changed_at=now,
                )
                for person, reason in batch
            ],
            ignore_conflicts=True,
        )
    return Delivery.objects.filter(letter_id=letter_id).count() - before


def claim(*, letter_id: LetterId, owner: str, limit: int, now: datetime) -> list[Claimed]:
    """Up to `limit` due rows, held by `owner` until the lease ends. Two senders never get the same row."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE post_delivery SET state = %s, claimed_by = %s, claimed_until = %s, changed_at = %s,
                                     attempts = attempts + 1
            WHERE id IN (
                SELECT d.id FROM post_delivery d JOIN post_letter l ON l.id = d.letter_id
                WHERE d.letter_id = %s AND d.state IN (%s, %s) AND d.due_at <= %s AND NOT l.paused
                ORDER BY d.due_at, d.id LIMIT %s FOR UPDATE OF d SKIP LOCKED
            )
            RETURNING id, person_id, attempts
            """,
            [State.CLAIMED, owner, now + LEASE, now, letter_id, State.READY, State.RETRY, now, limit],
        )
        return [Claimed(DeliveryId(row[0]), PersonRef(row[1]), row[2]) for row in cursor.fetchall()]


def record(*, owner: str, replies: Sequence[Reply], attempts: dict[DeliveryId, int], now: datetime) -> None:
    """Write what the relay said to a group of rows, in one transaction; only rows that `owner` still holds change."""
    states = {"accepted": State.ACCEPTED, "refused": State.REFUSED, "uncertain": State.UNCERTAIN, "retry": State.RETRY}
    rows = []
    for reply in replies:
        state, due = states[reply.state], now
        if state == State.RETRY:
            tried = attempts.get(reply.delivery, 1)
            due = now + timedelta(minutes=retry_minutes(tried))
            if tried >= MAX_ATTEMPTS:
                state = State.REFUSED
        reason = "" if state == State.ACCEPTED else f"{reply.code or ''} {reply.words}".strip()[:120] or reply.state
        rows.append((reply.delivery, int(state), reason, due))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE post_delivery d SET state = r.state, reason = r.reason, due_at = r.due, changed_at = %s,
                                       claimed_by = '', claimed_until = NULL
            FROM (SELECT unnest(%s::bigint[]) id, unnest(%s::smallint[]) state, unnest(%s::text[]) reason,
                         unnest(%s::timestamptz[]) due) r
            WHERE d.id = r.id AND d.claimed_by = %s AND d.state = %s
            """,
            [now, *(list(column) for column in zip(*rows, strict=True)), owner, State.CLAIMED] if rows else
            [now, [], [], [], [], owner, State.CLAIMED],
        )  # fmt: skip


def withhold(*, owner: str, delivery: DeliveryId, reason: str, now: datetime) -> None:
    """A claimed row that must not go after all: the person left, or has no address any more."""
    Delivery.objects.filter(pk=delivery, claimed_by=owner).update(
        state=State.WITHHELD, reason=reason, claimed_by="", claimed_until=None, changed_at=now
    )


def recover(*, folder: Path, now: datetime) -> dict[str, int]:
    """Put the rows of dead senders right: taken ones accepted, doubtful ones uncertain, the rest ready again.

    Safe beside living senders: their logs are locked. A lease that ends without a log at hand (a sender on another
    machine) makes its rows uncertain, never ready: nobody is mailed twice on a guess.
    """
    counts = {"accepted": 0, "uncertain": 0, "ready": 0}
    for findings in left_behind(folder):
        held = Delivery.objects.filter(claimed_by=findings.owner, state=State.CLAIMED)
        free = {"claimed_by": "", "claimed_until": None, "changed_at": now}
        with transaction.atomic():
            counts["accepted"] += held.filter(pk__in=findings.accepted).update(state=State.ACCEPTED, reason="", **free)
            counts["uncertain"] += held.filter(pk__in=findings.uncertain).update(
                state=State.UNCERTAIN, reason="the sender died before the reply came", **free
            )
            counts["ready"] += held.update(state=State.READY, **free)
    counts["uncertain"] += Delivery.objects.filter(state=State.CLAIMED, claimed_until__lt=now).update(
        state=State.UNCERTAIN,
        reason="the lease ended without a word",
        claimed_by="",
        claimed_until=None,
        changed_at=now,
    )
    return counts


def settle_uncertain(*, letter_id: LetterId, arrived: Callable[[DeliveryId], bool], now: datetime) -> dict[str, int]:
    """Decide doubtful rows by a rule that knows: `arrived` says whether the receiver holds the letter."""
    counts = {"accepted": 0, "ready": 0}
    for delivery in Delivery.objects.filter(letter_id=letter_id, state=State.UNCERTAIN).only("id"):
        came = arrived(DeliveryId(delivery.pk))
        Delivery.objects.filter(pk=delivery.pk, state=State.UNCERTAIN).update(
            state=State.ACCEPTED if came else State.READY, reason="", due_at=now, changed_at=now
        )
        counts["accepted" if came else "ready"] += 1
    return counts


def mark_returned(*, delivery: DeliveryId, state: State, reason: str, now: datetime) -> bool:
    """A bounce or complaint came for this row. False where the row is not one that was sent."""
    return bool(
        Delivery.objects.filter(pk=delivery, state__in=[State.ACCEPTED, State.UNCERTAIN, State.BOUNCED]).update(
            state=state, reason=reason[:120], changed_at=now
        )
    )
