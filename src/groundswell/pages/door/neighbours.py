"""What the door's processes tell each other, in small files beside the journal. It holds no visitor and no address."""

import fcntl
import hashlib
import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

_LOOK = 1.0
"""Seconds after which a process looks for what the others wrote."""
_MARK = 16
"""Bytes that stand for one proof of work."""


class Raised:
    """Which actions' forms ask for a little work, and until when: raised by one process, asked for by all."""

    def __init__(self, folder: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder, self._clock = folder, clock
        self._until: dict[int, float] = {}
        self._told: dict[int, float] = {}
        self._looked_at = -_LOOK

    def until(self, action: int) -> float:
        """Seconds since 1970; 0 where the form was never raised."""
        now = self._clock()
        if now - self._looked_at >= _LOOK:
            self._looked_at = now
            self._look()
        return self._until.get(action, 0.0)

    def set(self, action: int, until: float) -> None:
        """Raise it. Where the disk is full, at least this process knows."""
        self._until[action] = until
        if abs(until - self._told.get(action, 0.0)) < 1:
            return  # in an attack it is raised anew with every doubtful form; the others need no more than each second's
        self._told[action] = until
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            fresh = self._folder / f".raised-{action}-{os.getpid()}"
            fresh.write_text(f"{until:.0f}")
            fresh.replace(self._folder / f"raised-{action}")

    def _look(self) -> None:
        try:
            found = list(self._folder.glob("raised-*"))
        except OSError:
            return
        for path in found:
            with suppress(OSError, ValueError):
                action = int(path.name.removeprefix("raised-"))
                self._until[action] = max(self._until.get(action, 0.0), float(path.read_text()))


@dataclass(slots=True)
class _Page:
    read: int = 0
    marks: set[bytes] = field(default_factory=set)


class Spent:
    """Proofs of work that were used: each counts once, whichever process it is brought to."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pages: dict[int, _Page] = {}

    def take(self, proof: str, *, ends: float, now: float) -> bool:
        """True the first time, for a proof that is good until `ends`. False also where it can't be written down."""
        hour, mark = int(ends // 3600), hashlib.sha256(proof.encode("utf-8", "replace")).digest()[:_MARK]
        try:
            if hour not in self._pages:
                self._tidy(int(now // 3600))
                self._folder.mkdir(parents=True, exist_ok=True)
            page = self._pages.setdefault(hour, _Page())
            descriptor = os.open(self._folder / f"spent-{hour}", os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                self._read(descriptor, page)
                if mark in page.marks:
                    return False
                return self._write(descriptor, mark)
            finally:
                os.close(descriptor)
        except OSError:
            return False

    @staticmethod
    def _read(descriptor: int, page: _Page) -> None:
        """What was written since."""
        size = os.fstat(descriptor).st_size
        while page.read + _MARK <= size:
            content = os.pread(descriptor, min(size - page.read, 1 << 20) // _MARK * _MARK, page.read)
            page.marks.update(content[at : at + _MARK] for at in range(0, len(content), _MARK))
            page.read += len(content)

    @staticmethod
    def _write(descriptor: int, mark: bytes) -> bool:
        size = os.fstat(descriptor).st_size
        if os.write(descriptor, mark) == _MARK:
            return True
        os.ftruncate(descriptor, size)  # cut short by a full disk: what follows must stand where marks stand
        return False

    def _tidy(self, hour: int) -> None:
        for old in [known for known in self._pages if known < hour]:
            del self._pages[old]
        for path in self._folder.glob("spent-*"):
            with suppress(OSError, ValueError):
                if int(path.name.removeprefix("spent-")) < hour:
                    path.unlink()
