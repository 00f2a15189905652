"""A file as rows of cells, streamed: never more of it in memory than a line, whatever its size, delimiter or encoding."""

import codecs
import csv
import hashlib
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, NamedTuple
from zipfile import ZipFile

from groundswell.basics.result import Refused
from groundswell.people.sheets.sealed import SealedList

LONGEST_LINE = 1 << 20
"""Characters. What is longer is no row of a list; its rest is passed over so that memory stays bounded."""
LARGEST_WORKBOOK = 1 << 30
"""Bytes that a workbook may unpack to: its texts are held in memory, and a small archive may hold any number of them."""
_LONGEST_CELL = 1 << 17
_DELIMITERS = ",;\t|"
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


class Row(NamedTuple):
    """A row of the file, or what is wrong with it. `line` is where it begins, from 1."""

    line: int
    cells: Sequence[str]
    fault: str = ""


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
    if looked.spreadsheet:
        return _workbook(path)
    return _separated(_lines(path, looked.encoding), known)


def _lines(path: Path | SealedList, encoding: str) -> Iterator[str]:
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        yield from _bounded(file)


def _bounded(file: IO[str]) -> Iterator[str]:
    while line := file.readline(LONGEST_LINE):
        yield line
        while len(line) == LONGEST_LINE and not line.endswith(("\n", "\r")):
            line = file.readline(LONGEST_LINE)


def _separated(lines: Iterator[str], known: Callable[[str], bool]) -> Sheet:
    number, first = 0, ""
    for first in lines:
        number += 1
        if first.strip() and not first.lower().startswith("sep="):
            break
    best = max(_DELIMITERS, key=lambda mark: (sum(map(known, _cells(first, mark))), len(_cells(first, mark))))
    header = tuple(_cells(first, best))
    if not any(name.strip() for name in header):
        raise Refused.because("import-empty", "The file holds no names of columns.", "Export the list again.")
    return Sheet(header, _rows(lines, best, len(header), number))


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _rows(lines: Iterable[str], delimiter: str, width: int, number: int) -> Generator[Row, None, None]:
    csv.field_size_limit(_LONGEST_CELL)
    taken: list[str] = []

    def feed() -> Iterator[str]:
        for line in lines:
            taken.append(line)
            yield line

    reader = csv.reader(feed(), delimiter=delimiter)
    while True:
        try:
            cells = next(reader)
            broken = False
        except StopIteration:
            return
        except csv.Error:
            cells, broken = [], True
        first, count = number + 1, len(taken)
        number += count
        if count > 1 and (broken or len(cells) > width or any("\n" in cell and "@" in cell for cell in cells)):
            # A quotation mark that nobody closed swallows the lines below it: they are read again, each by itself.
            yield from (_alone(first + at, line, delimiter, width) for at, line in enumerate(taken) if line.strip())
        elif broken:
            yield Row(first, (), "A cell is longer than a list's cell can be.")
        elif any(cells):
            yield _checked(first, cells, width)
        taken.clear()


def _alone(number: int, line: str, delimiter: str, width: int) -> Row:
    cells = _cells(line, delimiter)
    if line.count('"') % 2 or not cells:
        return Row(number, (), "A quotation mark is opened and not closed.")
    return _checked(number, cells, width)


def _checked(number: int, cells: list[str], width: int) -> Row:
    if len(cells) > width and any(cells[width:]):
        return Row(number, (), f"The row has {len(cells)} cells, and the first line names {width}.")
    return Row(number, cells)


def _workbook(path: Path | SealedList) -> Sheet:
    rows = _workbook_rows(path)
    header = tuple(next(rows).cells)
    return Sheet(header, rows)


def _workbook_rows(path: Path | SealedList) -> Generator[Row, None, None]:
    """The names above, then what is below them. Its file is open until it ends or is given up."""
    from openpyxl import load_workbook  # noqa: PLC0415 (slow to load, and seldom needed)

    with path.open("rb") as file:
        try:
            with ZipFile(file) as archive:
                if sum(part.file_size for part in archive.infolist()) > LARGEST_WORKBOOK:
                    raise Refused.because(
                        "import-workbook-size", "The workbook unpacks to more than a gigabyte.", "Save its first sheet as CSV."
                    )
            # As a file: by its path, one that is not called .xlsx would be refused.
            book = load_workbook(file, read_only=True, data_only=True)
            rows = book.worksheets[0].iter_rows(values_only=True)
            above, names = next(((at, row) for at, row in enumerate(rows, start=1) if any(row)), (1, ()))
        except Refused:
            raise
        except Exception:  # noqa: BLE001 (a damaged archive fails in many ways; none of them is ours)
            raise Refused.because(
                "import-workbook", "The workbook can't be read.", "Open it, and save its first sheet as CSV or XLSX."
            ) from None
        yield Row(above, [_text(name) for name in names])
        for number, row in enumerate(rows, start=above + 1):
            if any(value not in (None, "") for value in row):
                yield _checked(number, [_text(value) for value in row], len(names))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
