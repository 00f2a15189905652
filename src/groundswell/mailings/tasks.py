"""The mailings room's background work: thin calls, each safe to run twice."""

from datetime import UTC, datetime

from django.conf import settings
from procrastinate.contrib.django import app

from groundswell.mailings import scheduling, series, splitting
from groundswell.mailings.audiences.queries import in_use
from groundswell.mailings.audiences.reached import keep_reached
from groundswell.people.operations import retain
from groundswell.post.tasks import deliver_letter


@app.periodic(cron="* * * * *")
@app.task(queue="post", pass_context=False)
def begin_what_is_due(timestamp: int) -> None:
    """Once a minute: scheduled mailings, decided split tests, the next steps of series."""
    now = datetime.now(UTC)
    for letter_id in [*scheduling.start_due(now=now), *splitting.decide_due(now=now), *series.address_due(now=now)]:
        deliver_letter.defer(letter_id=letter_id)


@app.periodic(cron="*/10 * * * *")
@app.task(queue="post", queueing_lock="whom letters reached", pass_context=False)
def keep_whom_letters_reached(timestamp: int) -> None:
    """Every ten minutes: letters that have left whole are kept as bits, for audiences under a cap."""
    keep_reached(now=datetime.now(UTC))


@app.periodic(cron="40 3 * * *")
@app.task(name="people.retain", queue="post", pass_context=False)
def retain_nightly(timestamp: int = 0) -> None:
    """Every night: let go of what is not needed any more."""
    retain(silent_months=settings.GROUNDSWELL.silent_months, in_use=in_use, now=datetime.now(UTC))
