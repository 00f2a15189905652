"""What a sender leaves behind when it is killed: which letters it had begun to hand over, and which were taken.

One small file per sender. A line is written by one unbuffered `write` before a letter's end goes to the relay and
after its reply, so a kill -9 loses nothing; power loss may, and then the database's own state is older too. The sender
holds a lock on its file: a log that can be locked belongs to nobody alive.
"""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from groundswell.basics.ids import DeliveryId


@dataclass(slots=True)
class Findings:
    """What a dead sender's log says: taken by the relay, and handed over without a known reply."""

    owner: str
    accepted: set[DeliveryId] = field(default_factory=set)
    begun: set[DeliveryId] = field(default_factory=set)

    @property
    def uncertain(self) -> set[DeliveryId]:
        """Handed over, reply lost."""
        return self.begun - self.accepted


class HandoverLog:
    """The log of one living sender."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.owner = f"{os.getpid()}-{secrets.token_hex(6)}"
        self._path = folder / f"{self.owner}.log"
        self._descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def begun(self, delivery: DeliveryId) -> None:
        """The letter's end is about to be written."""
        os.write(self._descriptor, b"B%d\n" % delivery)

    def answered(self, delivery: DeliveryId, *, accepted: bool) -> None:
        """The relay has spoken: taken, or not (then nothing of it is in doubt)."""
        os.write(self._descriptor, b"%c%d\n" % (b"A" if accepted else b"N", delivery))

    def recorded(self) -> None:
        """Every reply so far is in the database: the log may start afresh."""
        os.ftruncate(self._descriptor, 0)

    def close(self) -> None:
        """Leave nothing behind: the sender ended in order."""
        with suppress(FileNotFoundError):
            self._path.unlink()
        os.close(self._descriptor)


def left_behind(folder: Path) -> Iterator[Findings]:
    """The findings of every sender that died; each log is removed when the caller asks for the next one."""
    for path in sorted(folder.glob("*.log")) if folder.is_dir() else []:
        with suppress(FileNotFoundError), path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield _read(path.stem, file.read())
            path.unlink()


def _read(owner: str, content: bytes) -> Findings:
    findings = Findings(owner)
    for line in content.split(b"\n")[:-1]:
        kind, delivery = line[:1], DeliveryId(int(line[1:]))
        if kind == b"B":
            findings.begun.add(delivery)
        elif kind == b"A":
            findings.accepted.add(delivery)
        else:
            findings.begun.discard(delivery)
    return findings
