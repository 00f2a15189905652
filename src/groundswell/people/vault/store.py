"""The vault's table, behind its own role: the ordinary one is refused, so a stray query elsewhere reads nothing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

FIELDS = ("email", "given_name", "family_name")


@dataclass(frozen=True, slots=True)
class Sealed:
    """One person's row, as sealed."""

    person: int
    email: bytes | None
    given_name: bytes | None
    family_name: bytes | None


@contextmanager
def inside() -> Iterator[CursorWrapper]:
    """A cursor with the vault's role, within the caller's transaction (or one of its own)."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE groundswell_vault")
        try:
            yield cursor
        finally:
            if not connection.needs_rollback:
                cursor.execute("RESET ROLE")


def person_by_index(index: bytes) -> int | None:
    """Who has this address, by its blind index."""
    with inside() as cursor:
        cursor.execute("SELECT person FROM vault.contact WHERE email_index = %s", [index])
        row = cursor.fetchone()
    return None if row is None else int(row[0])


def persons_by_index(indexes: Sequence[bytes]) -> dict[bytes, int]:
    """Who has these addresses; unknown ones are left out."""
    with inside() as cursor:
        cursor.execute("SELECT email_index, person FROM vault.contact WHERE email_index = ANY(%s)", [list(indexes)])
        return {bytes(index): int(person) for index, person in cursor.fetchall()}


def put(row: Sealed, index: bytes) -> bool:
    """A new person's details; False where the address is somebody's already (nothing is written then)."""
    with inside() as cursor:
        cursor.execute(
            "INSERT INTO vault.contact (person, email, email_index, given_name, family_name) VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT (email_index) DO NOTHING",
            [row.person, row.email, index, row.given_name, row.family_name],
        )
        return bool(cursor.rowcount == 1)


def fill_blanks(row: Sealed) -> None:
    """Give values where there are none; a fuller value is never overwritten."""
    with inside() as cursor:
        cursor.execute(
            "UPDATE vault.contact SET given_name = COALESCE(given_name, %s), family_name = COALESCE(family_name, %s)"
            " WHERE person = %s",
            [row.given_name, row.family_name, row.person],
        )


def get(persons: Sequence[int]) -> list[Sealed]:
    """The rows of these people, in no order; those without details are left out."""
    with inside() as cursor:
        cursor.execute("SELECT person, email, given_name, family_name FROM vault.contact WHERE person = ANY(%s)", [list(persons)])
        return [Sealed(*row) for row in cursor.fetchall()]


def index_of(person: int) -> bytes | None:
    """The blind index of a person's address."""
    with inside() as cursor:
        cursor.execute("SELECT email_index FROM vault.contact WHERE person = %s", [person])
        row = cursor.fetchone()
    return None if row is None else bytes(row[0])


def remove(person: int) -> None:
    """The details are gone."""
    with inside() as cursor:
        cursor.execute("DELETE FROM vault.contact WHERE person = %s", [person])
