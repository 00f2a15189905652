"""When a mailing goes: now (after a minute to think again), later, or at an hour of each reader's own day."""

from datetime import datetime, timedelta

from groundswell.basics.ids import LetterId, MailingId
from groundswell.basics.result import Refused
from groundswell.mailings.models import Mailing
from groundswell.mailings.operations import refuse_unready, start
from groundswell.staff import notices

UNDO = timedelta(minutes=2)
"""Between pressing “send” and the first letter: long enough to notice the wrong subject."""


def schedule(*, mailing_id: MailingId, at: datetime | None, reader_time: bool = False, now: datetime) -> datetime:
    """Let the mailing begin at `at`, or after the undo window; returns when. It can be taken back until then."""
    _refuse_unready(mailing_id)
    begins = max(at or now, now + UNDO)
    if not Mailing.objects.filter(pk=mailing_id, letter_id=None).update(
        state="scheduled", scheduled_for=begins, reader_time=reader_time
    ):
        raise Refused.because("mailing-started", "This mailing has begun.", "Pause it, or cancel what has not been sent.")
    return begins


def _refuse_unready(mailing_id: MailingId) -> None:
    """Said now, to the person who presses, and not at night when it should begin."""
    mailing = Mailing.objects.select_related("sender").get(pk=mailing_id)
    if mailing.letter_id is None:
        refuse_unready(mailing)


def take_back(*, mailing_id: MailingId) -> bool:
    """Back to a draft, nobody was mailed. False where it is too late."""
    return bool(Mailing.objects.filter(pk=mailing_id, state="scheduled", letter_id=None).update(state="draft", scheduled_for=None))


def start_due(*, now: datetime) -> list[LetterId]:
    """Start what is scheduled for now. One that can't start becomes a draft again, and staff are told."""
    begun = []
    # Readers ahead of the office's clock have their hour up to half a day before it.
    soonest = now + timedelta(hours=14)
    for mailing in Mailing.objects.filter(state="scheduled", scheduled_for__lte=soonest):
        if mailing.scheduled_for is None or (not mailing.reader_time and mailing.scheduled_for > now):
            continue
        try:
            begun.append(start(mailing_id=MailingId(mailing.pk), now=now))
        except Refused as refused:
            take_back(mailing_id=MailingId(mailing.pk))
            notices.tell(
                subject="A scheduled letter did not start", words=f"“{mailing.slug}”: {refused}",
                link=f"/office/mailings/{mailing.slug}/",
                once=f"mailing-not-started:{mailing.pk}:{mailing.scheduled_for:%Y%m%d%H%M}", now=now,
            )  # fmt: skip
    return begun
