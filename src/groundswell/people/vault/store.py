"""The vault's table, behind its own role: the ordinary one is refused, so a stray query elsewhere reads nothing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from groundswell.basics import arrays

FIELDS = ("email", "given_name", "family_name", "phone", "street")
_WRITERS = 0x67730001
"""The number of the lock that all who write people share, and that an import's batch and a rotation take alone."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """One person's row, as sealed."""

    person: int
    email: bytes | None
    given_name: bytes | None
    family_name: bytes | None
    phone: bytes | None = None
    street: bytes | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """What a row is found by, and the keys it was made with."""

    email: bytes
    phone: bytes | None
    given_name: Sequence[int]
    family_name: Sequence[int]
    index_key: int
    vault_key: int


@contextmanager
def inside() -> Iterator[CursorWrapper]:
    """A cursor with the vault's role, within the caller's transaction (or one of its own)."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE groundswell_vault")
        yield cursor
        # After an error the rollback gives the role back; a statement here would only fail too, and hide the error.
        cursor.execute("RESET ROLE")


def among_others() -> None:
    """Hold off imports' batches and rotations until the transaction ends; call first in every verb that writes people.

    First, because who waits here must not hold a row that the one inside wants.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_WRITERS])


def alone() -> None:
    """Be the only one who writes people until the transaction ends: what was looked up stays true until it is written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_WRITERS])


def hold(index: bytes) -> None:
    """Be the only one who decides about an unknown address until the transaction ends: to enrol it, or to suppress it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(index[:8], "big", signed=True)])


def hold_all(indexes: Sequence[bytes]) -> None:
    """The same for several, in one order for all who do it."""
    numbers = sorted(int.from_bytes(index[:8], "big", signed=True) for index in indexes)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(n) FROM unnest(%s::bigint[]) WITH ORDINALITY t(n, o) ORDER BY o", [numbers])


def persons_by_index(indexes: Sequence[bytes]) -> dict[bytes, int]:
    """Who has these addresses; unknown ones are left out."""
    with inside() as cursor:
        cursor.execute(
            "SELECT email_index, COALESCE(merged_into, person) FROM vault.contact WHERE email_index = ANY(%s::bytea[])",
            [arrays.of_bytes(indexes)],
        )
        return {bytes(index): int(person) for index, person in cursor.fetchall()}


def person_by_index(*indexes: bytes) -> int | None:
    """Who has this address, by its blind index (under every key that is in the ring); a second address is its person's."""
    with inside() as cursor:
        cursor.execute("SELECT COALESCE(merged_into, person) FROM vault.contact WHERE email_index = ANY(%s)", [list(indexes)])
        row = cursor.fetchone()
    return None if row is None else int(row[0])


def put(row: Sealed, marks: Marks) -> bool:
    """A new person's details; False where the address is somebody's already (nothing is written then)."""
    with inside() as cursor:
        cursor.execute(
            "INSERT INTO vault.contact (person, email, email_index, given_name, family_name, phone, phone_index, street,"
            " name_tokens, vault_key, index_key) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s::bigint[], %s, %s)"
            " ON CONFLICT (email_index) DO NOTHING",
            [
                row.person, row.email, marks.email, row.given_name, row.family_name, row.phone, marks.phone, row.street,
                [*marks.given_name, *marks.family_name] or None, marks.vault_key, marks.index_key,
            ],
        )  # fmt: skip
        return bool(cursor.rowcount == 1)


def fill_blanks(row: Sealed, marks: Marks) -> None:
    """Give values where there are none; a fuller value is never overwritten."""
    with inside() as cursor:
        cursor.execute(
            """
            UPDATE vault.contact SET
                given_name = COALESCE(given_name, %(given)s), family_name = COALESCE(family_name, %(family)s),
                phone_index = CASE WHEN phone IS NULL THEN %(phone_index)s ELSE phone_index END,
                phone = COALESCE(phone, %(phone)s), street = COALESCE(street, %(street)s),
                name_tokens = NULLIF(COALESCE(name_tokens, '{}')
                    || CASE WHEN given_name IS NULL THEN %(given_tokens)s::bigint[] ELSE '{}' END
                    || CASE WHEN family_name IS NULL THEN %(family_tokens)s::bigint[] ELSE '{}' END, '{}'),
                vault_key = LEAST(vault_key, %(vault_key)s), index_key = LEAST(index_key, %(index_key)s)
            WHERE person = %(person)s AND (given_name IS NULL AND %(given)s::bytea IS NOT NULL
                OR family_name IS NULL AND %(family)s::bytea IS NOT NULL OR phone IS NULL AND %(phone)s::bytea IS NOT NULL
                OR street IS NULL AND %(street)s::bytea IS NOT NULL)
            """,
            {
                "given": row.given_name, "family": row.family_name, "phone": row.phone, "street": row.street,
                "phone_index": marks.phone, "given_tokens": list(marks.given_name), "family_tokens": list(marks.family_name),
                "vault_key": marks.vault_key, "index_key": marks.index_key, "person": row.person,
            },
        )  # fmt: skip


def get(persons: Sequence[int]) -> list[Sealed]:
    """The rows of these people, in no order; those without details are left out."""
    with inside() as cursor:
        cursor.execute(
            "SELECT person, email, given_name, family_name, phone, street FROM vault.contact WHERE person = ANY(%s)",
            [list(persons)],
        )
        return [Sealed(*row) for row in cursor.fetchall()]


def addresses(persons: Sequence[int]) -> list[tuple[int, bytes, bytes | None]]:
    """Person, sealed address, sealed first name of these people: what a letter needs."""
    with inside() as cursor:
        # Binary, as in `names`.
        with psycopg.Cursor(cursor.connection) as raw:
            query = "SELECT person, email, given_name FROM vault.contact WHERE person = ANY(%s::bigint[])"
            return raw.execute(query, [arrays.of_numbers(persons)], binary=True).fetchall()


def addresses_after(person: int, upto: int, *, most: int) -> list[tuple[int, bytes]]:
    """Person and sealed address of the next people after this number, up to that one; second addresses are left out."""
    with inside() as cursor:
        # Binary, as in `names`.
        with psycopg.Cursor(cursor.connection) as raw:
            query = (
                "SELECT person, email FROM vault.contact WHERE person > %s AND person <= %s AND merged_into IS NULL"
                " AND email IS NOT NULL ORDER BY person LIMIT %s"
            )
            return list(raw.execute(query, [person, upto, most], binary=True).fetchall())


def oldest_and_newest() -> list[tuple[int, bytes, bytes]]:
    """Person, sealed address and its index, of who has been here longest and shortest; fewer where there are none."""
    with inside() as cursor:
        found = []
        for order in ("ASC", "DESC"):
            cursor.execute(f"SELECT person, email, email_index FROM vault.contact ORDER BY person {order} LIMIT 1")  # noqa: S608
            found += [(int(person), bytes(email), bytes(mark)) for person, email, mark in cursor.fetchall()]
        return found


def highest() -> int:
    """The highest number of a person with details."""
    with inside() as cursor:
        cursor.execute("SELECT COALESCE(max(person), 0) FROM vault.contact")
        return int(cursor.fetchone()[0])


def names(persons: Sequence[int]) -> list[tuple[int, bytes | None, bytes | None]]:
    """Person, sealed first name, sealed family name of these people: what a roll needs, and no address."""
    with inside() as cursor:
        # Binary: a sealed name comes as it lies there, not as twice as many hexadecimal digits.
        with psycopg.Cursor(cursor.connection) as raw:
            query = "SELECT person, given_name, family_name FROM vault.contact WHERE person = ANY(%s::bigint[])"
            return raw.execute(query, [arrays.of_numbers(persons)], binary=True).fetchall()


def index_of(person: int) -> bytes | None:
    """The blind index of a person's address; None for who was forgotten, or merged into somebody."""
    return indexes_of([person]).get(person)


def keyed_index_of(person: int) -> tuple[bytes, int] | None:
    """The blind index of a person's address, and the key it was made with (or an older one)."""
    with inside() as cursor:
        cursor.execute("SELECT email_index, index_key FROM vault.contact WHERE person = %s", [person])
        row = cursor.fetchone()
    return None if row is None else (bytes(row[0]), int(row[1]))


def keyed_indexes_of(person: int) -> list[tuple[bytes, int]]:
    """The same of the address and of every second one that came to this person by a merge."""
    with inside() as cursor:
        cursor.execute("SELECT email_index, index_key FROM vault.contact WHERE person = %s OR merged_into = %s", [person, person])
        return [(bytes(index), int(key_id)) for index, key_id in cursor.fetchall()]


def keyed_indexes(persons: Sequence[int]) -> dict[int, list[tuple[bytes, int]]]:
    """Person → what `keyed_indexes_of` says of them; who has no details, or was merged into somebody, is left out."""
    with inside() as cursor:
        cursor.execute(
            "SELECT COALESCE(merged_into, person), email_index, index_key FROM vault.contact"
            " WHERE (person = ANY(%(persons)s) AND merged_into IS NULL) OR merged_into = ANY(%(persons)s)",
            {"persons": list(persons)},
        )
        found: dict[int, list[tuple[bytes, int]]] = {}
        for person, index, key_id in cursor.fetchall():
            found.setdefault(int(person), []).append((bytes(index), int(key_id)))
        return found


def indexes_of(persons: Sequence[int]) -> dict[int, bytes]:
    """Person → the blind index of their address; who has no details is left out."""
    with inside() as cursor:
        cursor.execute(
            "SELECT person, email_index FROM vault.contact WHERE person = ANY(%s::bigint[]) AND merged_into IS NULL",
            [arrays.of_numbers(persons)],
        )
        return {int(person): bytes(index) for person, index in cursor.fetchall()}


def named(tokens: Sequence[Sequence[int]], *, limit: int) -> list[int]:
    """Who is found by all tokens of one of these lists (a list per key), the newest first."""
    with inside() as cursor:
        found: set[int] = set()
        for wanted in tokens:
            cursor.execute(
                "SELECT COALESCE(merged_into, person) FROM vault.contact WHERE name_tokens @> %s::bigint[]"
                " ORDER BY person DESC LIMIT %s",
                [list(wanted), limit],
            )
            found.update(int(row[0]) for row in cursor.fetchall())
    return sorted(found, reverse=True)[:limit]


def by_phone(indexes: Sequence[bytes], *, limit: int) -> list[int]:
    """Who has this number: several people of a household may."""
    with inside() as cursor:
        cursor.execute(
            "SELECT DISTINCT COALESCE(merged_into, person) FROM vault.contact WHERE phone_index = ANY(%s) ORDER BY 1 LIMIT %s",
            [list(indexes), limit],
        )
        return [int(row[0]) for row in cursor.fetchall()]


def remove(persons: Sequence[int]) -> list[int]:
    """The details are gone, with everything in the vault that was of these people: their second addresses too.

    Returns them, and with them whose the second addresses had been.
    """
    with inside() as cursor:
        cursor.execute("SELECT person FROM vault.contact WHERE merged_into = ANY(%s)", [list(persons)])
        everybody = [*persons, *(int(row[0]) for row in cursor.fetchall())]
        for table in ("contact", "note", "change"):
            cursor.execute(f"DELETE FROM vault.{table} WHERE person = ANY(%s)", [everybody])  # noqa: S608 (our own names)
    return everybody


def count_changes(runs: Sequence[int]) -> dict[int, int]:
    """How many values each of these imports could still give back; those that could none are left out."""
    with inside() as cursor:
        cursor.execute("SELECT run, count(*) FROM vault.change WHERE run = ANY(%s) GROUP BY run", [list(runs)])
        return {int(run): int(count) for run, count in cursor.fetchall()}


def drop_changes(runs: Sequence[int]) -> None:
    """What these imports wrote over can't be given back any more."""
    with inside() as cursor:
        cursor.execute("DELETE FROM vault.change WHERE run = ANY(%s)", [list(runs)])
