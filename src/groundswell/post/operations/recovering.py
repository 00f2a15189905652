"""After a crash: what is known is written down, what is not is said to be in doubt, and nothing is guessed."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from django.db import transaction

from groundswell.basics.ids import DeliveryId, LetterId
from groundswell.post.handover_log import left_behind, living
from groundswell.post.models import Delivery, State


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
            doubtful = held if findings.power_lost else held.filter(pk__in=findings.uncertain)
            if findings.power_lost:
                counts["ready"] += held.filter(pk__in=findings.answered).update(state=State.READY, **free)
            counts["uncertain"] += doubtful.update(state=State.UNCERTAIN, reason="the sender died before the reply came", **free)
            counts["ready"] += held.update(state=State.READY, **free)
    overdue = Delivery.objects.filter(state=State.CLAIMED, claimed_until__lt=now).exclude(claimed_by__in=living(folder))
    # Still their sender's by name: should it be alive somewhere after all, its late answer settles them.
    counts["uncertain"] += overdue.update(
        state=State.UNCERTAIN, reason="the lease ended without a word", claimed_until=None, changed_at=now
    )
    return counts


def settle_uncertain(*, letter_id: LetterId, arrived: Callable[[DeliveryId], bool], now: datetime) -> dict[str, int]:
    """Decide doubtful rows by a rule that knows: `arrived` says whether the receiver holds the letter."""
    rows = Delivery.objects.filter(letter_id=letter_id, state=State.UNCERTAIN).values_list("pk", flat=True)
    came: dict[bool, list[DeliveryId]] = {True: [], False: []}
    for pk in rows:
        came[bool(arrived(DeliveryId(pk)))].append(DeliveryId(pk))
    return {
        "accepted": settle(letter_id=letter_id, deliveries=came[True], arrived=True, now=now),
        "ready": settle(letter_id=letter_id, deliveries=came[False], arrived=False, now=now),
    }


def settle(*, letter_id: LetterId, deliveries: Sequence[DeliveryId] | None, arrived: bool, now: datetime) -> int:
    """A person's decision about doubtful rows (all of the letter, or these): they arrived, or go out once more.

    A second copy carries the same Message-ID, so that a receiver can drop it. Returns how many rows changed.
    """
    rows = Delivery.objects.filter(letter_id=letter_id, state=State.UNCERTAIN)
    if deliveries is not None:
        rows = rows.filter(pk__in=deliveries)
    return rows.update(
        state=State.ACCEPTED if arrived else State.READY, reason="", due_at=now, changed_at=now, claimed_by="", claimed_until=None
    )
