"""The inbox's work in the background: two threads of the worker. One applies the spool as it fills; the other asks
mailboxes elsewhere and hands answers on, which may take as long as another server likes."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.db import close_old_connections, connection

from groundswell.inbox import fetching, forwarding, house
from groundswell.inbox.operations.apply import apply_due
from groundswell.inbox.operations.take import take
from groundswell.inbox.operations.tidy import tidy
from groundswell.inbox.spool import sweep
from groundswell.staff import notices

_LOG = logging.getLogger(__name__)
PAUSE = 0.5
"""Seconds between two looks at the spool: how long a mail waits at most to be begun."""
VISITS = 60.0
"""Seconds between two visits of a mailbox."""
_TIDY = 3600.0
_HALF_WRITTEN = 3600.0
_LOCK = 7_404_107
"""PostgreSQL advisory lock: of several workers one visits the mailboxes."""


@dataclass(slots=True)
class Applier:
    """What the first thread remembers between two looks."""

    tidy_at: float = 0.0

    def look(self) -> int:
        """Maildir into the spool, spool into the books, books applied; returns how many mails came to an end."""
        installation, now = settings.GROUNDSWELL, datetime.now(UTC)
        if installation.inbound_maildir:
            fetching.from_maildir(installation.inbound_maildir, house.spool())
        take(folder=installation.spool_folder, now=now)
        done = apply_due(now=now)
        if time.monotonic() >= self.tidy_at:
            self.tidy_at = time.monotonic() + _TIDY
            sweep(installation.spool_folder, older_than=_HALF_WRITTEN)
            tidy(now=now)
        return done


@dataclass(slots=True)
class Errands:
    """What the second thread remembers: when the mailboxes are due."""

    visit_at: float = 0.0

    def look(self) -> int:
        """Hand answers on; visit the mailboxes when they are due. Returns how many mails moved."""
        now = datetime.now(UTC)
        moved = forwarding.send_due(now=now)
        if time.monotonic() >= self.visit_at:
            self.visit_at = time.monotonic() + VISITS
            moved += visit_mailboxes(now=now)
        return moved


def visit_mailboxes(*, now: datetime) -> int:
    """Bring in what lies in the mailboxes of the settings. One that can't be asked is told to staff, once a day."""
    brought = 0
    accounts = fetching.Account.parse(settings.GROUNDSWELL.inbound_mailboxes)
    if not accounts:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        try:
            for account in accounts:
                try:
                    brought += fetching.fetch(account, house.spool())
                except fetching.Unreachable as error:
                    _LOG.warning("a mailbox could not be asked: %s", error)
                    notices.tell(
                        subject="A mailbox can't be reached", words=f"We could not fetch what came back: {error}. We keep trying.",
                        once=f"inbox:mailbox:{account.host}:{now:%Y-%m-%d}", now=now,
                    )  # fmt: skip
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
    return brought


def start(ended: threading.Event) -> list[threading.Thread]:
    """Both threads, running until `ended`."""
    threads = [
        threading.Thread(target=_keep, args=(Applier().look, PAUSE, ended), name="inbox"),
        threading.Thread(target=_keep, args=(Errands().look, PAUSE * 4, ended), name="errands"),
    ]
    for thread in threads:
        thread.start()
    return threads


def _keep(look: Callable[[], int], pause: float, ended: threading.Event) -> None:
    while not ended.wait(pause):
        try:
            look()
        except Exception as error:  # noqa: BLE001 (spool and books keep everything; the next look tries again)
            _LOG.error("mail that came back could not be worked on (%s); nothing is lost, trying again", type(error).__name__)
            ended.wait(2)
        close_old_connections()
    connection.close()
