"""Conditions on a person's own row: what they are, and what they did (the database keeps a copy of that there). Pure."""

import hashlib
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
    return f"p.signed && {building.value([building.catalogue.petitions[atom.value][0] for atom in atoms])}::int[]"


def of_person(atom: Atom, building: Building) -> str:
    """The condition, true or false of every row."""
    kind, value, give = atom.kind, atom.value, building.value
    # ANY (…) of a list takes four fifths of the time that @> does.
    if kind == "signed":
        return f"{give(building.catalogue.petitions[value][0])}::int = ANY(p.signed)"
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
