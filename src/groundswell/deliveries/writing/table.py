"""The table of signatures as CSV (RFC 4180), written as it is read, and its pieces for the printed parts."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path

from groundswell.basics.cells import harmless
from groundswell.deliveries.writing.files import private
from groundswell.deliveries.writing.lines import Line

PER_PART = 10_000
"""Lines in one printed part: about 55 pages, which is a folder that a person can carry."""


@dataclass(slots=True)
class Part:
    """The lines of one printed part, and the hash of exactly these lines of the CSV."""

    number: int
    first: int
    last: int = 0
    sha256: str = ""
    per_version: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Table:
    """What was written: how many lines, their hash, the parts, and every sign that stands in a name, a place or a reason."""

    total: int = 0
    list_sha256: str = ""
    per_version: dict[int, int] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    signs: set[str] = field(default_factory=set)
    undrawn: frozenset[str] = frozenset()
    """Signs that no font of the printing machine draws, once somebody has looked."""


def write(
    batches: Iterable[list[Line]], *, texts: Mapping[int, tuple[str, str]], counts: Mapping[int, int], csv_path: Path | None,
    pieces: Path | None,
) -> Table:  # fmt: skip
    """Stream the lines into the CSV (with the texts and how many signed each at its top) and, for print, into pieces.

    The hash of the list is that of the CSV's lines of signatures, from the first number to the last line break.
    """
    table, whole = Table(), hashlib.sha256()
    with private(csv_path or Path("/dev/null")) as out:
        out.write(b"\xef\xbb\xbf" + _cells(_head(texts, counts)))
        printed = _Printed(pieces, table) if pieces else None
        for batch in batches:
            content = _cells([_row(line) for line in batch])
            whole.update(content)
            out.write(content)
            table.total += len(batch)
            if printed:
                printed.take(batch)
            else:
                for version in map(itemgetter(4), batch):
                    table.per_version[version] = table.per_version.get(version, 0) + 1
        if printed:
            printed.close()
    table.list_sha256 = whole.hexdigest()
    return table


class _Printed:
    """Cuts the lines into parts, each a small JSON file for the typesetter."""

    def __init__(self, folder: Path, table: Table) -> None:
        self._folder, self._table = folder, table
        self._waiting: list[Line] = []

    def take(self, batch: list[Line]) -> None:
        self._waiting += batch
        while len(self._waiting) >= PER_PART:
            self._cut(self._waiting[:PER_PART])
            del self._waiting[:PER_PART]

    def close(self) -> None:
        if self._waiting or not self._table.parts:
            self._cut(self._waiting)

    def _cut(self, lines: list[Line]) -> None:
        table = self._table
        last = table.parts[-1].last if table.parts else 0
        part = Part(len(table.parts) + 1, last + 1, last + len(lines))
        part.sha256 = hashlib.sha256(_cells([_row(line) for line in lines])).hexdigest()
        for _, name, place, _, version, reason in lines:
            part.per_version[version] = part.per_version.get(version, 0) + 1
            table.per_version[version] = table.per_version.get(version, 0) + 1
            table.signs.update(name, place, reason)
        content = [[number, name, place, version, reason] for number, name, place, _, version, reason in lines]
        with private(self._folder / f"lines-{part.number}.json") as file:
            file.write(json.dumps(content, ensure_ascii=False).encode())
        table.parts.append(part)


def _head(texts: Mapping[int, tuple[str, str]], counts: Mapping[int, int]) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for number, (title, text) in sorted(texts.items()):
        if number in counts or not counts:
            signed = counts.get(number, 0)
            rows.append(("text", number, harmless(title), harmless(text), f"{signed} signature{'' if signed == 1 else 's'}"))
    return [*rows, ("number", "name", "place", "signed on", "text version", "reason")]


def _row(line: Line) -> tuple[object, ...]:
    number, name, place, day, version, reason = line
    return number, harmless(name), harmless(place), day, version, reason and harmless(reason)


def _cells(rows: Iterable[tuple[object, ...]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8", "replace")
