"""Conditions on a person's own row: what they are, and what they did (the database keeps a copy of that there). Pure."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from groundswell.mailings.audiences.definition import All, Atom, Condition, Not, Some, day
from groundswell.mailings.audiences.statement import Building

_DRAW = 1 << 20
_ARRAYS = ("signed", "source")
_SETS = ("tag", "topic", "fact", "joined_from", "mailed_within_hours", "had_letters", "audience")


def effort(condition: Condition) -> int:
    """How much it takes to ask: the cheapest condition is asked first, of ten million people."""
    match condition:
        case Not(part):
            return effort(part)
        case All(parts) | Some(parts):
            return max(map(effort, parts), default=0)
        case Atom(kind):
            return 2 if kind in _SETS else 1 if kind in _ARRAYS else 0


def either_signed(condition: All | Some, building: Building) -> str | None:
    """“Signed this or that or that” as one question; None where the parts are not all of that kind."""
    atoms = [part for part in condition.parts if isinstance(part, Atom) and part.kind == "signed"]
    if isinstance(condition, All) or len(atoms) < len(condition.parts):
        return None
    numbers = sorted({building.catalogue.petitions[atom.value][0] for atom in atoms})
    return _signed(numbers, f"p.signed && {building.value(numbers)}::int[]", building)


def of_person(atom: Atom, building: Building) -> str:
    """The condition, true or false of every row."""
    kind, value, give = atom.kind, atom.value, building.value
    # ANY (…) of a list takes four fifths of the time that @> does.
    if kind == "signed":
        number = building.catalogue.petitions[value][0]
        return _signed([number], f"{give(number)}::int = ANY(p.signed)", building)
    if kind == "source":
        return f"{give(value)}::text = ANY(p.sources)"
    if kind in ("country", "region"):
        # One without a list around it, which is opened anew for every row. (A chain of OR would look dearer than a list to the
        # planner, and be asked later.)
        return f"p.{kind} = " + (f"{give(value[0])}::text" if len(value) == 1 else f"ANY({give(list(value))}::text[])")
    if kind == "postcode_area":
        return f"p.postcode_area LIKE ANY({give([f'{area}%' for area in value])}::text[])"
    if kind == "language":
        return (
            f"(p.language = ANY({give(list(value))}::text[]) OR p.language LIKE ANY({give([f'{tag}-%' for tag in value])}::text[]))"
        )
    if kind == "acted_within_days":
        # Two comparisons that PostgreSQL takes apart, estimates, and asks before it unpacks a list; greatest() it does not.
        since = give(building.now - timedelta(days=int(value)))
        return f"((p.acted_at >= {since}) IS TRUE OR (p.heard_at >= {since}) IS TRUE)"
    if kind == "joined":
        parts = []
        if "from" in value:
            parts.append(f"p.joined_at >= {give(day(value['from']))}::date")
        if "to" in value:
            parts.append(f"p.joined_at < {give(day(value['to']) + timedelta(days=1))}::date")
        return f"({' AND '.join(parts)})"
    # hashint8extended is what PostgreSQL's hash partitions rest on: it stays the same from version to version.
    seed = int.from_bytes(hashlib.blake2b(value["of"].encode(), digest_size=8).digest(), "big", signed=True)
    first, last = (give(round(value.get(key, 0) * _DRAW / 100)) for key in ("from", "to"))
    draw = f"(hashint8extended(p.id, {give(seed)}::bigint) & {_DRAW - 1})"
    return f"({draw} >= {first} AND {draw} < {last})"


def _signed(numbers: Sequence[int], listed: str, building: Building) -> str:
    """Whether one of these petitions bears their name: by its bit, which costs a quarter of unpacking the list.

    The bit is the whole answer where no other petition shares it. That is looked up in the statement itself, once: it sees the
    petitions of all signatures that it sees. As a CASE it is guessed to be true of half of the people; a comparison of bits
    would be guessed to be true of nearly nobody, and lead to a plan for so few.
    """
    bits = sum({1 << (number & 63) for number in numbers})
    # In parentheses: -9223372036854775808::bigint is the negative of a number that is too large.
    mask, these = f"({building.value(bits - (bits >> 63 << 64))})::bigint", f"{building.value(list(numbers))}::bigint[]"
    others = f"SELECT FROM actions_petition WHERE {mask} & (1::bigint << (id & 63)::int) <> 0 AND id <> ALL({these})"
    return f"CASE WHEN p.signed_bits & {mask} = 0 THEN false WHEN NOT EXISTS ({others}) THEN true ELSE {listed} END"
