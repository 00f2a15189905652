"""The locksmith: everything in the vault sealed and indexed anew under a new key, online, a batch at a time.

A rotation has no notes of its own. Each row says which keys it was made with, so that one that was killed goes on, and an
old key leaves the ring only when no row needs it any more.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from groundswell.basics.addresses import parse
from groundswell.basics.keyring import RINGS, KeyRing
from groundswell.basics.result import Problem
from groundswell.people.keys import index_ring, vault_ring
from groundswell.people.operations.needing import Ring, in_words, needed, ring_of
from groundswell.people.operations.proving import prove_keys
from groundswell.people.vault import store
from groundswell.people.vault.index import Indexer
from groundswell.people.vault.open import Opener
from groundswell.people.vault.seal import Sealer
from groundswell.staff.operations import note

AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Rotated:
    """How a rotation ended. `kept` says for each key that had to stay how many rows still need it, `because` which they are."""

    current: int
    people: int
    retired: tuple[int, ...]
    kept: dict[int, int]
    because: dict[int, str]


class Elsewhere(Protocol):
    """A room above that keeps something sealed with the vault's keys: says what it needs, and brings it to today's key."""

    def uses(self) -> dict[int, int]:
        """Key id → how many values need it."""
        ...

    def reseal(self, anew: Callable[[int, str, bytes], bytes | None], current: int) -> int:
        """Some values of older keys sealed anew; how many, 0 when none is left."""
        ...


def rotate(
    *, ring: Ring, staff_id: int | None, why: str, now: datetime, elsewhere: Elsewhere, seen: Callable[[int], None] = lambda _: None
) -> Rotated:
    """Give the ring a new key and bring every row to it; one that was cut short goes on with the key it made.

    Safe while everything runs: both keys open and find until the last row is done. Kill it whenever you like. `Refused`, with
    nothing changed, where the keys at hand are not this list's.
    """
    prove_keys()
    if not _behind(ring) and not (ring == "vault" and _old(elsewhere.uses())):
        _add_key(ring, staff_id, why, now)
    done = 0
    step = _reseal if ring == "vault" else _reindex
    while count := step():
        done += count
        seen(count)
    if ring == "vault":
        while count := _reseal_notes():
            seen(count)
        while count := elsewhere.reseal(_anew(), vault_ring().current):
            seen(count)
    retired, kept = _retire(ring, staff_id, why, now, elsewhere)
    because = {key_id: in_words(rows) for key_id, rows in kept.items()}
    return Rotated(ring_of(ring).current, done, retired, {key_id: sum(rows.values()) for key_id, rows in kept.items()}, because)


def uses(ring: Ring) -> dict[int, int]:
    """Key id → how many rows need it; keys of the ring that nothing needs count 0."""
    return {key_id: sum(rows.values()) for key_id, rows in needed(ring).items()}


def _behind(ring: Ring) -> bool:
    """Whether rows are left that an earlier rotation would have brought to today's key."""
    with store.inside() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT FROM vault.contact WHERE {ring}_key < %s)", [ring_of(ring).current])  # noqa: S608
        row = cursor.fetchone()
    return bool(row and row[0])


def _add_key(ring: Ring, staff_id: int | None, why: str, now: datetime) -> None:
    folder = settings.GROUNDSWELL.key_folder
    fresh = ring_of(ring).with_new(secrets.token_bytes(RINGS[ring][0]))
    folder.write(ring, fresh)
    with transaction.atomic():
        # Whoever writes people with the ring of a moment ago ends before this returns; whoever comes next has the new one.
        store.alone()
        note(actor_id=staff_id, act="new key", about=f"ring {ring}, key {fresh.current}", why=why, now=now)


def _reseal() -> int:
    with transaction.atomic():
        store.alone()
        ring = vault_ring()
        opener, sealer = Opener(ring), Sealer(ring)
        moved: dict[tuple[int, str, bytes], bytes | None] = {}

        def anew(person: int, field: str, value: bytes | None) -> bytes | None:
            """What stands here and beside the imports that wrote it, or wrote over it, stays one: an undo compares them."""
            if value is None:
                return None
            one = (person, field, bytes(value))
            if one not in moved:
                moved[one] = sealer.seal(person, field, opener.open(person, field, value))
            return moved[one]

        with store.inside() as cursor:
            cursor.execute(
                f"SELECT person, {', '.join(store.FIELDS)} FROM vault.contact WHERE vault_key < %s ORDER BY person LIMIT %s",  # noqa: S608
                [ring.current, AT_ONCE],
            )
            rows = cursor.fetchall()
            persons = [row[0] for row in rows]
            fresh = [[anew(row[0], field, value) for field, value in zip(store.FIELDS, row[1:], strict=True)] for row in rows]
            columns = ", ".join(f"unnest(%s::bytea[]) {field}" for field in store.FIELDS)
            cursor.execute(
                f"UPDATE vault.contact c SET {', '.join(f'{field} = n.{field}' for field in store.FIELDS)}, vault_key = %s"  # noqa: S608
                f" FROM (SELECT unnest(%s::bigint[]) person, {columns}) n WHERE c.person = n.person",
                [ring.current, persons, *([row[at] for row in fresh] for at in range(len(store.FIELDS)))],
            )
            cursor.execute("SELECT run, person, field, before, after FROM vault.change WHERE person = ANY(%s)", [persons])
            for run, person, field, before, after in cursor.fetchall():
                cursor.execute(
                    "UPDATE vault.change SET before = %s, after = %s WHERE run = %s AND person = %s AND field = %s",
                    [anew(person, field, before), anew(person, field, after), run, person, field],
                )
            cursor.execute(
                "SELECT id, person, note FROM vault.note WHERE person = ANY(%s) AND vault_key < %s", [persons, ring.current]
            )
            for number, person, text in cursor.fetchall():
                cursor.execute(
                    "UPDATE vault.note SET note = %s, vault_key = %s WHERE id = %s",
                    [anew(person, "note", text), ring.current, number],
                )
    return len(rows)


def _reseal_notes() -> int:
    """Notes that nobody's details brought along: of who was forgotten before they were written. They hold no key for ever."""
    with transaction.atomic():
        store.alone()
        anew, current = _anew(), vault_ring().current
        with store.inside() as cursor:
            cursor.execute("SELECT id, person, note FROM vault.note WHERE vault_key < %s ORDER BY id LIMIT %s", [current, AT_ONCE])
            rows = cursor.fetchall()
            for number, person, text in rows:
                cursor.execute(
                    "UPDATE vault.note SET note = %s, vault_key = %s WHERE id = %s",
                    [anew(person, "note", bytes(text)), current, number],
                )
    return len(rows)


def _reindex() -> int:
    with transaction.atomic():
        # Alone: who suppresses an address at this moment must not do it under the index that is being replaced.
        store.alone()
        opener, index = Opener(vault_ring()), Indexer(index_ring())
        with store.inside() as cursor:
            cursor.execute(
                "SELECT person, email, given_name, family_name, phone, phone_index IS NOT NULL, email_index FROM vault.contact"
                " WHERE index_key < %s ORDER BY person LIMIT %s",
                [index.key_id, AT_ONCE],
            )
            rows = cursor.fetchall()
            fresh = [_marks(opener, index, *row[:6]) for row in rows]
            cursor.execute(
                "UPDATE vault.contact c SET email_index = n.email, phone_index = n.phone,"
                " name_tokens = n.tokens::bigint[], index_key = %s"
                " FROM (SELECT unnest(%s::bigint[]) person, unnest(%s::bytea[]) email, unnest(%s::bytea[]) phone,"
                " unnest(%s::text[]) tokens) n WHERE c.person = n.person",
                [index.key_id, [row[0] for row in rows], *(list(column) for column in zip(*fresh, strict=True))] if rows else
                [index.key_id, [], [], [], []],
            )  # fmt: skip
            _remark_changes(cursor, rows, opener, index)
        _move_suppressions([(bytes(row[6]), marks[0]) for row, marks in zip(rows, fresh, strict=True)], index.key_id)
    return len(rows)


def _remark_changes(cursor: CursorWrapper, rows: Sequence[Any], opener: Opener, index: Indexer) -> None:
    """What an undo would put back is found under the new key too: it is made from the values that would be there then."""
    now = {row[0]: {"given_name": row[2], "family_name": row[3]} for row in rows}
    cursor.execute(
        "SELECT run, person, field, before FROM vault.change WHERE person = ANY(%s) AND field <> 'street' ORDER BY run", [list(now)]
    )
    changes = cursor.fetchall()
    families = {(run, person): before for run, person, field, before in changes if field == "family_name"}
    for run, person, field, before in changes:
        if field == "phone":
            number = opener.open(person, field, before) or ""
            cursor.execute(
                "UPDATE vault.change SET phone_index = %s WHERE run = %s AND person = %s AND field = %s",
                [index.phone(number) if number.startswith("+") else None, run, person, field],
            )
            continue
        # An undo gives the family name back first, and ends with what stands beside the first name.
        names = {**now[person], field: before}
        if field == "given_name" and (run, person) in families:
            names["family_name"] = families[run, person]
        tokens = [token for name, sealed in names.items() for token in index.name(opener.open(person, name, sealed) or "")]
        cursor.execute(
            "UPDATE vault.change SET name_tokens = %s::bigint[] WHERE run = %s AND person = %s AND field = %s",
            [tokens or None, run, person, field],
        )


def _marks(
    opener: Opener, index: Indexer, person: int, email: bytes, given: bytes | None, family: bytes | None, phone: bytes | None,
    indexed: bool,
) -> tuple[bytes, bytes | None, str | None]:  # fmt: skip
    address = parse(opener.open(person, "email", email) or "")
    if isinstance(address, Problem):
        raise ValueError(f"the address of person {person} is none any more")
    tokens = [
        *index.name(opener.open(person, "given_name", given) or ""),
        *index.name(opener.open(person, "family_name", family) or ""),
    ]
    number = index.phone(opener.open(person, "phone", phone)) if indexed else None
    return index.email(address), number, "{" + ",".join(map(str, tokens)) + "}" if tokens else None


def _move_suppressions(pairs: Sequence[tuple[bytes, bytes]], key_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_suppression s SET index = n.new, index_key = %s"
            " FROM (SELECT unnest(%s::bytea[]) old, unnest(%s::bytea[]) new) n WHERE s.index = n.old",
            [key_id, [old for old, _ in pairs], [new for _, new in pairs]],
        )


def _old(used: dict[int, int]) -> bool:
    return any(key_id < vault_ring().current for key_id in used)


def _anew() -> Callable[[int, str, bytes], bytes | None]:
    ring = vault_ring()
    opener, sealer = Opener(ring), Sealer(ring)
    return lambda person, field, sealed: sealer.seal(person, field, opener.open(person, field, sealed))


def _retire(
    ring: Ring, staff_id: int | None, why: str, now: datetime, elsewhere: Elsewhere
) -> tuple[tuple[int, ...], dict[int, dict[str, int]]]:
    with transaction.atomic():
        store.alone()
        used, present = needed(ring), ring_of(ring)
        for key_id, count in elsewhere.uses().items() if ring == "vault" else ():
            used.setdefault(key_id, {})["people's own words and photos"] = count
        gone = tuple(key_id for key_id in present.keys if key_id != present.current and not used.get(key_id))
        if gone:
            note(actor_id=staff_id, act="retire key", about=f"ring {ring}, key {', '.join(map(str, gone))}", why=why, now=now)
            left = {key_id: key for key_id, key in present.keys.items() if key_id not in gone}
            settings.GROUNDSWELL.key_folder.write(ring, KeyRing(left, present.current))
    return gone, {key_id: rows for key_id, rows in used.items() if key_id != present.current and rows}
