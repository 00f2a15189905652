"""The form of an audience: rows for every condition, twice (who gets it, who does not), turned into the definition and back.

A definition that the form can't say (an “or” of different things, a “not” inside) is left to its JSON text.
"""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from groundswell.basics import languages
from groundswell.mailings.audiences.definition import Catalogue, evened

_LISTS = ("signed", "tag", "topic", "audience", "source", "joined_from")
"""Several of one of these: any of them."""
_PLACES: dict[str, Callable[[str], str]] = {
    "country": str.upper, "region": str, "postcode_area": str.upper, "language": languages.plain,
}  # fmt: skip
_NUMBERS = ("acted_within_days", "mailed_within_hours")
_GROUPS = {"share": ("of", "from", "to"), "had_letters": ("at_least", "days"), "joined": ("from", "to")}


@dataclass(frozen=True, slots=True)
class Row:
    """One question of the form, with what was answered."""

    name: str
    label: str
    kind: str
    """`choose` (several of a list), `pick` (one of a list), `words`, `number` or `date`."""
    options: tuple[tuple[str, str], ...] = ()
    value: str = ""
    chosen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that belong together; folded away where nothing is answered."""

    title: str
    rows: tuple[Row, ...]

    @property
    def open(self) -> bool:
        """Whether something is answered."""
        return any(row.value or row.chosen for row in self.rows)


def definition(given: QueryDict, names: Catalogue) -> dict[str, Any]:
    """The form's rows as a definition; rows that were left blank say nothing. Not checked yet."""
    include, exclude = _conditions(given, "in", names), _conditions(given, "out", names)
    content: dict[str, Any] = {}
    if include:
        content["include"] = include[0] if len(include) == 1 else {"all": include}
    if exclude:
        content["exclude"] = exclude
    cap = {key: _number(given.get(f"cap-{key}", "")) for key in ("letters", "days") if given.get(f"cap-{key}", "").strip()}
    return {**content, "cap": cap} if cap else content


def answers(content: Mapping[str, Any], names: Catalogue) -> QueryDict | None:
    """The answers that would give this definition; None where the form can't say it."""
    given = QueryDict(mutable=True)
    content = evened(content)
    include = content.get("include")
    sides = {"in": [] if include is None else include.get("all", [include]), "out": content.get("exclude", [])}
    for side, conditions in sides.items():
        for condition in conditions:
            _answer(given, side, condition)
    for key, value in content.get("cap", {}).items():
        given[f"cap-{key}"] = str(value)
    said = definition(given, names)
    return given if _same(said, content) else None


def groups(given: QueryDict, side: str, names: Catalogue) -> list[Group]:
    """The rows of one side, in groups."""

    def choose(key: str, label: str, options: Mapping[str, str]) -> Row | None:
        chosen = tuple(given.getlist(f"{side}-{key}"))
        return Row(f"{side}-{key}", label, "choose", tuple(options.items()), chosen=chosen) if options else None

    def ask(key: str, label: str, kind: str = "words") -> Row:
        return Row(f"{side}-{key}", label, kind, value=given.get(f"{side}-{key}", ""))

    found: list[tuple[str, list[Row | None]]] = [
        ("What they did", [
            choose("signed", "Signed or took part in any of these", {slug: title for slug, (_, title) in names.petitions.items()}),
            ask("source", "Came to act by way of (source codes, with commas)"),
            ask("acted_within_days", "Acted or answered in the last … days", "number"),
        ]),
        ("Marks, topics and saved audiences", [
            choose("tag", "Carries any of these tags", {tag: tag for tag in names.tags}),
            choose("topic", "Wants mail on any of these topics", {topic: topic for topic in names.topics}),
            choose("audience", "Is in any of these audiences", {slug: name for slug, (name, _) in names.audiences.items()}),
        ]),
        ("Place and language", [
            ask("country", "Countries (two letters each, with commas: GB, IE)"), ask("region", "Regions (with commas)"),
            ask("postcode_area", "Postcode begins with (up to four characters, with commas: SW1A, 750)"),
            ask("language", "Languages (with commas: en, es, fr-CA)"),
        ]),
        ("Joining", [
            ask("joined-from", "Joined on this day or later", "date"), ask("joined-to", "Joined on this day or earlier", "date"),
            ask("joined_from", "Agreed to mail at (sources of consent, with commas)"),
        ]),
        ("Letters", [
            ask("mailed_within_hours", "Had a letter in the last … hours", "number"),
            ask("had_letters-at_least", "Had at least … letters", "number"),
            ask("had_letters-days", "… in the last … days", "number"),
        ]),
        ("A share by chance", [
            ask("share-of", "Name of the draw (the same name draws the same people)"),
            ask("share-from", "From … percent", "number"), ask("share-to", "to … percent", "number"),
        ]),
        ("Custom fields", [row for slug in names.facts for row in _fact_rows(given, side, slug, names)]),
    ]  # fmt: skip
    return [Group(title, tuple(filter(None, rows))) for title, rows in found if any(rows)]


def cap_rows(given: QueryDict) -> list[Row]:
    """The two numbers of a cap."""
    return [
        Row("cap-letters", "At most … letters", "number", value=given.get("cap-letters", "")),
        Row("cap-days", "… in … days", "number", value=given.get("cap-days", "")),
    ]


def _fact_rows(given: QueryDict, side: str, slug: str, names: Catalogue) -> list[Row]:
    _, kind, label = names.facts[slug]
    name = f"{side}-fact-{slug}"
    if kind == "yes":
        options = (("", "—"), ("yes", "yes"), ("no", "no"))
        return [Row(f"{name}-is", label, "pick", options, chosen=tuple(given.getlist(f"{name}-is")))]
    if kind == "choice":
        chosen = tuple(given.getlist(f"{name}-is"))
        if slug not in names.choices:
            return [Row(f"{name}-is", f"{label} is", "words", value=given.get(f"{name}-is", ""))]
        # A word that is no choice any more stays in sight: people may still have it.
        words = list(dict.fromkeys(["", *names.choices[slug], *chosen]))
        return [Row(f"{name}-is", f"{label} is", "pick", tuple((word, word or "—") for word in words), chosen=chosen)]
    shape = "date" if kind == "date" else "number"
    ends = (("at_least", "from" if kind == "date" else "at least"), ("at_most", "to" if kind == "date" else "at most"))
    return [Row(f"{name}-{key}", f"{label}: {word}", shape, value=given.get(f"{name}-{key}", "")) for key, word in ends]


def _conditions(given: QueryDict, side: str, names: Catalogue) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for kind in _LISTS:
        values = given.getlist(f"{side}-{kind}")
        if kind in ("source", "joined_from"):
            values = [word for value in values for word in _words(value)]
        chosen = [{kind: value} for value in dict.fromkeys(values) if value]
        if chosen:
            found.append(chosen[0] if len(chosen) == 1 else {"any": chosen})
    for kind, form in _PLACES.items():
        words = [form(word) for word in _words(given.get(f"{side}-{kind}", ""))]
        if words:
            found.append({kind: list(dict.fromkeys(words))})
    for kind in _NUMBERS:
        if text := given.get(f"{side}-{kind}", "").strip():
            found.append({kind: _number(text)})
    for kind, keys in _GROUPS.items():
        parts = {key: given.get(f"{side}-{kind}-{key}", "").strip() for key in keys}
        if any(parts.values()):
            told = {key: text if kind == "joined" or key == "of" else _number(text) for key, text in parts.items() if text}
            found.append({kind: told})
    for slug, (_, kind, _) in names.facts.items():
        parts = {key: given.get(f"{side}-fact-{slug}-{key}", "").strip() for key in ("is", "at_least", "at_most")}
        if any(parts.values()):
            found.append({"fact": {"name": slug, **{key: _fact(kind, text) for key, text in parts.items() if text}}})
    return found


def _answer(given: QueryDict, side: str, condition: Mapping[str, Any]) -> None:
    ((kind, value),) = condition.items()
    if kind == "any":
        for part in value:
            _answer(given, side, part)
    elif kind in ("source", "joined_from"):
        given[f"{side}-{kind}"] = ", ".join(filter(None, [given.get(f"{side}-{kind}", ""), value]))
    elif kind in _LISTS:
        given.appendlist(f"{side}-{kind}", value)
    elif kind in _PLACES:
        given[f"{side}-{kind}"] = ", ".join(value)
    elif kind in _NUMBERS:
        given[f"{side}-{kind}"] = str(value)
    elif kind in _GROUPS or kind == "fact":
        parts = dict(value)
        name = f"{side}-{kind}-{parts.pop('name')}" if kind == "fact" else f"{side}-{kind}"
        for key, part in parts.items():
            given[f"{name}-{key}"] = {True: "yes", False: "no"}[part] if isinstance(part, bool) else str(part)


def _same(said: Mapping[str, Any], content: Mapping[str, Any]) -> bool:
    """Whether they find the same people: the order in which conditions are told does not matter to that."""

    def parts(of: Mapping[str, Any]) -> tuple[list[str], list[str], Any]:
        include = of.get("include")
        conditions = [] if include is None else include.get("all", [include])
        return sorted(map(_told, conditions)), sorted(map(_told, of.get("exclude", []))), of.get("cap")

    return parts(said) == parts(content)


def _told(condition: Mapping[str, Any]) -> str:
    return json.dumps(condition, sort_keys=True)


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _number(text: str) -> int | float | str:
    """The number that the text is; else the text, which is refused with a reason later."""
    text = text.strip()
    if len(text) > 15:
        return text
    try:
        number = int(text) if text.lstrip("-").isdecimal() else float(text)
    except ValueError:
        return text
    return number if math.isfinite(number) else text


def _fact(kind: str, text: str) -> Any:
    if kind == "yes":
        return {"yes": True, "no": False}.get(text, text)
    return _number(text) if kind == "number" else text
