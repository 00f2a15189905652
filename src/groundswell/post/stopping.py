"""Stopping letters at once: nothing more of them is claimed, and every row that waited says why it went nowhere."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from groundswell.post.models import Delivery, Letter, State


def stop_letters(*, letter_ids: Sequence[int], reason: str, now: datetime) -> int:
    """Pause these letters and withhold what waits; returns how many rows that were. What a sender holds right now goes."""
    with transaction.atomic():
        Letter.objects.filter(pk__in=letter_ids).update(paused=True)
        waiting = Delivery.objects.filter(letter_id__in=letter_ids, state__in=[State.READY, State.RETRY])
        return waiting.update(state=State.WITHHELD, reason=reason[:120], changed_at=now)


def returned(letter_ids: Sequence[int]) -> str:
    """Why one of these letters came back or was not taken (`refused`, `bounced`, `complained`); empty where none did."""
    bad = [State.REFUSED, State.BOUNCED, State.COMPLAINED]
    state = Delivery.objects.filter(letter_id__in=letter_ids, state__in=bad).values_list("state", flat=True).first()
    return "" if state is None else str(State(state).label)
