"""People's own words and photos lie in this room, sealed with the vault's keys: a rotation of those keys comes by here too."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import connection, transaction

from groundswell.campaigns import resealing
from groundswell.people.keys import deed_field, reason_field

AT_ONCE = 1000
Anew = Callable[[int, str, bytes], bytes | None]


class _Column(NamedTuple):
    """A column of sealed values, and what each is bound to beside its person, by the column `of`."""

    table: str
    key: str
    column: str
    of: str
    field: Callable[[Any], str]
    at_once: int = AT_ONCE


_SEALED = (
    _Column("actions_signature", "id", "reason", "petition_id", reason_field),
    _Column("actions_deed", "id", "words", "id", lambda deed: deed_field(deed.hex)),
    # Pictures are large: a few at a time.
    _Column("actions_photo", "deed_id", "image", "deed_id", lambda deed: deed_field(f"{deed.hex} photo"), 20),
)


def uses() -> dict[int, int]:
    """Key id → how many values are sealed with it, here and in the room below."""
    found = dict(resealing.uses())
    with connection.cursor() as cursor:
        for table, _, column, *_ in _SEALED:
            cursor.execute(
                f"SELECT get_byte({column}, 0), count(*) FROM {table} WHERE {column} IS NOT NULL GROUP BY 1"  # noqa: S608 (ours)
            )
            for key_id, count in cursor.fetchall():
                found[int(key_id)] = found.get(int(key_id), 0) + int(count)
    return found


def reseal(anew: Anew, current: int) -> int:
    """Some values of older keys sealed anew; returns how many, 0 when none is left."""
    if count := resealing.reseal(anew, current):
        return count
    for sealed in _SEALED:
        if count := _reseal(sealed, anew, current):
            return count
    return 0


def _reseal(sealed: _Column, anew: Anew, current: int) -> int:
    table, key, column, of, field, at_once = sealed
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key}, person_id, {of}, {column} FROM {table} WHERE {column} IS NOT NULL AND get_byte({column}, 0) <> %s"  # noqa: S608
            f" ORDER BY {key} LIMIT %s FOR UPDATE",
            [current, at_once],
        )
        rows = cursor.fetchall()
        for pk, person, bound_to, value in rows:
            fresh = anew(person, field(bound_to), bytes(value))
            cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", [fresh, pk])  # noqa: S608 (our own names)
    return len(rows)
