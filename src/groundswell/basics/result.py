"""What a boundary answers when it cannot do what was asked: a value that says why and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "advice"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong (`error`) or could be better (`advice`).

    `code` is stable and for machines; `message` says what is wrong; `mend` says what to do about it. `line` and
    `column` count from 1 in the author's own text, 0 where the problem has no place. Never holds a person's details.
    """

    code: str
    message: str
    mend: str = ""
    line: int = 0
    column: int = 0
    severity: Severity = "error"
    context: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        place = f"line {self.line}, column {self.column}: " if self.line else ""
        return f"{place}{self.message}{' ' + self.mend if self.mend else ''}"


class Refused(Exception):
    """Something was asked that cannot be done; nothing was changed. Holds problems, never a person."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems

    @classmethod
    def because(cls, code: str, message: str, mend: str = "") -> "Refused":
        """One reason, in one line."""
        return cls(Problem(code, message, mend))
