"""What a sender leaves behind when it is killed: which letters it had begun to hand over, and which were taken.

One small file per sender. A line reaches the kernel before a letter's end goes to the relay, so a kill -9 loses
nothing. A power cut may lose lines: the file names the boot it was written in, and after another boot every row
without a known answer is in doubt. The sender holds a lock on its file: a log that can be locked belongs to nobody
alive.
"""

import fcntl
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from groundswell.basics.ids import DeliveryId

_REWRITE = 4_000_000
"""Bytes after which a log is written anew with what is still open."""


@dataclass(slots=True)
class Findings:
    """What a dead sender's log says: taken by the relay, and handed over without a known reply."""

    owner: str
    accepted: set[DeliveryId] = field(default_factory=set)
    answered: set[DeliveryId] = field(default_factory=set)
    """Refused or put off: certainly not taken."""
    begun: set[DeliveryId] = field(default_factory=set)
    power_lost: bool = False
    """The machine itself went down: lines may be missing, so a row of which nothing is said is in doubt as well."""

    @property
    def uncertain(self) -> set[DeliveryId]:
        """Handed over, reply lost."""
        return self.begun - self.accepted - self.answered


class HandoverLog:
    """The log of one living sender."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.owner = f"{os.getpid()}-{secrets.token_hex(6)}"
        self._path = folder / f"{self.owner}.log"
        self._open: dict[DeliveryId, bytes] = {}
        self._waiting = b""
        self._written = 0
        self._descriptor = self._started(self._path, b"")

    def begun(self, delivery: DeliveryId) -> None:
        """The letter's end is about to be written. In the kernel when this returns, with all that was said before."""
        self._open[delivery] = b"B"
        self._write(b"%bB%d\n" % (self._waiting, delivery))
        self._waiting = b""

    def answered(self, delivery: DeliveryId, *, accepted: bool) -> None:
        """The relay has spoken: taken, or not (then nothing of it is in doubt). Written with the next line or `flush`."""
        kind = b"A" if accepted else b"N"
        self._open[delivery] = kind
        self._waiting += b"%b%d\n" % (kind, delivery)

    def doubtful(self, delivery: DeliveryId) -> None:
        """The reply is lost for good; its line stays as it is until recorded."""
        self._open[delivery] = b"B"

    def flush(self) -> None:
        """Whatever waits reaches the kernel."""
        if self._waiting:
            self._write(self._waiting)
            self._waiting = b""

    def recorded(self, deliveries: Iterable[DeliveryId]) -> None:
        """These are in the database: the log may forget them."""
        for delivery in deliveries:
            self._open.pop(delivery, None)
        if self._written > _REWRITE:
            lines = b"".join(b"%b%d\n" % (kind, delivery) for delivery, kind in self._open.items())
            half = self._path.with_suffix(".half")
            descriptor = self._started(half, lines)
            self._waiting = b""
            half.replace(self._path)
            before, self._descriptor = self._descriptor, descriptor
            os.close(before)

    def close(self, *, in_order: bool) -> None:
        """Leave nothing behind where the sender ended in order; else leave the log for whoever recovers."""
        try:
            self.flush()
            if in_order and not self._open:
                with suppress(FileNotFoundError):
                    self._path.unlink()
        finally:
            os.close(self._descriptor)

    def _started(self, path: Path, lines: bytes) -> int:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        content = b"#" + boot().encode() + b"\n" + lines
        os.write(descriptor, content)
        self._written = len(content)
        return descriptor

    def _write(self, lines: bytes) -> None:
        # A full disk raises here, before the letter's end is written: nothing is handed over that can't be told of.
        if os.write(self._descriptor, lines) != len(lines):
            raise OSError(28, "the hand-over log can't be written: the disk is full")
        self._written += len(lines)


def living(folder: Path) -> set[str]:
    """The owners of logs that someone alive holds."""
    held = set()
    for path in folder.glob("*.log") if folder.is_dir() else []:
        with suppress(FileNotFoundError), path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                held.add(path.stem)
    return held


def left_behind(folder: Path) -> Iterator[Findings]:
    """The findings of every sender that died; each log is removed when the caller asks for the next one."""
    for path in sorted(folder.glob("*.log")) if folder.is_dir() else []:
        with suppress(FileNotFoundError), path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            if not path.exists() or path.stat().st_ino != os.fstat(file.fileno()).st_ino:
                continue  # a living sender wrote it anew between our look and our lock
            yield read_log(path.stem, file.read())
            path.unlink()


def read_log(owner: str, content: bytes) -> Findings:
    """What a log says. A last line cut short is no line; a line of zeros (a power cut) makes everything doubtful."""
    findings = Findings(owner, power_lost=not content.startswith(b"#" + boot().encode() + b"\n"))
    for line in content.split(b"\n")[:-1]:
        kind, number = line[:1], line[1:]
        if kind == b"#":
            continue
        if kind not in b"ABN" or not number.isdigit():
            findings.power_lost = True
            continue
        delivery = DeliveryId(int(number))
        if kind == b"B":
            findings.begun.add(delivery)
            findings.answered.discard(delivery)
        else:
            (findings.accepted if kind == b"A" else findings.answered).add(delivery)
    return findings


def boot() -> str:
    """Names this run of the machine; empty where the system doesn't say (then a power cut shows as nothing)."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""
