"""One order of things out of many journals: several doors write at the same time, each to a file of its own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from pathlib import Path

from groundswell.intake.journal import Entry, JournalDamaged, read

_LAST = "\U0010ffff"
"""Behind every moment."""
_Keyed = tuple[str, int, Entry]
"""When (ISO-8601 in UTC sorts as text), the offset behind it, and the entry."""


@dataclass(slots=True, eq=False)
class Waiting:
    """What waits in one journal: from `offset` to `size`, the byte where it ended when all of them were looked at.

    Nothing behind `size` is given, however late the file is read: what another file's entry answers is never left for later.
    """

    path: Path
    private_keys: Mapping[int, bytes]
    offset: int
    size: int
    ended: bool = False
    past_damage: bool = False
    damage: str = ""
    """Names the place where the reading ended early: one bad file must not hold up the others."""
    is_read: bool = False
    """Everything that can be read of it was given."""

    def begins(self) -> str | None:
        """When its first entry was made; None where nothing waits. Keeps nothing of the file in memory."""
        found = next(self.entries(), None)
        return found[0] if found else None

    def entries(self) -> Iterator[_Keyed]:
        """The entries in their order. The clock may jump back and an entry may have no `at`: neither is before the one
        in front of it.
        """
        latest = ""
        size = self.size
        try:
            for end, entry in read(self.path, private_keys=self.private_keys, offset=self.offset, past_damage=self.past_damage):
                if end > size:
                    break
                content = entry.content
                at = content.get("at") if type(content) is dict else None
                if type(at) is str and at > latest:
                    latest = at
                yield latest, end, entry
        except JournalDamaged as error:
            self.damage = str(error)
        self.is_read = True


def merged(journals: Sequence[Waiting]) -> Iterator[tuple[Waiting, int, Entry]]:
    """The entries of all journals in the order in which they were made, each with its journal and the offset behind it.

    What one journal holds stays in its order; of the same moment, the earlier journal is first. A journal is in memory from
    its first entry's turn to its last's: of a long backlog, about as many as there were writers at one time.
    """
    heap: list[tuple[str, int, int, Entry | None, Iterator[_Keyed]]] = []
    for number, journal in enumerate(journals):
        begins = journal.begins()
        if begins is not None:
            heap.append((begins, number, 0, None, journal.entries()))
    heapify(heap)
    while heap:
        _, number, end, entry, entries = heappop(heap)
        journal = journals[number]
        if entry is not None:
            yield journal, end, entry
        # As long as no other journal's turn comes, this one is simply read on: that is nearly always.
        turn, other = heap[0][:2] if heap else (_LAST, len(journals))
        for at, end, entry in entries:
            if at >= turn and (at > turn or number > other):
                heappush(heap, (at, number, end, entry, entries))
                break
            yield journal, end, entry
