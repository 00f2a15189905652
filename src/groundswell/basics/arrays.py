"""Many values as one array literal of PostgreSQL (its documentation, 8.15.2): what statements about thousands carry.

The driver's own adaptation of a list looks at every element's type and quotes it; for elements that need no quoting, as here,
that took most of a statement's time. The statement names the type: `%s::bytea[]`.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID


def of_bytes(values: Iterable[bytes | None]) -> str:
    r"""`{\\x00ff,NULL}`: for `bytea[]`."""
    return "{" + ",".join(["NULL" if value is None else "\\\\x" + value.hex() for value in values]) + "}"


def of_numbers(values: Iterable[int | None]) -> str:
    """`{1,NULL}`: for `bigint[]`."""
    return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"


def of_flags(values: Iterable[bool]) -> str:
    """`{t,f}`: for `boolean[]`."""
    return "{" + ",".join(["t" if value else "f" for value in values]) + "}"


def of_texts(values: Iterable[str | None]) -> str:
    """`{"a","b\\"c"}`: for `text[]`. A NUL, which no text of PostgreSQL holds, is the caller's to leave out."""
    return "{" + ",".join(["NULL" if value is None else _quoted(value) for value in values]) + "}"


def _quoted(text: str) -> str:
    if "\\" in text or '"' in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def of_times(values: Iterable[datetime]) -> str:
    """For `timestamptz[]`."""
    return "{" + ",".join([f'"{value.isoformat()}"' for value in values]) + "}"


def of_ids(values: Iterable[UUID | None]) -> str:
    """For `uuid[]`."""
    return "{" + ",".join(["NULL" if value is None else value.hex for value in values]) + "}"
