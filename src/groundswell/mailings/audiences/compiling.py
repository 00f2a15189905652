"""A definition as one statement with parameters. No text of a definition ever becomes SQL. Pure.

What people are and did (place, petitions, sources, when they last acted) stands on their own rows and is asked in one pass.
Every other set of people (the tagged, who had a letter) is joined once, each person at most once in it, and the conditions
are asked of the joins. PostgreSQL turns “in it” into a join, “not in it” into an anti-join, and keeps the rest
as outer joins, in parallel; nothing depends on a hash fitting into one worker's memory, as IN (…) does. A set in which a
person can be more than once is asked by EXISTS where the whole condition stands or falls with it (a semi-join, parallel
too), and made distinct only elsewhere.
"""

from datetime import datetime, timedelta

from groundswell.mailings.audiences.definition import (
    All,
    Atom,
    Catalogue,
    Condition,
    Definition,
    Not,
    Some,
    as_condition,
    build,
    capped,
)
from groundswell.mailings.audiences.own_row import effort, either_signed, of_person
from groundswell.mailings.audiences.sets import had_letters, rows_of, unheld, wished
from groundswell.mailings.audiences.statement import Building, Statement
from groundswell.mailings.audiences.words import days, letters, said
from groundswell.people.rules import CONTACT, GONE, MERGED, NO_CONSENT
from groundswell.post.wish_rules import OTHER_TOPIC, TOO_SOON

# A number that is nobody's any more (forgotten, merged) or a contact person of an office is in no audience, not even left out.
_SOMEBODY = f"(p.may_mail OR p.why_not NOT IN ('{GONE}', '{MERGED}') AND (p.why_not <> '{CONTACT}' OR p.acted_at IS NOT NULL))"
# A contact person who signed something is somebody of the list, who did not agree to mail.
_WHY_NOT = f"CASE p.why_not WHEN '{CONTACT}' THEN '{NO_CONSENT}' ELSE p.why_not::text END"


def count(definition: Definition, catalogue: Catalogue, *, now: datetime, topic: int | None = None) -> Statement:
    """How many would get a letter: one row, one number."""
    building = Building(catalogue, now, topic)
    wanted = _needed(as_condition(definition), building)
    if catalogue.wishes:
        wanted.append(unheld(building))
    return Statement(f"SELECT count(*) FROM {building.tables()} WHERE {' AND '.join(['p.may_mail', *wanted])}", building.values)


def explain(definition: Definition, catalogue: Catalogue, *, now: datetime, topic: int | None = None) -> Statement:
    """How many, one row by standing: the reason that people may not be mailed for (or none), how many of them would get a
    letter, how many of those only where it is about the one campaign that they asked for (unless `topic` says what it is
    about), and how many are left out by each reason (see `reasons`), in its order.

    Numbers are summed up as they pass: grouping by a reason that is worked out for each person takes thrice the time.
    """
    building = Building(catalogue, now, topic)
    cases = _cases(definition, building)
    # Each person counts for the first reason that is true of them.
    sums = [" AND ".join([*(f"NOT ({earlier})" for earlier in cases[:at]), case]) for at, case in enumerate([*cases, "true"])]
    depends = f"{sums[-1]} AND {wished(building)}.topic IS NOT NULL" if catalogue.wishes and topic is None else "false"
    columns = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in (sums[-1], depends, *sums[:-1]))
    wanted = _where(definition.include, building)
    return Statement(f"SELECT {_WHY_NOT}, {columns} FROM {building.tables()}{wanted} GROUP BY 1", building.values)


def people(definition: Definition, catalogue: Catalogue, *, now: datetime, topic: int | None = None) -> Statement:
    """Everybody of it, each with the reason they are left out for, or none."""
    building = Building(catalogue, now, topic)
    cases = _cases(definition, building)
    words = (
        f" WHEN {case} THEN {building.value(why)}::text" for case, why in zip(cases, reasons(definition, catalogue), strict=True)
    )
    wanted = _where(definition.include, building)
    case = f"CASE WHEN NOT p.may_mail THEN {_WHY_NOT}{''.join(words)} ELSE '' END"
    rows = f"SELECT p.id, {case} AS why FROM {building.tables()}{wanted}"
    return Statement(f"SELECT id, why FROM ({rows}) people ORDER BY id", building.values)


def reasons(definition: Definition, catalogue: Catalogue) -> list[str]:
    """The reasons of the definition in its order, people's own wishes and the cap, as they stand in a row."""
    found = []
    for condition in definition.exclude:
        if isinstance(condition, Atom) and condition.kind == "signed":
            # The reason nearly every letter has: in words that need no second look.
            found.append("has signed already")
        else:
            found.append(f"left out: {said(condition, catalogue)}"[:120])
    if catalogue.wishes:
        found += [TOO_SOON, OTHER_TOPIC]
    if definition.cap:
        found.append(f"had {letters(definition.cap.letters)} in {days(definition.cap.days)}")
    return found


def _cases(definition: Definition, building: Building) -> list[str]:
    cases = [_sql(condition, building) for condition in definition.exclude]
    if building.catalogue.wishes:
        # What somebody asked for themselves comes before a rule of the house.
        cases += [f"coalesce({wished(building)}.why = '{why}', false)" for why in (TOO_SOON, OTHER_TOPIC)]
    if definition.cap:
        cases.append(_sql(capped(definition.cap), building))
    return cases


def _where(include: Condition | None, building: Building) -> str:
    return f" WHERE {' AND '.join([_SOMEBODY, *_needed(include, building)])}"


def _needed(condition: Condition | None, building: Building, *, negated: bool = False) -> list[str]:
    """The parts that all have to be true for the condition to be, the cheapest first."""
    match condition:
        case None:
            return []
        case Not(part):
            return _needed(part, building, negated=not negated)
        case All(parts) if not negated:
            return [sql for part in sorted(parts, key=effort) for sql in _needed(part, building)]
        case Some(parts) if negated:
            return [sql for part in sorted(parts, key=effort) for sql in _needed(part, building, negated=True)]
        case Atom(kind="audience", value=slug):
            return _needed(_saved(slug, building), building, negated=negated)
        case Atom() if (rows := rows_of(condition, building)) is not None and not rows.once:
            return [f"{'NOT ' if negated else ''}EXISTS (SELECT FROM {rows.body} AND x.person_id = p.id)"]
    return [_sql(condition, building, negated=negated)]


def _sql(condition: Condition, building: Building, *, negated: bool = False) -> str:
    match condition:
        case Not(part):
            return _sql(part, building, negated=not negated)
        case All(parts) | Some(parts):
            if not parts:
                return str(isinstance(condition, All) != negated).lower()
            if (either := either_signed(condition, building)) is not None:
                return f"NOT ({either})" if negated else either
            word = " AND " if isinstance(condition, All) != negated else " OR "
            return "(" + word.join(_sql(part, building, negated=negated) for part in sorted(parts, key=effort)) + ")"
        case Atom(kind="audience", value=slug):
            return _sql(_saved(slug, building), building, negated=negated)
        case Atom(kind="mailed_within_hours", value=hours):
            had = had_letters(building, since=building.now - timedelta(hours=int(hours)), at_least=1)
            return f"NOT {had}" if negated else had
        case Atom(kind="had_letters", value=value):
            since = building.now - timedelta(days=int(value["days"]))
            had = had_letters(building, since=since, at_least=int(value["at_least"]), coming=bool(value.get("coming")))
            return f"NOT {had}" if negated else had
        case Atom():
            if (rows := rows_of(condition, building)) is not None:
                member = building.member(rows)
                return member.replace(" IS NOT NULL", " IS NULL") if negated else member
            return f"NOT ({of_person(condition, building)})" if negated else of_person(condition, building)


def _saved(slug: str, building: Building) -> Condition:
    """What a saved audience says: that it isn't made of itself was seen when it was understood."""
    return as_condition(build(building.catalogue.audiences[slug][1]))
