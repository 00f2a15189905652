"""Words that depend on where the reader is, each with the source that backs it. Pure data, frozen into the letter.

A room above gives `compile_appeal` a table by name; an author writes `{{ supply | "Many towns have it." }}`. Whoever
lives where the table knows something reads that, with its source beside it; everybody else reads the fallback.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from groundswell.basics.result import Problem

PREFIX = "local:"
MOST = 5000
"""Rows of one table: it travels with the letter."""
_NAME = re.compile(r"[a-z_]{1,40}")
_URL = re.compile(r"https?://[^\s<>\"'\\\x00-\x1f]{1,2000}")
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class LocalFact:
    """What is so in one place, and who says it. `date` is the source's own, as it should be printed."""

    words: str
    publisher: str
    url: str
    date: str = ""

    @property
    def source(self) -> str:
        """Who says so, as it is printed."""
        return f"{self.publisher}, {self.date}" if self.date else self.publisher


@dataclass(frozen=True, slots=True)
class Local:
    """A table of local facts. `by` says which of a reader's coarse facts name a row, the most exact combination first.

    `Local((("country", "region"),), {place_key("US", "CA"): LocalFact(…)})`. A combination of which the reader lacks a
    part is passed over.
    """

    by: tuple[tuple[str, ...], ...]
    rows: Mapping[str, LocalFact]

    def near(self, fields: Mapping[str, str | None]) -> LocalFact | None:
        """The row of a reader with these facts; None where the table knows nothing of their place."""
        for names in self.by:
            values = [(fields.get(name) or "").strip() for name in names]
            if all(values) and (found := self.rows.get(place_key(*values))) is not None:
                return found
        return None


def place_key(*values: str) -> str:
    """The key of a row: the facts' values in the order of `by`, whatever their case."""
    return "/".join(value.strip().casefold() for value in values)


def local_fields(tables: Mapping[str, Local], fields: Mapping[str, str | None]) -> Mapping[str, str | None]:
    """A reader's fields, and beside them what the tables hold for their place."""
    if not tables:
        return fields
    found = dict(fields)
    for name, table in tables.items():
        fact = table.near(fields)
        if fact is not None:
            slot = f"{PREFIX}{name}"
            found |= {slot: fact.words, f"{slot}:source": fact.source, f"{slot}:url": fact.url}
    return found


def check_local(tables: Mapping[str, Local]) -> Iterator[Problem]:
    """What is wrong with tables that a letter uses: a claim without a source that can be looked up, or too much."""
    for name, table in tables.items():
        if not _NAME.fullmatch(name) or not table.by or not all(table.by):
            yield Problem("local-table", f"The table “{name[:40]}” can't be a field.", "Name it in small letters, with its facts.")
        if len(table.rows) > MOST:
            yield Problem("local-large", f"The table “{name}” has over {MOST} rows.", "Leave out places that nobody lives in.")
        for key, fact in table.rows.items():
            if not fact.words.strip() or not fact.publisher.strip() or not _URL.fullmatch(fact.url):
                words = f"What “{name}” says of {key[:60]} has no source that can be looked up."
                yield Problem("local-unsourced", words, "Give it a publisher and a web address.")
            elif len(fact.words) > _LONGEST or len(fact.source) > _LONGEST:
                words = f"What “{name}” says of {key[:60]} is too long."
                yield Problem("local-long", words, f"{_LONGEST} characters are the most.")


def local_to_json(tables: Mapping[str, Local]) -> dict[str, Any]:
    """Plain data; `local_from_json` gives back equal tables."""
    return {
        name: {
            "by": [list(names) for names in table.by],
            "rows": {key: [fact.words, fact.publisher, fact.url, fact.date] for key, fact in table.rows.items()},
        }
        for name, table in tables.items()
    }


def local_from_json(content: Mapping[str, Any]) -> dict[str, Local]:
    """The tables that `local_to_json` described."""
    return {
        name: Local(tuple(tuple(names) for names in table["by"]), {key: LocalFact(*fact) for key, fact in table["rows"].items()})
        for name, table in content.items()
    }
