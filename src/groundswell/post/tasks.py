"""The post office's background work: thin calls of its operations. Every task may run twice, or beside itself."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from groundswell.basics.ids import LetterId
from groundswell.post.deliver import deliver
from groundswell.post.queries import letters_with_work
from groundswell.post.wiring import post_office, transport


def _now() -> datetime:
    return datetime.now(UTC)


@app.task(queue="post")
def deliver_letter(letter_id: int) -> None:
    """Hand over what is due of one letter."""
    deliver(letter_id=LetterId(letter_id), office=post_office(), transport=transport(), clock=_now)


@app.periodic(cron="* * * * *")
@app.task(queue="post", pass_context=False)
def wake_due_letters(timestamp: int) -> None:
    """Once a minute: letters with rows to retry, or left by a sender that died, go on."""
    for letter_id in letters_with_work():
        deliver_letter.defer(letter_id=letter_id)
