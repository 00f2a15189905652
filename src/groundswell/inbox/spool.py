"""The spool: every way in writes here first, and says "taken" only when the disk has it.

One file a mail, sealed, named by the moment and by the digest of what it holds, so that the same mail taken in twice is
found to be the same. No Django here: the receiver's process and a mail server's pipe need no database.
"""

import errno
import hashlib
import json
import os
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal, Protocol

from groundswell.basics.boxes import public_half
from groundswell.basics.keyring import KeyFolder
from groundswell.inbox.sealing import Unopenable, seal, unseal

Way = Literal["smtp", "maildir", "imap", "pop3", "webhook", "office", "command"]
_NAME = re.compile(r"\d+-\d+-\d+-([0-9a-f]{64})\.mail")
LARGEST = 25 * 1024 * 1024
"""Bytes of one mail; letters that come back are far smaller, and nothing here may fill the disk."""
LEAST_FREE = 256 * 1024 * 1024
"""Bytes that stay free on the disk: the database and the journal of signatures need them more than a flood of mail."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that came in. `form` is `mail` (`content` is the raw message) or `event` (a provider's, as JSON).

    `envelope_to` is the address of RCPT TO where it is known. `once` names the thing where its bytes don't: a provider's
    event id.
    """

    form: Literal["mail", "event"]
    way: Way
    content: bytes
    envelope_to: str = ""
    envelope_from: str = ""
    once: str = ""

    def __repr__(self) -> str:
        return f"Piece({self.form}, {self.way}, …)"

    @property
    def key(self) -> str:
        """64 hex digits: equal for the same mail to the same envelope address, and for the same provider event."""
        digest = hashlib.sha256(f"{self.form}\x00{self.envelope_to.lower()}\x00{self.once}\x00".encode())
        if not self.once:
            digest.update(self.content)
        return digest.hexdigest()

    def cut(self, most: int) -> "Piece":
        """The piece with its beginning only; a person who reads it needs no more."""
        return self if len(self.content) <= most else replace(self, content=self.content[:most])

    def packed(self) -> bytes:
        """As bytes: a line of facts, then the content."""
        facts = {name: value for name, value in asdict(self).items() if name != "content"}
        return json.dumps(facts).encode() + b"\n" + self.content

    @classmethod
    def unpacked(cls, packed: bytes) -> "Piece":
        """What `packed` packed, or `Unopenable`."""
        facts, _, content = packed.partition(b"\n")
        try:
            return cls(**json.loads(facts), content=content)
        except (ValueError, TypeError):
            raise Unopenable("no piece") from None


class Spool:
    """The folder. Writing needs the public half of the key only."""

    def __init__(self, folder: Path, *, public_key: bytes, key_id: int) -> None:
        self.folder, self._public_key, self._key_id = folder, public_key, key_id
        self._lock, self._count = threading.Lock(), 0

    def keep(self, piece: Piece) -> Path:
        """Have the piece on the disk before returning. OSError where the disk refuses; then nothing of it stays."""
        if len(piece.content) > LARGEST:
            raise ValueError("larger than the spool takes")
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        disk = os.statvfs(self.folder)
        if disk.f_bavail * disk.f_frsize < LEAST_FREE:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        with self._lock:
            self._count += 1
            name = f"{time.time_ns():020d}-{os.getpid()}-{self._count}-{piece.key}.mail"
        half = self.folder / f".{name}"
        try:
            descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(seal(self._public_key, self._key_id, piece.packed()))
                file.flush()
                os.fsync(file.fileno())
            half.rename(self.folder / name)
        except OSError:
            half.unlink(missing_ok=True)
            raise
        _sync_folder(self.folder)
        return self.folder / name


class Installation(Protocol):
    """What of the settings the spool needs."""

    @property
    def key_folder(self) -> KeyFolder: ...
    @property
    def spool_folder(self) -> Path: ...


def spool_of(installation: Installation) -> Spool:
    """The spool of an installation; needs no database."""
    ring = installation.key_folder.ring("intake")
    return Spool(installation.spool_folder, public_key=public_half(ring.current_key), key_id=ring.current)


def waiting(folder: Path) -> Iterator[tuple[Path, str]]:
    """The files that nobody has taken yet, oldest first, each with the key of its piece."""
    try:
        names = sorted(entry.name for entry in os.scandir(folder))
    except FileNotFoundError:
        return
    for name in names:
        if found := _NAME.fullmatch(name):
            yield folder / name, found.group(1)


def sweep(folder: Path, *, older_than: float) -> int:
    """Remove what a writer that died left half written: it was never said to be taken. Seconds of age."""
    swept = 0
    for path in folder.glob(".*.mail") if folder.is_dir() else []:
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > older_than:
                path.unlink()
                swept += 1
    return swept


def opened(private_keys: Mapping[int, bytes], sealed: bytes) -> Piece:
    """The piece, or `Unopenable`."""
    return Piece.unpacked(unseal(private_keys, sealed))


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
