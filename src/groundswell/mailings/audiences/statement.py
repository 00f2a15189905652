"""A statement being made: the values that belong into it, and the sets of people that it joins, each once. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from groundswell.mailings.audiences.definition import Catalogue


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL of our own making, and the values that belong into it."""

    sql: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows that make a set: what it is called, FROM and WHERE of it, and whether each person is in it at most once."""

    key: tuple[str, str]
    body: str
    once: bool = True
    counted: bool = False
    """How often each person is in it is asked for, too."""
    beside: str = ""
    """Columns of it that are read beside the person."""

    @property
    def select(self) -> str:
        """The set as a query."""
        if self.beside:
            return f"SELECT x.person_id, {self.beside} FROM {self.body}"  # noqa: S608
        if self.counted:
            return f"SELECT x.person_id, count(*)::int AS n FROM {self.body} GROUP BY x.person_id"  # noqa: S608
        return f"SELECT {'' if self.once else 'DISTINCT '}x.person_id FROM {self.body}"  # noqa: S608


@dataclass(slots=True)
class Building:
    """What is known while a statement is made, and what it has come to so far."""

    catalogue: Catalogue
    now: datetime
    topic: int | None = None
    """What the letter is about (see `Letter.topic`); None where that is not decided yet."""
    joins: dict[tuple[str, str], tuple[str, Rows]] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    def value(self, value: Any) -> str:
        """The place of a value in the statement: whatever it is, it stays beside the SQL."""
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f"%({name})s"

    def joined(self, rows: Rows) -> str:
        """The name that a set is joined under: once, however often it is asked for."""
        return self.joins.setdefault(rows.key, (f"j{len(self.joins)}", rows))[0]

    def member(self, rows: Rows) -> str:
        """Being in a set."""
        return f"{self.joined(rows)}.person_id IS NOT NULL"

    def tables(self) -> str:
        """What is read from: people, and every set that was asked for."""
        return "people_person p" + "".join(
            f" LEFT JOIN ({rows.select}) {name} ON {name}.person_id = p.id" for name, rows in self.joins.values()
        )
