"""A list as it lies on disk between its upload and its import: sealed as it arrives, opened only while it is read.

The file begins with magic, key id, and the public half of a key pair made for this file; its key is derived from that pair
and the installation's intake key (X25519, HKDF-SHA-256), as the journal's is, and the private half is dropped: whoever takes
the disk without the key folder opens nothing. Blocks of 64 KiB follow, each sealed (AES-256-GCM) with its number, the last
one as the last, so that a file that was cut does not pass for a shorter list.
"""

import io
import os
import struct
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Literal, Self, overload

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from groundswell.basics.keyring import KeyRing
from groundswell.basics.result import Refused

_HEADER = struct.Struct(">4sB32s")
_MAGIC = b"GSL1"
_BLOCK = 64 * 1024
_TAG = 16


class SealingFile:
    """Writes a new sealed file, for its owner only. Until it is closed it can't be read."""

    def __init__(self, path: Path, *, public_key: bytes, key_id: int) -> None:
        own = X25519PrivateKey.generate()
        public = own.public_key().public_bytes_raw()
        self._cipher = AESGCM(_derived(own, public_key, public))
        self._left, self._number = bytearray(), 0
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._file.write(_HEADER.pack(_MAGIC, key_id, public))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def write(self, content: bytes) -> None:
        """Add to it. What is not sealed yet is less than a block, and in memory."""
        self._left += content
        while len(self._left) > _BLOCK:
            self._put(bytes(self._left[:_BLOCK]), last=False)
            del self._left[:_BLOCK]

    def close(self) -> None:
        """Seal what is left as the end of it."""
        if not self._file.closed:
            self._put(bytes(self._left), last=True)
            self._left.clear()
            self._file.close()

    def _put(self, block: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number), block, _place(last)))
        self._number += 1


class SealedList:
    """A sealed file that is opened as a `Path` is: what reads lists takes either."""

    def __init__(self, path: Path, ring: KeyRing) -> None:
        self._path, self._ring = path, ring
        self.name = path.name

    @overload
    def open(self, mode: Literal["rb"]) -> IO[bytes]: ...
    @overload
    def open(self, *, encoding: str, errors: str, newline: str) -> IO[str]: ...

    def open(self, mode: str = "r", *, encoding: str = "", errors: str = "strict", newline: str = "") -> IO[Any]:
        """The content as bytes or text, opened block by block. `Refused` where the key is not here, or the file not whole."""
        found = io.BufferedReader(_Opened(self._path, self._ring), _BLOCK)
        return found if mode == "rb" else io.TextIOWrapper(found, encoding=encoding, errors=errors, newline=newline)


class _Opened(io.RawIOBase):
    def __init__(self, path: Path, ring: KeyRing) -> None:
        self._file = path.open("rb")
        size = os.fstat(self._file.fileno()).st_size - _HEADER.size
        head = self._file.read(_HEADER.size)
        magic, key_id, public = _HEADER.unpack(head) if len(head) == _HEADER.size else (b"", 0, b"")
        if magic != _MAGIC or key_id not in ring.keys or size < _TAG:
            self._file.close()
            raise _not_whole()
        self._cipher = AESGCM(_derived(X25519PrivateKey.from_private_bytes(ring.keys[key_id]), public, public))
        self._blocks = -(-size // (_BLOCK + _TAG))
        self._size, self._at, self._held, self._block = size - _TAG * self._blocks, 0, -1, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = max(0, offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence])
        return self._at

    def readinto(self, into: Any) -> int:
        number, within = divmod(self._at, _BLOCK)
        if number >= self._blocks:
            return 0
        if number != self._held:
            self._block, self._held = self._opened(number), number
        some = self._block[within : within + len(into)]
        into[: len(some)] = some
        self._at += len(some)
        return len(some)

    def close(self) -> None:
        self._file.close()
        super().close()

    def _opened(self, number: int) -> bytes:
        self._file.seek(_HEADER.size + number * (_BLOCK + _TAG))
        try:
            return self._cipher.decrypt(_nonce(number), self._file.read(_BLOCK + _TAG), _place(last=number == self._blocks - 1))
        except InvalidTag:
            raise _not_whole() from None


def _derived(own: X25519PrivateKey, other: bytes, public: bytes) -> bytes:
    shared = own.exchange(X25519PublicKey.from_public_bytes(other))
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=public, info=b"groundswell list").derive(shared)


def _nonce(number: int) -> bytes:
    # Every file has a key of its own: the number of a block is never used twice under it.
    return number.to_bytes(12, "big")


def _place(last: bool) -> bytes:
    return b"last" if last else b"more"


def _not_whole() -> Refused:
    return Refused.because(
        "list-sealed", "The uploaded file is not whole, or was sealed under a key that is gone.", "Upload it again."
    )
