"""The journal of the public door: sealed so that the door itself can't read it back, synced before it is acknowledged.

A file is a box (`basics.boxes`): a copy of the disk, with the public key, opens nothing. Behind its head stand records:
`length (4) | crc32 (4) | entry id (16) | AES-256-GCM(content)`, nonce and associated data tied to the place.
"""

import asyncio
import errno
import fcntl
import os
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic_core import PydanticSerializationError, from_json, to_json

from groundswell.basics import boxes

MAGIC = b"GSJ1"
_PURPOSE = "groundswell journal"
_RECORD = struct.Struct(">II16s")
LARGEST = 256 * 1024
"""Bytes of one record; the door refuses forms far below it."""
GATHER = 0.003
"""Seconds between two syncs: who comes in between shares the next. One that comes alone waits for nobody; in a crowd of three
thousand a second it is a third of the syncs, and most of what each cost was handing it to its thread and back."""
_ROTATE_BYTES = 16 * 1024 * 1024
_TAG = 16
"""Bytes that AES-GCM adds; no record is shorter."""
_Plain = tuple[bytes, bytes]
"""An entry's id and its content, as bytes."""


class JournalDamaged(Exception):
    """A journal has bytes in its middle that were not written there. Names the file and the place."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One accepted form: its id makes applying it twice one."""

    id: UUID
    content: dict[str, Any]


class JournalWriter:
    """Appends to one file at a time. Safe for many threads; entries that arrive together share one sync.

    A file is followed by a fresh one past 16 MB or, where `rotate_seconds` is given, past that age: only a file that
    nobody appends to any more can be deleted once it is applied. `clock` counts seconds, monotonically.
    """

    def __init__(
        self,
        folder: Path,
        *,
        public_key: bytes,
        key_id: int,
        rotate_seconds: float | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.folder, self._public_key, self._key_id = folder, public_key, key_id
        self._rotate_seconds, self._clock = rotate_seconds, clock
        self._lock = threading.Lock()
        self._descriptor: int | None = None
        self._offset = 0
        self._begun_at = 0.0
        self._begun = 0
        self._cipher: AESGCM | None = None
        self._committing: asyncio.Task[None] | None = None
        self._waiting: list[tuple[_Plain, asyncio.Future[None]]] = []
        self._next_sync = 0.0

    def append(self, entry: Entry) -> None:
        """Write one entry and have it on the disk before returning. OSError where the disk refuses."""
        self._append_all([_plain(entry)])

    async def accept(self, entry: Entry) -> None:
        """Like `append`, from a coroutine: everything that waits is written and synced in one go (group commit)."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        # Made into bytes here, so that an entry that can't be fails its own caller and not the whole group.
        self._waiting.append((_plain(entry), done))
        if self._committing is None:
            self._committing = loop.create_task(self._commit())
        await done

    async def _commit(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                early = self._next_sync - loop.time()
                if 0 < early <= GATHER:  # more would be another loop's clock
                    await asyncio.sleep(early)
                self._next_sync = loop.time() + GATHER
                group, self._waiting = self._waiting, []
                failure: Exception | None = None
                try:
                    await asyncio.to_thread(self._append_all, [plain for plain, _ in group])
                except Exception as error:  # noqa: BLE001 (handed to everyone who waits; nobody may wait for ever)
                    failure = error
                for _, done in group:
                    if not done.done():
                        done.set_exception(failure) if failure else done.set_result(None)
        finally:
            self._committing = None

    def close(self) -> None:
        """End the file in order; a worker may delete it once it is applied."""
        with self._lock:
            self._end()

    def _append_all(self, entries: list[_Plain]) -> None:
        with self._lock:
            descriptor, cipher = self._open_file()
            start = self._offset
            records = bytearray()
            for raw_id, body in entries:
                position = start + len(records)
                sealed = cipher.encrypt(position.to_bytes(12, "big"), body, raw_id)
                records += _RECORD.pack(len(sealed), zlib.crc32(raw_id + sealed), raw_id) + sealed
            try:
                if os.write(descriptor, records) != len(records):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                _sync(descriptor)
            except OSError:
                # Nothing of it is acknowledged, so nothing of it stays. The file is left behind as well: after a sync
                # that failed, the kernel may call the same pages clean (PostgreSQL, 2018), and a nonce is used once.
                with suppress(OSError):
                    os.ftruncate(descriptor, start)
                self._end()
                raise
            self._offset = start + len(records)

    def _open_file(self) -> tuple[int, AESGCM]:
        if self._descriptor is not None:
            old = self._rotate_seconds is not None and self._clock() - self._begun_at >= self._rotate_seconds
            if old or self._offset > _ROTATE_BYTES:
                self._end()
        if self._descriptor is None or self._cipher is None:
            self._descriptor, self._cipher = self._begin()
        return self._descriptor, self._cipher

    def _begin(self) -> tuple[int, AESGCM]:
        self.folder.mkdir(parents=True, exist_ok=True)
        head, cipher = boxes.begin(MAGIC, _PURPOSE, public_key=self._public_key, key_id=self._key_id)
        self._begun += 1
        path = self.folder / f"{time.time_ns():020d}-{os.getpid()}-{self._begun}.journal"
        # It gets its name once it is locked, so that a worker never takes a file just made for one that is ended.
        fresh = path.with_suffix(".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        try:
            # Held until the file is ended or its writer is dead: how a worker knows that it grows no more.
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            if os.write(descriptor, head) != len(head):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            fresh.rename(path)
            folder = os.open(self.folder, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError:
            os.close(descriptor)
            fresh.unlink(missing_ok=True)
            path.unlink(missing_ok=True)
            raise
        self._offset, self._begun_at = len(head), self._clock()
        return descriptor, cipher

    def _end(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
        self._descriptor = self._cipher = None


def is_ended(path: Path) -> bool:
    """True when nobody appends to this file any more: its writer went on to the next one, closed it, or is dead.

    Ask this before looking at the size: a file that is ended and applied to its last byte can be deleted.
    """
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def read(
    path: Path, *, private_keys: Mapping[int, bytes], offset: int = 0, past_damage: bool = False
) -> Iterator[tuple[int, Entry]]:
    """The entries from `offset` on, each with the offset behind it. Ends quietly at a torn or growing tail.

    `JournalDamaged`, naming file and byte, where a whole record does not open (changed bytes, or a key that is not at
    hand) and where whole records stand behind a broken one: a crash tears the end of a file, never its middle.
    With `past_damage` such places are stepped over, and whatever is whole behind them is read.
    """
    with path.open("rb") as file:
        head = file.read(boxes.HEAD_BYTES)
        if len(head) < boxes.HEAD_BYTES:
            return
        cipher = boxes.key_for(head, MAGIC, _PURPOSE, private_keys)
        if cipher is None:
            raise JournalDamaged(f"{path.name} is no journal, or its key is not at hand")
        start = max(offset, boxes.HEAD_BYTES)
        file.seek(start)
        content = file.read()
    at = 0
    while True:
        while found := _record(content, at):
            raw_id, sealed = found
            try:
                body = cipher.decrypt((start + at).to_bytes(12, "big"), sealed, raw_id)
            except InvalidTag:
                if not past_damage:
                    raise JournalDamaged(f"{path.name} is damaged at byte {start + at}") from None
                break
            at += _RECORD.size + len(sealed)
            # Only the keys may stay in memory for the next entry: the values are people's own.
            yield start + at, Entry(UUID(bytes=raw_id), from_json(body, cache_strings="keys"))
        later = next((place for place in range(at + 1, len(content) - _RECORD.size) if _record(content, place)), None)
        if later is None:
            return
        if not past_damage:
            raise JournalDamaged(f"{path.name} is damaged at byte {start + at}")
        at = later


def _record(content: bytes, at: int) -> tuple[bytes, bytes] | None:
    """The whole record that begins at `at`, as id and sealed content, if one does."""
    if at + _RECORD.size > len(content):
        return None
    length, checksum, raw_id = _RECORD.unpack_from(content, at)
    begin = at + _RECORD.size
    if not _TAG <= length <= min(LARGEST, len(content) - begin):
        return None
    sealed = content[begin : begin + length]
    return (raw_id, sealed) if zlib.crc32(raw_id + sealed) == checksum else None


def _plain(entry: Entry) -> _Plain:
    # Several times faster than the standard library's, and this is the door's busiest line.
    try:
        body = to_json(entry.content)
    except PydanticSerializationError as error:
        raise TypeError("an entry that is not plain data") from error
    if len(body) + _TAG > LARGEST:
        raise ValueError(f"an entry of {len(body)} bytes is more than a journal takes")
    return entry.id.bytes, body


def _sync(descriptor: int) -> None:
    getattr(os, "fdatasync", os.fsync)(descriptor)
