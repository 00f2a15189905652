"""Says to the worker that a record's pages are of yesterday. It says so by name: who writes them stands above us."""

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from groundswell.campaigns import listeners

TASK = "groundswell.publish_record"


def ask_for(campaign_id: int) -> None:
    """Have this record published; asked twice before it is done, it is done once. Commits with the caller's change."""
    lock = f"record {campaign_id}"
    if ProcrastinateJob.objects.filter(queueing_lock=lock, status="todo").exists():
        return
    try:
        with transaction.atomic():  # a savepoint: that it waits already must not undo what the caller did
            app.configure_task(TASK, queue="pages", queueing_lock=lock).defer(campaign_id=campaign_id)
    except AlreadyEnqueued:
        return


def register() -> None:
    """Listen to the record."""
    listeners.on_change("pages", ask_for)
