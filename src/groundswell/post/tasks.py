"""The post office's background work: thin calls of its operations. Every task may run twice, or beside itself."""

import logging
from contextlib import suppress
from datetime import UTC, datetime

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from groundswell.basics.ids import LetterId
from groundswell.basics.result import Refused
from groundswell.post.queries import letters_with_work
from groundswell.post.wiring import deliver_all
from groundswell.staff import notices

_LOG = logging.getLogger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


@app.task(queue="post")
def deliver_letter(letter_id: int) -> None:
    """Hand over what is due of one letter. Where no relay takes letters, staff are told once a day, and it goes on later."""
    try:
        deliver_all(LetterId(letter_id), clock=_now)
    except Refused as refused:
        now = _now()
        _LOG.warning("letter %s: %s", letter_id, refused)
        notices.tell(
            subject="Letters can’t leave", words=str(refused), once=f"relay:{refused.problems[0].code}:{now:%Y-%m-%d}", now=now
        )


@app.periodic(cron="* * * * *")
@app.task(queue="post", pass_context=False)
def wake_due_letters(timestamp: int) -> None:
    """Once a minute: letters with rows to retry, or left by a sender that died, go on."""
    for letter_id in letters_with_work():
        with suppress(AlreadyEnqueued):
            deliver_letter.configure(queueing_lock=f"letter:{letter_id}").defer(letter_id=letter_id)
