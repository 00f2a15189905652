"""A list as it lies on disk between its upload and its import: sealed as it arrives, opened only while it is read.

The file is a box (`basics.boxes`) for the installation's intake key: whoever takes the disk without the key folder opens
nothing. Behind its head follow blocks of 64 KiB, each sealed (AES-256-GCM) with its number, the last one as the last, so
that a file that was cut does not pass for a shorter list.
"""

import io
import os
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Literal, Self, overload

from cryptography.exceptions import InvalidTag

from groundswell.basics import boxes
from groundswell.basics.keyring import KeyRing
from groundswell.basics.result import Refused

_MAGIC = b"GSL1"
_PURPOSE = "groundswell list"
_BLOCK = 64 * 1024
_TAG = 16


class SealingFile:
    """Writes a new sealed file, for its owner only. Until it is closed it can't be read."""

    def __init__(self, path: Path, *, public_key: bytes, key_id: int) -> None:
        head, self._cipher = boxes.begin(_MAGIC, _PURPOSE, public_key=public_key, key_id=key_id)
        self._left, self._number = bytearray(), 0
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._file.write(head)

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
        size = os.fstat(self._file.fileno()).st_size - boxes.HEAD_BYTES
        cipher = boxes.key_for(self._file.read(boxes.HEAD_BYTES), _MAGIC, _PURPOSE, ring.keys)
        if cipher is None or size < _TAG:
            self._file.close()
            raise _not_whole()
        self._cipher = cipher
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
        self._file.seek(boxes.HEAD_BYTES + number * (_BLOCK + _TAG))
        try:
            return self._cipher.decrypt(_nonce(number), self._file.read(_BLOCK + _TAG), _place(last=number == self._blocks - 1))
        except InvalidTag:
            raise _not_whole() from None


def _nonce(number: int) -> bytes:
    # Every file has a key of its own: the number of a block is never used twice under it.
    return number.to_bytes(12, "big")


def _place(last: bool) -> bytes:
    return b"last" if last else b"more"


def _not_whole() -> Refused:
    return Refused.because(
        "list-sealed", "The uploaded file is not whole, or was sealed under a key that is gone.", "Upload it again."
    )
