"""A row of a file as its cells, whatever kind of file it was. Pure."""

from collections.abc import Sequence
from typing import NamedTuple


class Row(NamedTuple):
    """A row of the file, or what is wrong with it. `line` is where it begins, from 1."""

    line: int
    cells: Sequence[str]
    fault: str = ""
    advice: str = ""
    """What a person may want to look at, of a row that is taken."""


def checked(number: int, cells: list[str], width: int) -> Row:
    """The row, or the fault that it has more cells than there are columns."""
    if len(cells) > width and any(cells[width:]):
        return Row(number, (), f"The row has {len(cells)} cells, and the first line names {width}.")
    return Row(number, cells)
