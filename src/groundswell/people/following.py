"""What follows a person when two rows turn out to be one: rooms above say which of their rows bear a person's number.

A room registers a follower when it is ready; merging calls all of them, in one transaction, in the order of their names.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db import connection

Anew = Callable[[int, int, str, bytes | None], bytes | None]
"""From person, to person, field, sealed value: the value sealed for the second."""


class Follower(Protocol):
    """Rows of one table that bear a person's number."""

    def move(self, *, gone: int, kept: int, anew: Anew) -> Any:
        """Give the rows of `gone` to `kept`; returns (for JSON) what `back` needs."""
        ...

    def back(self, *, gone: int, kept: int, moved: Any, anew: Anew) -> None:
        """Give them back, where they are still `kept`'s."""
        ...


@dataclass(frozen=True, slots=True)
class Rows:
    """The usual follower: `person_id` is changed. Where `kept` has a row of the same `same`, the other's stays with `gone`."""

    table: str
    key: str = "id"
    same: str = ""

    def move(self, *, gone: int, kept: int, anew: Anew) -> list[Any]:
        """As promised by `Follower`; remembers the keys of the rows."""
        unless = (
            f" AND NOT EXISTS (SELECT FROM {self.table} o WHERE o.person_id = %(kept)s AND o.{self.same} = t.{self.same})"
            if self.same
            else ""
        )
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {self.table} t SET person_id = %(kept)s WHERE person_id = %(gone)s{unless} RETURNING {self.key}::text",  # noqa: S608
                {"kept": kept, "gone": gone},
            )
            return [row[0] for row in cursor.fetchall()]

    def back(self, *, gone: int, kept: int, moved: Sequence[Any], anew: Anew) -> None:
        """As promised by `Follower`."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {self.table} SET person_id = %s WHERE person_id = %s AND {self.key}::text = ANY(%s)",  # noqa: S608
                [gone, kept, list(moved)],
            )


Forgetter = Callable[[Sequence[int], datetime], None]
_FORGETTERS: dict[str, Forgetter] = {}
_FOLLOWERS: dict[str, Follower] = {}


def follow(name: str, follower: Follower) -> None:
    """A room's rows follow a person from now on. Called once, when the room is ready."""
    _FOLLOWERS[name] = follower


def followers() -> list[tuple[str, Follower]]:
    """Every follower by its name, always in the same order."""
    return sorted(_FOLLOWERS.items())


def follow_forgetting(name: str, verb: Forgetter) -> None:
    """A room takes out what it holds of people who are forgotten, in the same transaction, whichever door they came by."""
    _FORGETTERS[name] = verb


def forgetters() -> list[tuple[str, Forgetter]]:
    """Every one by its name, always in the same order."""
    return sorted(_FORGETTERS.items())
