"""Kept copies on disk: streamed, named by what is in them, never changed, never run or shown as a page."""

import hashlib
import os
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from groundswell.basics.result import Refused

LARGEST = 200 * 1024 * 1024
"""Bytes of one copy. A 40 MB PDF is ordinary; a film is not evidence that belongs here."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A copy as it lies on disk."""

    sha256: str
    size: int
    form: str


def keep(pieces: Iterable[bytes], *, folder: Path, largest: int = LARGEST) -> Kept:
    """Write the pieces below `folder` under their SHA-256, whole or not at all; the same bytes again are the same file.

    `Refused` for nothing at all, and for more than `largest` bytes (what was read until then is removed).
    """
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f".{secrets.token_hex(8)}.new"
    digest, size, head = hashlib.sha256(), 0, b""
    try:
        with fresh.open("xb") as out:
            for piece in pieces:
                size += len(piece)
                if size > largest:
                    raise Refused.because(
                        "copy-too-large", f"The copy is larger than {largest // 2**20} MB.",
                        "Keep the part that shows it; nothing of this file was kept.",
                    )  # fmt: skip
                head = head or piece[:64]
                digest.update(piece)
                out.write(piece)
            if not size:
                raise Refused.because("copy-empty", "The file is empty.", "Choose the file that holds the copy.")
            out.flush()
            os.fsync(out.fileno())
        path = path_of(digest.hexdigest(), folder)
        path.parent.mkdir(exist_ok=True)
        fresh.chmod(0o440)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    # ISO 28500: every WARC begins with its version; a compressed one is told by its name elsewhere.
    return Kept(digest.hexdigest(), size, "warc" if head.startswith(b"WARC/") else "file")


def path_of(sha256: str, folder: Path) -> Path:
    """Where the copy with this hash lies."""
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise Refused.because("copy-unknown", "That is no hash of a copy.")
    return folder / sha256[:2] / sha256


def whole(sha256: str, folder: Path) -> bool:
    """Whether the copy is there and still is what its name says."""
    path = path_of(sha256, folder)
    if not path.is_file():
        return False
    with path.open("rb") as held:
        return hashlib.file_digest(held, "sha256").hexdigest() == sha256


def pieces_of(path: Path) -> Iterable[bytes]:
    """A file in pieces of a megabyte."""
    with path.open("rb") as held:
        while piece := held.read(2**20):
            yield piece
