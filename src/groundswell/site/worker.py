"""The worker: applies the journal as it grows, counts in windows, and runs the queue."""

import logging
import threading
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import close_old_connections, connection
from procrastinate.contrib.django import app

from groundswell.intake.operations import apply_journals
from groundswell.pages.applying import Applying
from groundswell.post.tasks import deliver_letter, wake_due_letters
from groundswell.site.publishing import publish_all

_LOG = logging.getLogger(__name__)
PAUSE = 0.25
"""Seconds between looks at the journal: how long a signature waits at most to be applied."""


def apply_once() -> int:
    """One look at the journal: apply what is new, count, publish, and ask for the letters that follow."""
    now = datetime.now(UTC)
    folder = settings.GROUNDSWELL.key_folder
    applying = Applying(tokens=folder.tokens, now=now, petitions=set(), letters=set())
    keys = dict(folder.ring("intake").keys)
    done = apply_journals(folder=settings.GROUNDSWELL.journal_folder, private_keys=keys, apply=applying, now=now)
    if applying.petitions:
        publish_all(settings.GROUNDSWELL, now)
    for letter_id in applying.letters:
        deliver_letter.defer(letter_id=letter_id)
    return done


def _keep_applying(ended: threading.Event) -> None:
    while not ended.wait(PAUSE):
        try:
            apply_once()
        except Exception:  # noqa: BLE001 (the journal keeps everything; the next look tries again)
            _LOG.exception("the journal could not be applied; nothing is lost, trying again")
            ended.wait(2)
        close_old_connections()
    connection.close()


def run() -> None:
    """Work until told to end. What an earlier worker left half done is taken up first."""
    wake_due_letters(0)
    ended = threading.Event()
    applier = threading.Thread(target=_keep_applying, args=(ended,), name="intake")
    applier.start()
    try:
        connector: Any = app.connector
        with app.replace_connector(connector.get_worker_connector()) as working:
            working.run_worker(concurrency=2, install_signal_handlers=True)
    finally:
        ended.set()
        applier.join()
