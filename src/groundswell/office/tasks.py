"""The office's background work: lists that staff uploaded. The argument is a number, never a person."""

from datetime import UTC, datetime

from django.conf import settings
from procrastinate.contrib.django import app

from groundswell.actions.shared import hear_of_shares
from groundswell.inbox.operations.hearing import hear_of_answers
from groundswell.mailings.audiences.queries import in_use
from groundswell.people import orders
from groundswell.people.operations import importing
from groundswell.people.operations.pairing import find_pairs


@app.task(name="office.carry_out", queue="pages")
def carry_out(order_id: int) -> None:
    """Rehearse, import or take back, as it was asked."""
    importing.carry_out(order_id=order_id, folder=settings.GROUNDSWELL.lists_folder, in_use=in_use, now=datetime.now(UTC))


@app.periodic(cron="* * * * *")
@app.task(name="office.carry_on", queue="pages", queueing_lock="office carry on", pass_context=False)
def carry_on(timestamp: int) -> None:
    """Once a minute: go on with what a worker that died has left; one that is being worked on is left alone."""
    for order_id in orders.waiting():
        carry_out(order_id=order_id)


@app.periodic(cron="10 3 * * *")
@app.task(name="office.tidy_people", queue="pages", queueing_lock="office tidy people", pass_context=False)
def tidy_people(timestamp: int) -> None:
    """Every night: lists that nobody imported are deleted, pairs are suggested, who answered or passed a link on is noted."""
    now = datetime.now(UTC)
    importing.sweep(folder=settings.GROUNDSWELL.lists_folder, now=now)
    find_pairs(now=now)
    hear_of_shares(now=now)
    hear_of_answers(now=now)
