"""A file as rows of cells, streamed: never more of it in memory than a line, whatever its size, delimiter or encoding."""

import codecs
import hashlib
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

from groundswell.basics.result import Refused
from groundswell.people.sheets import separated, workbook
from groundswell.people.sheets.cells import Row
from groundswell.people.sheets.sealed import SealedList

_BLOCK = 1 << 20
_MANY_ZEROS, _FEW_ZEROS = 0.3, 0.02
_NOT_IN_CP1252 = (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d")


@dataclass(frozen=True, slots=True)
class Looked:
    """What one pass over the bytes says."""

    sha256: str
    encoding: str
    lines: int
    spreadsheet: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """The names in the first line, and the rows below it."""

    header: tuple[str, ...]
    rows: Generator[Row, None, None]


def look(path: Path | SealedList, seen: Callable[[int], None] = lambda _: None) -> Looked:
    """Hash, encoding and number of lines, in one pass of bounded memory. `seen` is told bytes."""
    digest, lines, returns, well, western = hashlib.sha256(), 0, 0, True, True
    decoder = codecs.getincrementaldecoder("utf-8")()
    first = b""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            first = first or block[:4096]
            digest.update(block)
            lines += block.count(b"\n")
            returns += 0 if lines else block.count(b"\r")
            if well:
                try:
                    decoder.decode(block)
                except UnicodeDecodeError:
                    well = False
            western = western and not any(byte in block for byte in _NOT_IN_CP1252)
            seen(len(block))
    if not first:
        raise Refused.because("import-empty", "The file is empty.", "Export the list again.")
    # Lines that end as on old Macs have no other mark.
    return Looked(digest.hexdigest(), _encoding(first, well, western), lines or returns, first.startswith(b"PK\x03\x04"))


def _encoding(first: bytes, utf8: bool, western: bool) -> str:
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    # Without its mark: addresses and delimiters have a zero in every second byte, always on the same side.
    zeros = [part.count(0) / max(1, len(part)) for part in (first[0::2], first[1::2])]
    if len(first) >= 8 and max(zeros) > _MANY_ZEROS and min(zeros) < _FEW_ZEROS:
        return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
    if utf8:
        return "utf-8-sig"
    return "cp1252" if western else "latin-1"


def sheet(path: Path | SealedList, looked: Looked, known: Callable[[str], bool]) -> Sheet:
    """The file as rows. `known` says whether a column's name is one we know: it decides between delimiters."""
    rows = workbook.rows_of(path) if looked.spreadsheet else separated.rows_of(path, looked.encoding, known)
    return Sheet(tuple(next(rows).cells), rows)
