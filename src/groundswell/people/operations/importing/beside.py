"""What makes a large import quicker: names put where a search finds them by another connection, and no search for rubbish.

PostgreSQL keeps new entries of such an index in a list and works it in when the list is long, and whoever wrote last waits
meanwhile: that was a quarter of an import's time.
"""

import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from django.db import DatabaseError, connection

from groundswell.people.vault import bulk

_MANY = 20_000
"""Rows from which on it pays."""
_ROUND = 140_000
"""Rows between two rounds. One that takes in much is cheaper for each name than many small ones; but a list that grows beyond
the index's limit is worked in by whoever writes, which is what this is to spare them."""
_USUAL, _MEANWHILE = 16, 64
"""That limit, in megabytes: 16 hold some 76,000 rows of the bench. A search looks through all that waits, so it is soon the
usual one again."""


@contextmanager
def names_worked_in(rows: int) -> Iterator[Callable[[int], None]]:
    """For the time inside, where so many rows are to come; gives what is to be told of rows that were written.

    What it leaves, or fails at, is done at the import's end.
    """
    if rows < _MANY:
        yield lambda _: None
        return
    work = _Work()
    thread = threading.Thread(target=work.run, name="names beside", daemon=True)
    _let_wait(_MEANWHILE)
    thread.start()
    try:
        yield work.written
    finally:
        work.end()
        thread.join()
        _let_wait(_USUAL)


def _let_wait(megabytes: int) -> None:
    if connection.in_atomic_block:
        return  # nobody else would see it
    with suppress(DatabaseError):  # it saves time and nothing else
        bulk.let_names_wait(megabytes)


class _Work:
    """Rounds, one after so many rows."""

    def __init__(self) -> None:
        self._rows, self._ended, self._due = 0, False, threading.Event()

    def written(self, rows: int) -> None:
        """So many more rows are there."""
        self._rows += rows
        if self._rows >= _ROUND:
            self._rows = 0
            self._due.set()

    def end(self) -> None:
        """No round more."""
        self._ended = True
        self._due.set()

    def run(self) -> None:
        """The thread's life."""
        try:
            while self._due.wait() and not self._ended:
                self._due.clear()
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
