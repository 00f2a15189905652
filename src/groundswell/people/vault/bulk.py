"""The vault for thousands at a time: looked up by their indexes, copied in, filled."""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from groundswell.basics import arrays
from groundswell.people.vault import store

_COLUMNS = (
    "person", "email", "email_index", "given_name", "family_name", "phone", "phone_index", "street", "name_tokens", "vault_key",
    "index_key",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who is here: which of their details are blank, and the index they are found by."""

    person: int
    index: bytes
    index_key: int
    blank: frozenset[str]


def known(indexes: Sequence[bytes]) -> dict[bytes, Known]:
    """Who has these addresses, by index; unknown ones are left out."""
    with store.inside() as cursor:
        cursor.execute(
            f"SELECT {_KNOWN}, merged_into FROM vault.contact WHERE email_index = ANY(%s::bytea[])",  # noqa: S608 (our own names)
            [arrays.of_bytes(indexes)],
        )
        found, seconds = {}, {}
        for *row, merged_into in cursor.fetchall():
            if merged_into is None:
                found[bytes(row[0])] = _as_known(row)
            else:
                seconds[bytes(row[0])] = merged_into
        if seconds:
            # A second address is its person's: what is blank, and the index, are those of the first.
            cursor.execute(f"SELECT {_KNOWN} FROM vault.contact WHERE person = ANY(%s)", [list(seconds.values())])  # noqa: S608
            firsts = {known.person: known for known in map(_as_known, cursor.fetchall())}
            found.update({index: firsts[person] for index, person in seconds.items() if person in firsts})
        return found


_KNOWN = "email_index, person, index_key, given_name IS NULL, family_name IS NULL, phone IS NULL, street IS NULL"


def _as_known(row: Sequence[Any]) -> Known:
    index, person, key_id, *blank = row
    names = frozenset(name for name, is_blank in zip(store.FIELDS[1:], blank, strict=True) if is_blank)
    return Known(person, bytes(index), key_id, names)


def add(rows: Iterable[bytes]) -> None:
    """New people's rows, each as `row` packs it; the database takes the first while the next are made."""
    with store.inside() as cursor, cursor.copy(f"COPY vault.contact ({', '.join(_COLUMNS)}) FROM STDIN (FORMAT BINARY)") as copy:
        copy.write(_SIGNATURE)
        waiting = iter(rows)
        while some := b"".join(islice(waiting, AT_ONCE)):
            copy.write(some)
        copy.write(b"\xff\xff")


# PostgreSQL's binary COPY (its documentation, “COPY”, Binary Format): a signature, rows of fields with their lengths, and -1.
# It takes a third of the time of text, where every byte of a sealed value is written as two digits and read again.
AT_ONCE = 250
"""Rows handed to the database at a time."""
_SIGNATURE = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_HEAD = struct.Struct(">hiq").pack
_LENGTH = struct.Struct(">i").pack
_NONE, _SIXTEEN = _LENGTH(-1), _LENGTH(16)
_ARRAY = struct.Struct(">iiiiii").pack
_KEYS = struct.Struct(">ihih").pack
_INT8 = 20  # the type's number in PostgreSQL's catalogue


def row(
    person: int, sealed: Sequence[bytes | None], mark: bytes, phone_index: bytes | None, tokens: Sequence[bytes],
    vault_key: int, index_key: int,
) -> bytes:  # fmt: skip
    """A person's row for `add`: sealed values in the order of `store.FIELDS`, tokens packed (`index.packed`)."""
    email, given, family, phone, street = [_NONE if value is None else _LENGTH(len(value)) + value for value in sealed]
    return b"".join(
        (
            _HEAD(11, 8, person), email, _SIXTEEN, mark, given, family, phone,
            _NONE if phone_index is None else _SIXTEEN + phone_index, street, _array(tokens), _KEYS(2, vault_key, 2, index_key),
        )
    )  # fmt: skip


def _array(parts: Sequence[bytes]) -> bytes:
    body = b"".join(parts)
    if not body:
        return _NONE
    return _ARRAY(20 + len(body), 1, 0, _INT8, len(body) // 12, 1) + body


@dataclass(frozen=True, slots=True)
class Fill:
    """One value for one field of one person, sealed for them."""

    person: int
    field: str
    sealed: bytes
    phone_index: bytes | None
    tokens: Sequence[int]
    over: bool
    """Written over what is there; otherwise only where nothing is."""


def fill(fills: Sequence[Fill], *, run: int, vault_key: int, index_key: int) -> int:
    """Give these values, and keep beside each what was there before, so that the run can be taken back. Returns how many."""
    done = 0
    with store.inside() as cursor:
        for field in store.FIELDS[1:]:
            these = [fill for fill in fills if fill.field == field]
            if not these:
                continue
            condition = f"(n.anyway OR c.{field} IS NULL)"
            names = field in ("given_name", "family_name")
            # A name that is written over leaves its old tokens: finding one person too many harms less than losing one.
            more = {
                "phone": ", phone_index = n.phone_index",
                "given_name": ", name_tokens = COALESCE(c.name_tokens, '{}') || n.tokens::bigint[]",
                "family_name": ", name_tokens = COALESCE(c.name_tokens, '{}') || n.tokens::bigint[]",
            }.get(field, "")
            cursor.execute(
                f"""
                WITH n AS (
                    SELECT unnest(%s::bigint[]) person, unnest(%s::bytea[]) sealed, unnest(%s::bytea[]) phone_index,
                           unnest(%s::text[]) tokens, unnest(%s::bool[]) anyway
                ), kept AS (
                    INSERT INTO vault.change (run, person, field, before, after, phone_index, name_tokens)
                    SELECT %s, c.person, %s, c.{field}, n.sealed, c.phone_index, c.name_tokens
                    FROM vault.contact c JOIN n USING (person) WHERE {condition}
                    ON CONFLICT (run, person, field) DO UPDATE SET after = EXCLUDED.after
                )
                UPDATE vault.contact c SET {field} = n.sealed, vault_key = LEAST(c.vault_key, %s),
                    index_key = LEAST(c.index_key, %s){more}
                FROM n WHERE c.person = n.person AND {condition}
                """,  # noqa: S608 (our own names of columns)
                [
                    arrays.of_numbers(fill.person for fill in these), arrays.of_bytes(fill.sealed for fill in these),
                    arrays.of_bytes(fill.phone_index for fill in these),
                    [arrays.of_numbers(fill.tokens) for fill in these] if names else [None] * len(these),
                    [fill.over for fill in these], run, field, vault_key, index_key,
                ],
            )  # fmt: skip
            done += cursor.rowcount
    return done


def restore(run: int, *, most: int = 2000) -> tuple[int, list[int]]:
    """What was there before the run is there again, where nobody has written over it since: of the next `most` people.

    Returns how many values, and whose; nobody's when all is done. What these people's names are found by is the caller's to
    make anew: somebody may have added to it meanwhile.
    """
    done = 0
    with store.inside() as cursor:
        cursor.execute("SELECT DISTINCT person FROM vault.change WHERE run = %s ORDER BY person LIMIT %s", [run, most])
        persons = [int(row[0]) for row in cursor.fetchall()]
        these = arrays.of_numbers(persons)
        for field in store.FIELDS[1:] if persons else ():
            more = ", phone_index = h.phone_index" if field == "phone" else ""
            cursor.execute(
                f"UPDATE vault.contact c SET {field} = h.before{more} FROM vault.change h"  # noqa: S608 (our own names)
                f" WHERE h.run = %s AND h.person = ANY(%s::bigint[]) AND h.field = %s AND h.person = c.person"
                f" AND c.{field} = h.after",
                [run, these, field],
            )
            done += cursor.rowcount
        # Where a later run wrote over this one's value, taking that one back must not bring it here again.
        cursor.execute(
            "UPDATE vault.change l SET before = h.before, phone_index = h.phone_index FROM vault.change h"
            " WHERE h.run = %s AND h.person = ANY(%s::bigint[]) AND l.person = h.person AND l.field = h.field"
            " AND l.run <> h.run AND l.before = h.after",
            [run, these],
        )
        cursor.execute("DELETE FROM vault.change WHERE run = %s AND person = ANY(%s::bigint[])", [run, these])
    return done, persons


def filled_among(persons: Sequence[int], *, run: int) -> set[int]:
    """Those of these people who were given a value by another import than this one."""
    with store.inside() as cursor:
        cursor.execute(
            "SELECT DISTINCT person FROM vault.change WHERE person = ANY(%s::bigint[]) AND run > 0 AND run <> %s",
            [arrays.of_numbers(persons), run],
        )
        return {int(row[0]) for row in cursor.fetchall()}


def let_names_wait(megabytes: int) -> None:
    """How much of new names may wait to be put where a search finds them fast, before whoever writes the next has to do it."""
    with store.inside() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '2s'")
        cursor.execute(f"ALTER INDEX vault.contact_name_tokens SET (gin_pending_list_limit = {megabytes * 1024})")


def sort_names_in() -> None:
    """Names that came by the thousand are put where a search finds them fast."""
    with store.inside() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('vault.contact_name_tokens')")
