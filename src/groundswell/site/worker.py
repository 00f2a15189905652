"""The worker: applies the journal as it grows, counts in windows, and runs the queue."""

import gc
import logging
import os
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import close_old_connections, connection
from procrastinate.contrib.django import app

from groundswell.actions.confirming import drop, to_remind
from groundswell.actions.doubts import forget_networks, uncounted
from groundswell.basics.ids import ActionId
from groundswell.inbox import working as inbox_working
from groundswell.intake.operations import apply_journals, delete_applied
from groundswell.mailings.queries import house_sender
from groundswell.pages.applying import Applying
from groundswell.pages.speaking import remind
from groundswell.post.tasks import deliver_letter, wake_due_letters
from groundswell.site import nightly as _nightly  # noqa: F401 (its tasks are run by this worker)
from groundswell.site.publishing import publish_petitions

_LOG = logging.getLogger(__name__)
PAUSE = 0.25
"""Seconds between looks at the journal: how long a signature waits at most to be applied."""
WINDOW = 2.0
"""Seconds between two counts of a petition; longer where counting takes long, so that it takes a tenth of the time at most."""
_CROWD = 2_000_000
"""Bytes of journal a second that are a crowd: about five thousand signatures."""
_REST = 3.0
"""Seconds at most between two batches, however large the crowd."""
_TIDY = 600
"""Seconds between looks for journals that were applied long enough ago to be deleted."""


def rest_after(took: float, growth: float) -> float:
    """Seconds to rest after a batch of `took` seconds while the journal grows by `growth` bytes a second.

    In a crowd the door goes first. The rest is in proportion to the crowd, at most twice the batch: what is left behind is
    safe on the disk, and caught up when the crowd has gone.
    """
    return min(2 * took * min(max(growth / _CROWD, 0.0), 1.0), _REST)


@dataclass(slots=True)
class Intake:
    """The applier's memory between two looks: which petitions want a new count, and when the next one is due."""

    dirty: set[ActionId] = field(default_factory=set)
    count_at: float = 0.0
    tidy_at: float = 0.0
    ended: threading.Event = field(default_factory=threading.Event)
    """Set when the worker is told to end: the batch at hand is finished, the rest of the journal waits for the next worker."""
    batch_at: float = 0.0
    seen: tuple[float, int] | None = None
    """When the journal was measured last, and its bytes then."""

    def look(self) -> int:
        """One look at the journal: apply what is new, ask for the letters that follow, count what is due."""
        now = datetime.now(UTC)
        folder = settings.GROUNDSWELL.key_folder
        applying = Applying(tokens=folder.tokens, now=now)
        keys = dict(folder.ring("intake").keys)
        journals = settings.GROUNDSWELL.journal_folder
        self.batch_at = time.monotonic()
        done = apply_journals(folder=journals, private_keys=keys, apply=applying, now=now, go_on=self._make_way)
        self.dirty |= applying.petitions
        for letter_id in applying.letters:
            deliver_letter.defer(letter_id=letter_id)
        if time.monotonic() >= self.tidy_at:
            self.tidy_at = time.monotonic() + _TIDY
            delete_applied(folder=journals, now=now)
            forget_networks(now=now)
            self._remind(now)
        return done

    def _remind(self, now: datetime) -> None:
        """Who has not confirmed is reminded once; who stayed silent is dropped."""
        sender = house_sender()
        for petition_id, persons in to_remind(now=now).items():
            if sender is not None:
                for letter_id in remind(petition_id=petition_id, persons=persons, sender=sender, now=now):
                    deliver_letter.defer(letter_id=letter_id)
        drop(now=now)

    def _make_way(self) -> bool:
        """Rest after a batch as `rest_after` says; tells whether to go on."""
        now = time.monotonic()
        written = sum(path.stat().st_size for path in settings.GROUNDSWELL.journal_folder.glob("*.journal"))
        # Measured from look to look with the rests in it: what came in during a rest did not come in during the batch.
        growth = (written - self.seen[1]) / max(now - self.seen[0], 0.001) if self.seen else 0.0
        self.seen = now, written
        self.ended.wait(rest_after(now - self.batch_at, growth))
        self.batch_at = time.monotonic()
        return not self.ended.is_set()

    def count(self) -> None:
        """Count and publish the petitions that were signed since, once per window."""
        began = time.monotonic()
        if began < self.count_at:
            return
        self.count_at = began + WINDOW
        self.dirty |= uncounted()
        if not self.dirty:
            return
        wanted, self.dirty = self.dirty, set()
        try:
            publish_petitions(settings.GROUNDSWELL, datetime.now(UTC), only=wanted)
        except Exception:
            self.dirty |= wanted
            raise
        took = time.monotonic() - began
        self.count_at = time.monotonic() + max(WINDOW, 9 * took)


def apply_once() -> int:
    """Apply and count once, now: for commands and tests."""
    intake = Intake()
    done = intake.look()
    intake.count()
    return done


def _keep_applying(ended: threading.Event) -> None:
    # Of this thread only (Linux): the door goes first, since what it took is safe on the disk and can wait.
    os.nice(15)
    intake = Intake(ended=ended)
    while not ended.wait(PAUSE):
        try:
            intake.look()
            intake.count()
        except Exception:  # noqa: BLE001 (the journal keeps everything; the next look tries again)
            _LOG.exception("the journal could not be applied; nothing is lost, trying again")
            ended.wait(2)
        close_old_connections()
    connection.close()


def run() -> None:
    """Work until told to end. What an earlier worker left half done is taken up first."""
    # A crowd is some hundred thousand objects that die young: looking through the whole program for each thousand of them
    # would take a third of the time.
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
    wake_due_letters(0)
    ended = threading.Event()
    applier = threading.Thread(target=_keep_applying, args=(ended,), name="intake")
    applier.start()
    inbound = inbox_working.start(ended)
    try:
        connector: Any = app.connector
        with app.replace_connector(connector.get_worker_connector()) as working:
            working.run_worker(concurrency=2, install_signal_handlers=True)
    finally:
        ended.set()
        for thread in (applier, *inbound):
            thread.join()
