"""Journals as several doors write them side by side."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from groundswell.basics.boxes import public_half
from groundswell.intake.journal import Entry, JournalWriter
from groundswell.intake.merging import Waiting

PRIVATE = bytes(range(32))
MORNING = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def moment(seconds: float) -> str:
    """`at`, so many seconds into the morning. Whole seconds have no fraction, as from any door."""
    return (MORNING + timedelta(seconds=seconds)).isoformat()


class OneDoor:
    """A writer whose file is begun with it, by an entry of its own; `begun` is its place among the files."""

    def __init__(self, folder: Path, begun: int = 1, since: float = -3600) -> None:
        self.writer = JournalWriter(folder, public_key=public_half(PRIVATE), key_id=1)
        self.name = f"{begun:020d}-7-{begun}.journal"
        before = set(folder.glob("*.journal"))
        self.writer.append(Entry(uuid4(), {"what": "begun", "at": moment(since)}))
        (fresh,) = set(folder.glob("*.journal")) - before
        self.path = fresh.rename(folder / self.name)

    def takes(self, what: Any, at: float | None = None) -> Entry:
        entry = Entry(uuid4(), {"what": what} if at is None else {"what": what, "at": moment(at)})
        self.writer.append(entry)
        return entry

    def close(self) -> None:
        self.writer.close()


def written(folder: Path, files: Iterable[Iterable[float | None]]) -> list[Path]:
    """A closed journal for each of `files`, with entries at these moments; each says its file and place."""
    paths = []
    for number, moments in enumerate(files, 1):
        door = OneDoor(folder, number)
        for place, at in enumerate(moments):
            door.takes([number, place], at)
        door.close()
        paths.append(door.path)
    return paths


def waiting(paths: Iterable[Path]) -> list[Waiting]:
    return [Waiting(path, {1: PRIVATE}, 0, path.stat().st_size) for path in paths]
