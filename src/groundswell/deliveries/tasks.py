"""The deliveries room's background work: thin calls of its operations. Every task may run twice, or beside itself."""

from datetime import UTC, datetime

from django.conf import settings
from procrastinate.contrib.django import app

from groundswell.deliveries.operations import go_on
from groundswell.deliveries.operations.drip import drip_once
from groundswell.post.tasks import deliver_letter


@app.periodic(cron="* * * * *")
@app.task(queue="post", pass_context=False)
def drip(timestamp: int = 0) -> None:
    """Once a minute: the mails that are due are made and sent."""
    for letter_id in drip_once(now=datetime.now(UTC)):
        deliver_letter.defer(letter_id=letter_id)


@app.task(queue="post", pass_context=False)
def write_hand_over(hand_over_id: int) -> None:
    """A long list, written behind the office's back; taken up again by the same task where it was killed."""
    go_on(hand_over_id=hand_over_id, folder=settings.GROUNDSWELL.handover_folder, now=datetime.now(UTC))
