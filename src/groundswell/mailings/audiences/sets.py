"""Conditions that are sets of people in tables of their own: the tagged, those with a custom field, who had a letter. Pure."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import Any

from groundswell.mailings.audiences.definition import Atom, Sent, day
from groundswell.mailings.audiences.statement import Building, Rows
from groundswell.post.wish_rules import against, had_lately

# Accepted, bounced, complained, uncertain: a letter that left, or may have.
LEFT = [3, 7, 8, 9]
# Ready, claimed, to be tried again: a letter that is on its way to somebody.
_COMING = [1, 2, 4]
_JUST_LODGED = timedelta(days=5)
"""Of a letter lodged so lately its rows are looked at, whatever is counted of its days."""
_MOST_LETTERS = 12
"""So many letters are joined one by one, in which each person is once; more are counted together."""


def rows_of(atom: Atom, building: Building) -> Rows | None:
    """The set of people that the condition asks for; None where it asks about the person's own row, or about letters."""
    kind, value, give, catalogue = atom.kind, atom.value, building.value, building.catalogue
    key = (kind, repr(value))
    if kind not in ("tag", "topic", "fact", "joined_from"):
        return None
    if key in building.joins:
        return building.joins[key][1]
    if kind == "joined_from":
        terms = f"SELECT id FROM people_terms WHERE source = {give(value)}"  # noqa: S608
        return Rows(key, f"people_consent x WHERE x.terms_id IN ({terms}) AND x.person_id IS NOT NULL AND x.given", once=False)
    if kind in ("tag", "topic"):
        ids = catalogue.tags if kind == "tag" else catalogue.topics
        return Rows(key, f"people_tagged x WHERE x.tag_id = {give(ids[value])}")
    return Rows(key, _fact(value, building))


def _fact(value: Mapping[str, Any], building: Building) -> str:
    kind_id, kind, _ = building.catalogue.facts[value["name"]]
    rows = f"people_fact x WHERE x.kind_id = {building.value(kind_id)}"
    if kind == "choice":
        return f"{rows} AND x.word = {building.value(value['is'])}"
    if kind == "yes":
        return f"{rows} AND x.number = {building.value(1.0 if value['is'] else 0.0)}"
    for key, sign in (("at_least", ">="), ("at_most", "<=")):
        if key in value:
            number = value[key]
            days_or_number = float((day(number) - day("1970-01-01")).days if kind == "date" else number)
            rows += f" AND x.number {sign} {building.value(days_or_number)}"
    return rows


def had_letters(building: Building, *, since: datetime, at_least: int, coming: bool = False) -> str:
    """Whether a person had so many letters since then; `coming`: or will have had, as those wait for them.

    Of a letter that has left whole, one bit of a person is looked at (see `reached`); of others, their rows.
    """
    flags, numbers, live = [], [], []
    for sent in building.catalogue.letters:
        if sent.first_at is not None and sent.last_at is not None:
            if sent.last_at < since or not sent.numbers:
                continue
            if sent.first_at >= since:
                bit = _bit(building, sent)
                flags.append(f"{bit} = 1")
                numbers.append(bit)
                continue
            live.append(sent.letter)
        elif _may_have_left(sent, since):
            live.append(sent.letter)
    waiting = {sent.letter for sent in building.catalogue.letters if sent.waiting} if coming else set()
    if len(live) <= _MOST_LETTERS:
        for rows in _each(building, live, since, waiting):
            member = building.member(rows)
            flags.append(member)
            numbers.append(f"({member})::int")
    else:
        key = ("letters", f"{since} {coming}")
        rows = building.joins[key][1] if key in building.joins else _together(building, key, live, since, waiting)
        flags.append(building.member(rows))
        numbers.append(f"coalesce({building.joined(rows)}.n, 0)")
    if not flags:
        return "false"
    return f"({' OR '.join(flags)})" if at_least == 1 else f"({' + '.join(numbers)} >= {building.value(at_least)})"


def _may_have_left(sent: Sent, since: datetime) -> bool:
    """Of a letter of which nothing is kept: whether a row of it can have left since.

    Under a warm-up, a pause or a series a letter leaves for weeks, so that its day of lodging says nothing.
    """
    lately = sent.last_day is not None and sent.last_day >= since.date()
    return lately or sent.waiting or sent.lodged_at >= since - _JUST_LODGED


def wished(building: Building) -> str:
    """The name that people's wishes for fewer letters are joined under: `why` a letter is not for them, and their `topic`."""
    key = ("wishes", "")
    return (
        building.joins[key][0] if key in building.joins else building.joined(Rows(key, _wishes(building), beside="x.why, x.topic"))
    )


def unheld(building: Building) -> str:
    """Nothing that they asked for holds the letter back: an anti-join, of whose size PostgreSQL has an idea."""
    key = ("wishes", "held")
    rows = building.joins[key][1] if key in building.joins else Rows(key, f"{_wishes(building)} WHERE x.why IS NOT NULL")
    return building.member(rows).replace(" IS NOT NULL", " IS NULL")


def _wishes(building: Building) -> str:
    why = against(topic=f"{building.value(building.topic)}::bigint")
    had = had_lately(letter="NULL", now=f"{building.value(building.now)}::timestamptz")
    return f"(SELECT w.person_id, w.topic, {why} AS why FROM post_wish w {had} GROUP BY w.person_id) x"  # noqa: S608


def _bit(building: Building, sent: Sent) -> str:
    # The empty value makes it one piece that is unpacked once, not for each person; where the row is gone meanwhile, the
    # statement fails rather than writes to somebody too often.
    bits = f"(SELECT bits || ''::bytea FROM mailings_reached WHERE letter_id = {building.value(sent.letter)})"  # noqa: S608
    return f"CASE WHEN p.id < {building.value(sent.numbers)} THEN get_bit(coalesce({bits}, ''::bytea), p.id) ELSE 0 END"


def _each(building: Building, letters: list[int], since: datetime, waiting: AbstractSet[int]) -> list[Rows]:
    keys = [("letter", f"{letter} {since} {letter in waiting}") for letter in letters]
    if not letters or all(key in building.joins for key in keys):
        return [building.joins[key][1] for key in keys]
    left = _left(building, since)
    coming = f"({left} OR x.state = ANY({building.value(_COMING)}::smallint[]))" if waiting else left
    return [
        Rows(key, f"post_delivery x WHERE x.letter_id = {building.value(letter)} AND {coming if letter in waiting else left}")
        for key, letter in zip(keys, letters, strict=True)
    ]


def _together(
    building: Building, key: tuple[str, str], letters: list[int], since: datetime, waiting: AbstractSet[int]
) -> Rows:  # fmt: skip
    chosen, which = f"x.letter_id = ANY({building.value(letters)}::bigint[])", _left(building, since)
    if waiting:
        those = f"x.letter_id = ANY({building.value(sorted(waiting))}::bigint[])"
        which = f"({which} OR x.state = ANY({building.value(_COMING)}::smallint[]) AND {those})"
    return Rows(key, f"post_delivery x WHERE {chosen} AND {which}", once=False, counted=True)


def _left(building: Building, since: datetime) -> str:
    return f"x.state = ANY({building.value(LEFT)}::smallint[]) AND x.changed_at >= {building.value(since)}"
