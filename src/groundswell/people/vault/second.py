"""Second addresses and notes: what lies in the vault beside a person's one row of details."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from groundswell.basics import arrays
from groundswell.people.vault.store import inside


def set_merged(gone: int, kept: int | None, also: Sequence[int] = ()) -> None:
    """The address of `gone`, and those that had come to them, are second ones of `kept` from now on.

    With None the first is a person's own again, and those of `also` come to that person.
    """
    with inside() as cursor:
        if kept is None:
            cursor.execute("UPDATE vault.contact SET merged_into = NULL WHERE person = %s", [gone])
            cursor.execute("UPDATE vault.contact SET merged_into = %s WHERE person = ANY(%s)", [gone, list(also)])
        else:
            cursor.execute("UPDATE vault.contact SET merged_into = %s WHERE person = %s OR merged_into = %s", [kept, gone, gone])


def now_is(persons: Sequence[int]) -> Mapping[int, int]:
    """Of these people, who was merged into whom; the others are left out."""
    with inside() as cursor:
        cursor.execute(
            "SELECT person, merged_into FROM vault.contact WHERE person = ANY(%s) AND merged_into IS NOT NULL", [list(persons)]
        )
        return {int(person): int(kept) for person, kept in cursor.fetchall()}


def merged_among(persons: Sequence[int]) -> set[int]:
    """Those of these people who are a side of a merge that stands."""
    with inside() as cursor:
        cursor.execute(
            "SELECT person FROM vault.contact WHERE person = ANY(%(persons)s) AND merged_into IS NOT NULL"
            " UNION SELECT merged_into FROM vault.contact WHERE merged_into = ANY(%(persons)s)",
            {"persons": list(persons)},
        )
        return {int(row[0]) for row in cursor.fetchall()}


def seconds_of(person: int) -> list[tuple[int, bytes]]:
    """Whose it was, and the sealed address, of every second address of this person."""
    with inside() as cursor:
        cursor.execute("SELECT person, email FROM vault.contact WHERE merged_into = %s ORDER BY person", [person])
        return [(int(number), bytes(email)) for number, email in cursor.fetchall()]


def set_marks(marks: Sequence[tuple[int, bytes | None, Sequence[int]]]) -> None:
    """What people are found by beside their address, made anew from what is there: person, index of the number, tokens."""
    with inside() as cursor:
        cursor.execute(
            "UPDATE vault.contact c SET phone_index = n.phone, name_tokens = NULLIF(n.tokens::bigint[], '{}')"
            " FROM unnest(%s::bigint[], %s::bytea[], %s::text[]) n(person, phone, tokens) WHERE c.person = n.person",
            [
                arrays.of_numbers(person for person, _, _ in marks), arrays.of_bytes(phone for _, phone, _ in marks),
                [arrays.of_numbers(tokens) for _, _, tokens in marks],
            ],
        )  # fmt: skip


def noted_among(persons: Sequence[int]) -> set[int]:
    """Those of these people of whom staff wrote a note."""
    with inside() as cursor:
        cursor.execute("SELECT DISTINCT person FROM vault.note WHERE person = ANY(%s::bigint[])", [arrays.of_numbers(persons)])
        return {int(row[0]) for row in cursor.fetchall()}


def add_note(person: int, note: bytes, vault_key: int, at: datetime, staff_id: int | None) -> None:
    """Keep a sealed note."""
    with inside() as cursor:
        cursor.execute(
            "INSERT INTO vault.note (person, note, vault_key, at, by_staff) VALUES (%s, %s, %s, %s, %s)",
            [person, note, vault_key, at, staff_id],
        )


def notes_of(person: int) -> list[tuple[int, datetime, bytes, int | None]]:
    """Whom it was written of, when, the sealed note, and by whom; the oldest first. Notes of who was merged in are there."""
    with inside() as cursor:
        cursor.execute(
            "SELECT person, at, note, by_staff FROM vault.note WHERE person = %s"
            " OR person IN (SELECT person FROM vault.contact WHERE merged_into = %s) ORDER BY id",
            [person, person],
        )
        return list(cursor.fetchall())
