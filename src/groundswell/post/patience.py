"""Waiting out a database that is being restarted."""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

_LOG = logging.getLogger(__name__)
DATABASE_PATIENCE = 600.0
"""Seconds that a sender waits for a database that went away: its letters' answers are kept in memory and in its log."""
_Result = TypeVar("_Result")


def patiently(call: Callable[[], _Result]) -> _Result:
    """The call's result, waiting for a database that went away; never inside a caller's transaction."""
    deadline, wait = time.monotonic() + DATABASE_PATIENCE, 0.1
    while True:
        try:
            return call()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or time.monotonic() > deadline:
                raise
            _LOG.warning("the database does not answer; letters wait for it")
            connection.close()
            time.sleep(wait)
            wait = min(wait * 2, 5.0)
