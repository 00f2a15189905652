"""A workbook (XLSX) as rows of cells: its first sheet, streamed."""

from collections.abc import Generator, Iterator
from datetime import date, datetime
from pathlib import Path
from zipfile import ZipFile

from groundswell.basics.result import Refused
from groundswell.people.sheets.cells import Row, checked
from groundswell.people.sheets.sealed import SealedList

LARGEST_WORKBOOK = 1 << 30
"""Bytes that a workbook may unpack to: its texts are held in memory, and a small archive may hold any number of them."""


def rows_of(path: Path | SealedList) -> Generator[Row, None, None]:
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
            page = book.worksheets[0]
        except Refused:
            raise
        except Exception:  # noqa: BLE001 (a damaged archive fails in many ways; none of them is ours)
            raise _damaged() from None
        page.reset_dimensions()  # what the file says of its size may be wrong, and rows beyond it would be lost
        rows = enumerate(_whole(page.iter_rows(values_only=True)), start=1)
        above, names = next(((at, row) for at, row in rows if any(row)), (1, ()))
        yield Row(above, [_text(name) for name in names])
        for number, row in rows:
            if any(value not in (None, "") for value in row):
                yield checked(number, [_text(value) for value in row], len(names))


def _whole(rows: Iterator[tuple[object, ...]]) -> Iterator[tuple[object, ...]]:
    try:
        yield from rows
    except Exception:  # noqa: BLE001 (damage further below fails in as many ways, and would tell what a cell holds)
        raise _damaged() from None


def _damaged() -> Refused:
    return Refused.because("import-workbook", "The workbook can't be read.", "Open it, and save its first sheet as CSV or XLSX.")


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
