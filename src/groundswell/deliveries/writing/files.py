"""Files of a hand-over on the disk: mode 600, complete or not there at all."""

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from groundswell.basics.result import Refused

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True)
class Written:
    """One file, and what proves it."""

    name: str
    kind: str
    size: int
    sha256: str
    total: int
    per_version: dict[int, int] = field(default_factory=dict)
    part: int = 1
    parts: int = 1


@contextmanager
def workshop(folder: Path) -> Iterator[Path]:
    """A folder beside `folder` to write in, put in its place when all is done; what an earlier kill left is cleared first.

    A full disk is a refusal, and then nothing is left of the attempt.
    """
    half = folder.with_name(f".{folder.name}.making")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700)
        yield half
        for path in sorted(half.iterdir()):
            _sync(path)
        _sync(half)
        shutil.rmtree(folder, ignore_errors=True)
        half.replace(folder)
        _sync(folder.parent)
    except OSError as error:
        shutil.rmtree(half, ignore_errors=True)
        if error.errno in _NO_ROOM:
            raise Refused.because(
                "disk-full", "The disk is full: the files could not be written, and nothing was handed over.",
                "Make room, then make it again: it will be the same.",
            ) from None  # fmt: skip
        raise
    except BaseException:
        shutil.rmtree(half, ignore_errors=True)
        raise


@contextmanager
def private(path: Path) -> Iterator[BinaryIO]:
    """A new file that only its owner can read (mode 600)."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb", buffering=1 << 20) as file:
        yield file


def sha256_of(path: Path) -> str:
    """The hash of a file of any size, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def finished(path: Path, kind: str, *, total: int, per_version: dict[int, int], part: int = 1, parts: int = 1) -> Written:
    """The file as it lies there, with its hash and mode 600."""
    path.chmod(0o600)
    return Written(path.name, kind, path.stat().st_size, sha256_of(path), total, per_version, part, parts)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
