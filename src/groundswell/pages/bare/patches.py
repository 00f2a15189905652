"""What is written over a file, and reading it without ever leaving it."""

import struct
from dataclasses import dataclass
from typing import BinaryIO


class Unreadable(Exception):
    """The file is not what it says, or does what we can't follow; the text says which."""


@dataclass(frozen=True, slots=True)
class Patch:
    """`content` at offset `at`, then this many zero bytes."""

    at: int
    content: bytes = b""
    zeros: int = 0


class Source:
    """A file that is read by offset; reading past its end is `Unreadable`."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file, self.size = file, size

    def read(self, at: int, length: int) -> bytes:
        """Exactly these bytes."""
        if at < 0 or length < 0 or at + length > self.size:
            raise Unreadable("it ends too early")
        self._file.seek(at)
        content = self._file.read(length)
        if len(content) != length:
            raise Unreadable("it ends too early")
        return content

    def number(self, at: int, length: int = 4) -> int:
        """A whole number, the largest byte first."""
        return int.from_bytes(self.read(at, length), "big")

    def numbers(self, at: int, count: int, *, length: int = 4) -> tuple[int, ...]:
        """A table of them."""
        return struct.unpack(f">{count}{'Q' if length == 8 else 'I'}", self.read(at, count * length))
