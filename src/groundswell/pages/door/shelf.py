"""Published files, held in memory and looked at again a few times a second: the disk is not asked for every reader."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_FRESH = 0.4
"""Seconds for which a file is taken to be as it was: how late a new count or a new text may reach a reader."""
_MOST = 4000
"""Files held at once; beyond it everything is let go and read anew."""


@dataclass(slots=True)
class Sheet:
    """One published file as it was read, and whatever was made of it."""

    content: bytes
    packed: bytes
    stamp: tuple[int, int, int]
    looked_at: float
    made: dict[Any, Any] = field(default_factory=dict)
    """Answers and templates made of this content; gone with it when the file changes."""

    def facts(self) -> dict[str, Any]:
        """The content as JSON, read once."""
        if "facts" not in self.made:
            self.made["facts"] = json.loads(self.content)
        facts: dict[str, Any] = self.made["facts"]
        return facts


class Shelf:
    """The folder of published files. Names are the door's own, never a visitor's path."""

    def __init__(self, folder: Path, *, clock: Callable[[], float] = time.monotonic, fresh: float = _FRESH) -> None:
        self._folder = folder.resolve()
        self._clock, self._fresh = clock, fresh
        self._sheets: dict[str, Sheet] = {}

    def sheet(self, name: str, *, at_once: bool = False) -> Sheet | None:
        """The file of this name as it is now (or was a moment ago); None where there is none.

        `at_once` looks at the disk now: for what must be the same whichever of several doors is asked, one after the other.
        """
        now = self._clock()
        sheet = self._sheets.get(name)
        if sheet is not None and not at_once and now - sheet.looked_at < self._fresh:
            return sheet
        path = self._folder / name
        try:
            status = path.stat()
            twin = path.with_name(path.name + ".gz")
            stamp = (status.st_mtime_ns, status.st_ino, _changed(twin))
            if sheet is not None and sheet.stamp == stamp:
                sheet.looked_at = now
                return sheet
            if not path.resolve().is_relative_to(self._folder):
                return None
            content = path.read_bytes()
        except (OSError, ValueError):
            self._sheets.pop(name, None)
            return None
        if len(self._sheets) >= _MOST:
            self._sheets.clear()
        # The compressed twin counts where it belongs to this content: it is written after it.
        packed = _content(twin) if stamp[2] >= stamp[0] else b""
        fresh = Sheet(content, packed, stamp, now)
        self._sheets[name] = fresh
        return fresh


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
