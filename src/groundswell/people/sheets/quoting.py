"""Quotation marks in a list of cells: where a quoted cell ends, and whether one that was opened is ever closed. Pure.

What stands within a quotation is one cell, whoever wrote it: a line of it that looks like a row is no row. So a quotation is only
taken for an accident where it can't be one: the next mark opens another cell, or the file ends.
"""

from collections.abc import Iterable
from typing import Literal

State = Literal["inside", "ended", "never"]


class Walk:
    """Along the lines of one record, from its beginning."""

    def __init__(self, delimiter: str) -> None:
        self._delimiter, self._lines = delimiter, 0
        self.state: State = "ended"
        """After the last line: within a quotation, at the record's end, or in one that was never closed."""
        self.undoubled = False
        """Whether a mark stood within a quotation that neither closes it nor is doubled."""
        self.doubtful = False
        """Whether one stood within a later line that opens no cell either: then the quotation may go on for all we know."""

    def along(self, lines: Iterable[str]) -> "Walk":
        """These lines too, as far as the record goes."""
        for line in lines:
            self._line(line)
            if self.state != "inside":
                break
        return self

    def _line(self, line: str) -> None:
        at = 0
        self._lines += 1
        while True:
            if self.state != "inside":
                # The beginning of a cell: quoted, or up to the next delimiter.
                if line.startswith('"', at):
                    self.state, at = "inside", at + 1
                elif (end := line.find(self._delimiter, at)) >= 0:
                    at = end + 1
                    continue
                else:
                    return
            mark = line.find('"', at)
            if mark < 0:
                return
            behind = line[mark + 1 : mark + 2]
            if behind == '"':
                at = mark + 2
            elif behind == self._delimiter:
                self.state, at = "ended", mark + 2
            elif not behind or behind in "\r\n":
                self.state = "ended"
                return
            elif self._lines == 1:
                self.undoubled, at = True, mark + 1
            elif mark == 0 or line[mark - 1] == self._delimiter:
                self.state = "never"
                return
            else:
                self.undoubled, self.doubtful, at = True, True, mark + 1
