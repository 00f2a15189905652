"""A text file (CSV) as rows of cells, streamed: never more of it in memory than a row, whatever its size or delimiter."""

import csv
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path
from typing import IO

from groundswell.basics.result import Refused
from groundswell.people.sheets.cells import Row, checked
from groundswell.people.sheets.quoting import Walk
from groundswell.people.sheets.sealed import SealedList

LONGEST_LINE = 1 << 20
"""Characters. What is longer is no row of a list; its rest is passed over so that memory stays bounded."""
_LONGEST_CELL = 1 << 17
_LONGEST_HEADER = 100
"""Lines over which the names of the columns may run."""
_DELIMITERS = ",;\t|"


class _Lines:
    """The lines of an open file, each cut to a bounded length. One can be put back."""

    def __init__(self, file: IO[str]) -> None:
        self._file, self._back = file, list[str]()

    def __iter__(self) -> Iterator[str]:
        readline, back = self._file.readline, self._back
        while line := back.pop() if back else readline(LONGEST_LINE):
            if len(line) == LONGEST_LINE:
                rest = line
                while len(rest) == LONGEST_LINE and not rest.endswith(("\n", "\r")):
                    rest = readline(LONGEST_LINE)
            yield line

    def put_back(self, line: str) -> None:
        """The next line is this one again."""
        self._back.append(line)

    def place(self) -> int:
        """Where the next line begins, while none is put back. Slow: not for every line."""
        return self._file.tell()

    def go_to(self, place: int) -> None:
        """The next line is the one that begins there."""
        self._file.seek(place)


def rows_of(path: Path | SealedList, encoding: str, known: Callable[[str], bool]) -> Generator[Row, None, None]:
    """The names above, then what is below them. The file is open until it ends or is given up."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        lines = _Lines(file)
        number, first = 0, ""
        for first in lines:
            number += 1
            if first.strip() and not first.lower().startswith("sep="):
                break
        record, delimiter = _header(first, lines, known)
        header = _cells(record, delimiter)
        if not any(name.strip() for name in header):
            raise Refused.because("import-empty", "The file holds no names of columns.", "Export the list again.")
        yield Row(number, header)
        yield from _rows(lines, delimiter, len(header), number + len(record) - 1)


def _header(first: str, lines: _Lines, known: Callable[[str], bool]) -> tuple[list[str], str]:
    """The lines that name the columns (a quoted name may run over several), and the delimiter that makes most sense of them."""
    ahead, places, held = [first], [0], len(first)
    if first.count('"') % 2:
        places = [lines.place()]
        for line in lines:
            held += len(line)
            if len(ahead) == _LONGEST_HEADER or held > LONGEST_LINE:
                break
            ahead.append(line)
            places.append(lines.place())

    def record(mark: str) -> list[str]:
        walk = Walk(mark)
        for count, line in enumerate(ahead, start=1):
            if walk.along([line]).state == "ended" and not walk.doubtful:
                return ahead[:count]
        return ahead[:1]

    def sense(mark: str) -> tuple[int, int]:
        cells = _cells(record(mark), mark)
        return sum(map(known, cells)), len(cells)

    best = max(_DELIMITERS, key=sense)
    found = record(best)
    if first.count('"') % 2:
        lines.go_to(places[len(found) - 1])
    return found, best


def _cells(record: list[str], delimiter: str) -> list[str]:
    try:
        return next(csv.reader(record, delimiter=delimiter), [])
    except csv.Error:
        return []


def _rows(lines: _Lines, delimiter: str, width: int, number: int) -> Generator[Row, None, None]:
    csv.field_size_limit(_LONGEST_CELL)
    taken: list[str] = []

    def feed() -> Iterator[str]:
        held = 0
        for line in lines:
            held = held + len(line) if taken else 0
            taken.append(line)
            if held > LONGEST_LINE:
                raise csv.Error
            yield line

    # Strict: a quotation that is followed by anything but a delimiter did not end there.
    reader = csv.reader(feed(), delimiter=delimiter, strict=True)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            found, passed = _mended(taken, lines, delimiter, width, number + 1)
            yield from found
            number += passed
            reader = csv.reader(feed(), delimiter=delimiter, strict=True)
        else:
            first, count = number + 1, len(taken)
            number += count
            if any(cells):
                row = checked(first, cells, width)
                yield row if count == 1 else _over_lines(row, number)
        taken.clear()


def _mended(taken: list[str], lines: _Lines, delimiter: str, width: int, first: int) -> tuple[Iterable[Row], int]:
    """What can be made of lines that could not be read as they stand, and how many lines of the file that are."""
    walk = Walk(delimiter).along(taken)
    if len(taken) == 1 and len(taken[0]) <= _LONGEST_CELL and (walk.state == "ended" or taken[0].count('"') % 2 == 0):
        return [_alone(first, taken[0], delimiter, width)], 1
    place, passed, last = lines.place(), len(taken), taken[-1]
    if walk.state == "inside":
        # Is it closed further below? Looked for line by line, and nothing of it kept.
        for last in lines:
            passed += 1
            if walk.along([last]).state != "inside":
                break
    if walk.state == "ended" or walk.doubtful:
        if walk.state == "never":
            lines.put_back(last)  # another cell begins in it
            passed -= 1
        return [_left_out(first, first + passed - 1, walk)], passed
    # A quotation mark that nobody closed swallows the lines below it: they are read again, each by itself.
    if passed > len(taken):
        lines.go_to(place)
    elif walk.state == "never":
        lines.put_back(taken.pop())  # what begins in it may run on
    alone = list(enumerate(taken, start=first))
    return (_alone(at, line, delimiter, width) for at, line in alone if line.strip()), len(alone)


def _left_out(first: int, last: int, walk: Walk) -> Row:
    why = "A quotation mark within a cell is not doubled" if walk.undoubled else "A cell is longer than a list's cell can be"
    return Row(first, (), f"{why}; lines {first} to {last} are left out." if last > first else f"{why}.")


def _alone(number: int, line: str, delimiter: str, width: int) -> Row:
    cells = _cells([line], delimiter)
    if line.count('"') % 2 or not cells:
        return Row(number, (), "A quotation mark is opened and not closed.")
    return checked(number, cells, width)


def _over_lines(row: Row, last: int) -> Row:
    """Lines within quotation marks are one row. Where it looks as if they were several, that is said."""
    words = f"Lines {row.line} to {last} are one row: quotation marks are around them."
    if row.fault:
        return row._replace(fault=f"{row.fault} {words}")
    seems = any("@" in cell and not {"\n", "\r"}.isdisjoint(cell.strip()) for cell in row.cells)
    return row._replace(advice=words) if seems else row
