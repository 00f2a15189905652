"""A photo through the door: bounded, told by its first bytes, sealed to the disk. Nothing here decodes an image.

The sealed file lies beside the journal until the worker has made a picture of it or found none; an entry names it.
"""

import asyncio
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from groundswell.inbox.sealing import seal

LARGEST = 8 * 1024 * 1024
"""Bytes of a photo."""
LARGEST_REQUEST = LARGEST + 64 * 1024
FOLDER = "photos"
"""Below the journal's folder."""
_AT_ONCE = 4
"""Photos that are sealed and synced at once by one process; the others wait their turn."""
_BOUNDARY = re.compile(r'boundary="?([^";,]{1,200})"?', re.IGNORECASE)
_FILE = re.compile(rb'name="photo"; *filename="', re.IGNORECASE)


def kind_of(content: bytes) -> str:
    """`jpeg`, `png` or `webp` by the first bytes; empty for anything else."""
    if content.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    return "webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else ""


def uploaded(content_type: str, body: bytes) -> bytes:
    """The file of the field `photo` in a posted form; empty where there is none."""
    found = _BOUNDARY.search(content_type)
    if content_type[:19].lower() != "multipart/form-data" or found is None:
        return b""
    mark = b"--" + found.group(1).encode("utf-8", "replace")
    at = body.find(mark)
    for _ in range(50):
        end = body.find(mark, at + len(mark)) if at >= 0 else -1
        if end < 0:
            return b""
        begin = body.find(b"\r\n\r\n", at, end)
        if begin >= 0 and _FILE.search(body[at:begin]):
            return body[begin + 4 : end].removesuffix(b"\r\n")
        at = end
    return b""


@dataclass(slots=True)
class Upload:
    """One photo of one request: what is wrong with it, and keeping it."""

    folder: Path
    public_key: bytes
    key_id: int
    content: bytes
    said: dict[str, str]
    turns: asyncio.Semaphore
    name: Callable[[], UUID] = uuid4
    problems: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.content:
            self.problems.append(("photo", self.said.get("slip_photo", "")))
        elif len(self.content) > LARGEST:
            self.problems.append(("photo", self.said.get("slip_large", "")))
        elif not kind_of(self.content):
            self.problems.append(("photo", self.said.get("slip_kind", "")))

    async def keep(self) -> str:
        """Seal it to the disk and sync; returns the file's name. OSError where the disk refuses: nothing stays then."""
        async with self.turns:
            return await asyncio.to_thread(self._write)

    def _write(self) -> str:
        name = self.name().hex
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / name
        fresh = path.with_suffix(".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            sealed = seal(self.public_key, self.key_id, self.content)
            with os.fdopen(descriptor, "wb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            fresh.rename(path)
            folder = os.open(self.folder, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError:
            fresh.unlink(missing_ok=True)
            raise
        return name


class Photos:
    """Makes `Upload`s for one door."""

    def __init__(self, journal: Path, public_key: bytes, key_id: int) -> None:
        self._folder, self._public_key, self._key_id = journal / FOLDER, public_key, key_id
        self._turns = asyncio.Semaphore(_AT_ONCE)

    def upload(self, content_type: str, body: bytes, facts: dict[str, Any]) -> Upload:
        """The photo of this request."""
        content = uploaded(content_type, body)
        return Upload(self._folder, self._public_key, self._key_id, content, facts.get("words", {}), self._turns)
