"""The journal of the public door: sealed so that the door itself can't read it back, synced before it is acknowledged.

A file begins with a header: magic, version, key id, and the public half of a key pair made for this file. Its key is
derived from that pair and the installation's public key (X25519, HKDF-SHA-256); the private half is dropped once the
key is made, so a copy of the disk, with the public key, opens nothing. A record is
`length (4) | crc32 (4) | entry id (16) | AES-256-GCM(content)`, its nonce and associated data tied to its place.
"""

import asyncio
import json
import os
import struct
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"GSJ1"
_HEADER = struct.Struct(">4sB32s")
_RECORD = struct.Struct(">II16s")
LARGEST = 256 * 1024
"""Bytes of one record; the door refuses forms far below it."""
_ROTATE_BYTES = 16 * 1024 * 1024


class JournalDamaged(Exception):
    """A journal has bytes in its middle that were not written there. Names the file and the place."""


def public_half(private: bytes) -> bytes:
    """The public key that the door holds, from the private one that it does not."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


@dataclass(frozen=True, slots=True)
class Entry:
    """One accepted form: its id makes applying it twice one."""

    id: UUID
    content: dict[str, Any]


class JournalWriter:
    """Appends to one file at a time. Safe for many threads; entries that arrive together share one sync."""

    def __init__(self, folder: Path, *, public_key: bytes, key_id: int) -> None:
        self._folder, self._public_key, self._key_id = folder, public_key, key_id
        self._lock = threading.Lock()
        self._descriptor: int | None = None
        self._offset = 0
        self._cipher: AESGCM | None = None
        self._committing: asyncio.Task[None] | None = None
        self._waiting: list[tuple[Entry, asyncio.Future[None]]] = []

    def append(self, entry: Entry) -> None:
        """Write one entry and have it on the disk before returning. OSError where the disk refuses."""
        with self._lock:
            self._write([entry])
            if self._descriptor is not None:
                os.fdatasync(self._descriptor)

    async def accept(self, entry: Entry) -> None:
        """Like `append`, from a coroutine: everything that waits is written and synced in one go (group commit)."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        self._waiting.append((entry, done))
        if self._committing is None:
            self._committing = loop.create_task(self._commit())
        await done

    async def _commit(self) -> None:
        try:
            while self._waiting:
                group, self._waiting = self._waiting, []
                try:
                    await asyncio.to_thread(self._append_all, [entry for entry, _ in group])
                except OSError as error:
                    for _, done in group:
                        if not done.done():
                            done.set_exception(error)
                else:
                    for _, done in group:
                        if not done.done():
                            done.set_result(None)
        finally:
            self._committing = None

    def _append_all(self, entries: list[Entry]) -> None:
        with self._lock:
            self._write(entries)
            if self._descriptor is not None:
                os.fdatasync(self._descriptor)

    def close(self) -> None:
        """End the file in order; a worker may delete it once it is applied."""
        with self._lock:
            if self._descriptor is not None:
                os.close(self._descriptor)
                self._descriptor = None

    def _write(self, entries: list[Entry]) -> None:
        if self._descriptor is None or self._offset > _ROTATE_BYTES:
            self._begin()
        if self._descriptor is None or self._cipher is None:
            raise OSError("the journal could not be begun")
        start = self._offset
        records = bytearray()
        for entry in entries:
            body = json.dumps(entry.content, ensure_ascii=False, separators=(",", ":")).encode()
            position = start + len(records)
            sealed = self._cipher.encrypt(position.to_bytes(12, "big"), body, entry.id.bytes)
            records += _RECORD.pack(len(sealed), zlib.crc32(entry.id.bytes + sealed), entry.id.bytes) + sealed
        try:
            written = os.write(self._descriptor, records)
            if written != len(records):
                raise OSError(28, "the disk is full")
        except OSError:
            # What did not fit is cut off again, so that the next entry does not stand behind a torn one.
            os.ftruncate(self._descriptor, start)
            raise
        self._offset = start + len(records)

    def _begin(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
        self._folder.mkdir(parents=True, exist_ok=True)
        own = X25519PrivateKey.generate()
        public = own.public_key().public_bytes_raw()
        self._cipher = AESGCM(_derive(own, self._public_key, public))
        name = f"{time.time_ns():020d}-{os.getpid()}.journal"
        self._descriptor = os.open(self._folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        os.write(self._descriptor, _HEADER.pack(MAGIC, self._key_id, public))
        self._offset = _HEADER.size
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def read(path: Path, *, private_keys: Mapping[int, bytes], offset: int = 0) -> Iterator[tuple[int, Entry]]:
    """The entries from `offset` on, each with the offset behind it. Ends quietly at a torn or growing tail.

    `JournalDamaged` where a whole record is there and does not open: changed bytes, or a key that is not at hand.
    """
    content = path.read_bytes()
    if len(content) < _HEADER.size:
        return
    magic, key_id, public = _HEADER.unpack_from(content)
    private = private_keys.get(key_id)
    if magic != MAGIC or private is None:
        raise JournalDamaged(f"{path.name} is no journal, or its key {key_id} is not at hand")
    cipher = AESGCM(_derive(X25519PrivateKey.from_private_bytes(private), public, public))
    at = max(offset, _HEADER.size)
    while at + _RECORD.size <= len(content):
        length, checksum, raw_id = _RECORD.unpack_from(content, at)
        sealed = content[at + _RECORD.size : at + _RECORD.size + length]
        if len(sealed) < length <= LARGEST:
            return
        try:
            if length > LARGEST or zlib.crc32(raw_id + sealed) != checksum:
                raise InvalidTag
            body = cipher.decrypt(at.to_bytes(12, "big"), sealed, raw_id)
        except InvalidTag:
            if at + _RECORD.size + length >= len(content):
                return
            raise JournalDamaged(f"{path.name} is damaged at byte {at}") from None
        at += _RECORD.size + length
        yield at, Entry(UUID(bytes=raw_id), json.loads(body))


def _derive(own: X25519PrivateKey, other: bytes, public: bytes) -> bytes:
    shared = own.exchange(X25519PublicKey.from_public_bytes(other))
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=public, info=b"groundswell journal").derive(shared)
