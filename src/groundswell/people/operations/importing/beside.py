"""What makes a large import quicker: names put where a search finds them by another connection, and no search for rubbish.

PostgreSQL keeps new entries of such an index in a list and works it in when the list is long, and whoever wrote last waits
meanwhile: that was a quarter of an import's time.
"""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection

from groundswell.people.vault import bulk

_MANY = 20_000
"""Rows from which on it pays."""
_EVERY = 1.0
"""Seconds between two rounds: a round that takes in much is cheaper for each name than many small ones."""


@contextmanager
def names_worked_in(rows: int) -> Iterator[None]:
    """For the time inside, where so many rows are to come. What it leaves, or fails at, is done at the import's end."""
    if rows < _MANY:
        yield
        return
    ended = threading.Event()
    thread = threading.Thread(target=_work, args=(ended,), name="names beside", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _work(ended: threading.Event) -> None:
    try:
        while not ended.wait(_EVERY):
            bulk.sort_names_in()
    except DatabaseError:
        return  # it saves time and nothing else: the import itself says what is wrong with the database
    finally:
        connection.close()


@contextmanager
def no_collector() -> Iterator[None]:
    """Python's search for cycles costs more than the rows themselves: a batch makes many objects and no cycle."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
