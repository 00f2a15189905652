"""Steering a letter while it is being sent: pause, go on, cancel, another speed; and stopping by itself."""

from datetime import datetime

from django.db import transaction

from groundswell.basics.ids import LetterId
from groundswell.basics.result import Refused
from groundswell.post.models import Delivery, Letter, State
from groundswell.staff import notices


def pause(*, letter_id: LetterId) -> None:
    """Nothing more is begun, within a second or two; what was handed over stays so."""
    Letter.objects.filter(pk=letter_id).update(paused=True)


def resume(*, letter_id: LetterId) -> None:
    """Go on. `Refused` where the letter was cancelled."""
    letter = Letter.objects.get(pk=letter_id)
    if letter.stopped_at is not None and letter.stop_reason == CANCELLED:
        raise Refused.because("letter-cancelled", "This letter was cancelled.", "Start a new mailing.")
    Letter.objects.filter(pk=letter_id).update(paused=False, stopped_at=None, stop_reason="")


CANCELLED = "cancelled"


def cancel(*, letter_id: LetterId, now: datetime) -> int:
    """Never send what has not been sent: those rows are withheld. Returns how many; letters that left can't be called back."""
    with transaction.atomic():
        Letter.objects.filter(pk=letter_id).update(stopped_at=now, stop_reason=CANCELLED)
        return Delivery.objects.filter(letter_id=letter_id, state__in=[State.READY, State.RETRY]).update(
            state=State.WITHHELD, reason="the mailing was cancelled", changed_at=now
        )


def set_speed(*, letter_id: LetterId, per_minute: int | None) -> None:
    """Letters a minute at most, from the next second on; None: as fast as the relays take them."""
    if per_minute is not None and per_minute < 1:
        raise Refused.because("speed", "A speed is at least one letter a minute.", "To stop, pause it.")
    Letter.objects.filter(pk=letter_id).update(speed=per_minute)


def stop(*, letter_id: LetterId, reason: str, now: datetime) -> bool:
    """The program stops the letter and tells staff once; a person resumes or cancels it. False where it stood already."""
    with transaction.atomic():
        if not Letter.objects.filter(pk=letter_id, stopped_at=None).update(stopped_at=now, stop_reason=reason[:200]):
            return False
        notices.tell(
            subject="A mailing stopped itself", words=f"{reason} Look at it, then resume or cancel it.",
            once=f"letter-stopped:{letter_id}:{now:%Y-%m-%dT%H:%M}", now=now, link="/office/mailings/",
        )  # fmt: skip
    return True
