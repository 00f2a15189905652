"""Rows of a list, understood some thousand at a time, and marked with what their people are found by. Asks no database."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import islice
from typing import NamedTuple

from groundswell.basics.addresses import suggest
from groundswell.basics.result import Problem
from groundswell.people.sheets.cells import Row
from groundswell.people.sheets.rows import Draft, Reader
from groundswell.people.vault.index import Indexer, packed

BATCH = 5000


class Marks(NamedTuple):
    """What a person is found by: address and number under today's key, and each name's tokens, packed."""

    email: bytes
    phone: bytes | None
    names: tuple[bytes, ...]


class Marker:
    """Makes marks under one key. The names of one list come again and again; it is for one list, and forgotten with it."""

    def __init__(self, index: Indexer) -> None:
        self.index = index
        self._name = lru_cache(maxsize=100_000)(lambda text: packed(index.tokens(text)))

    def of(self, draft: Draft) -> Marks:
        """What this draft's person is found by."""
        index, of = self.index, draft.sealed.get
        names = tuple([self._name(part) for part in (of("given_name"), of("family_name")) if part])
        return Marks(index.email(draft.email), index.phone(draft.phone_e164), names)


class Note(NamedTuple):
    """A line that could not be taken, and why; or one that was, and what a person may want to look at. Never its content."""

    line: int
    reason: str
    taken: bool


@dataclass(slots=True)
class Understood:
    """So many rows of a list, as drafts of its people."""

    rows: int
    drafts: list[Draft]
    marks: list[Marks]
    index_key: int
    """The key that the marks were made with."""
    notes: list[Note]
    again: Callable[[], "Understood"]
    """The same once more, for who has to begin again: drafts are changed while they are written."""


def batches(rows: Iterator[Row], reader: Reader, index: Callable[[], Indexer], size: int = 0) -> Iterator[Understood]:
    """The list's rows, `BATCH` or so many at a time. `index` is asked at each batch: a key may be replaced meanwhile."""
    marker = Marker(index())
    while lines := list(islice(rows, size or BATCH)):
        if (today := index()).key_id != marker.index.key_id:
            marker = Marker(today)
        yield understood(lines, reader, marker)


def understood(lines: list[Row], reader: Reader, marker: Marker) -> Understood:
    """Some rows of it."""
    drafts, notes = [], []
    for row in lines:
        found = Problem("row", row.fault) if row.fault else reader.understand(row.line, row.cells)
        if isinstance(found, Problem):
            notes.append(Note(row.line, found.message[:200], False))
            continue
        if (meant := suggest(found.email)) is not None:
            words = f"The address ends in {found.email.domain}; {meant.rpartition('@')[2]} may be meant."
            notes.append(Note(row.line, words[:200], True))
        if row.advice:
            notes.append(Note(row.line, row.advice[:200], True))
        if found.unread:
            notes.append(Note(row.line, f"Not understood, and left out: {', '.join(found.unread)}."[:200], True))
        drafts.append(found)
    marks = [marker.of(draft) for draft in drafts]
    return Understood(len(lines), drafts, marks, marker.index.key_id, notes, partial(understood, lines, reader, marker))
