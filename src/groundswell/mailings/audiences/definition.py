"""Who a letter is for: a composable definition, as data. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from groundswell.basics import languages

ATOMS = (
    "signed", "source", "joined_from", "tag", "topic", "fact", "country", "region", "postcode_area", "language", "joined",
    "mailed_within_hours", "had_letters", "acted_within_days", "share", "audience",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Atom:
    """One condition that is true of a person or not."""

    kind: str
    value: Any


@dataclass(frozen=True, slots=True)
class All:
    """True where every part is."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """True where some part is."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True where the part is not."""

    part: "Condition"


Condition = Atom | All | Some | Not


@dataclass(frozen=True, slots=True)
class Cap:
    """Nobody gets more than so many letters in so many days."""

    letters: int
    days: int


@dataclass(frozen=True, slots=True)
class Definition:
    """Everybody who fulfils `include`, without those whom an exclusion names, under a cap."""

    include: Condition | None = None
    exclude: tuple[Condition, ...] = ()
    cap: Cap | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """A mailing's letter, when it was lodged, and what is kept of whom it reached (see `reached`), once all of it has left."""

    letter: int
    lodged_at: datetime
    first_at: datetime | None = None
    last_at: datetime | None = None
    numbers: int = 0
    """People's numbers below this one are told apart; of any above, none had it."""
    last_day: date | None = None
    """The last day on which any of it was handed over."""
    waiting: bool = False
    """Some of it is still to go."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What there is to be named: title by slug for petitions and fields, and ids of all."""

    petitions: Mapping[str, tuple[int, str]]
    tags: Mapping[str, int]
    topics: Mapping[str, int]
    facts: Mapping[str, tuple[int, str, str]]
    """Slug → id, kind, label."""
    letters: Sequence[Sent] = ()
    """Mailings of the last year, the newest first: who had one is asked letter by letter."""
    audiences: Mapping[str, tuple[str, Mapping[str, Any]]] = field(default_factory=dict)
    """Saved audiences by slug: name and content. A definition may be composed of them."""
    kinds: Mapping[str, str] = field(default_factory=dict)
    """Slug → kind, of actions that are no petitions."""
    wishes: bool = False
    """Whether anybody asked for fewer letters, or for letters on one topic only: what nobody asked for is not looked for."""
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Slug → the words of a custom field that is one of few words."""
    in_use: Callable[[str, str], bool] = lambda slug, word: False
    """Whether anybody has this word in this custom field, though it is none of its choices."""


def build(content: Mapping[str, Any]) -> Definition:
    """The definition of a JSON object that fulfils the schema."""
    content = evened(content)
    cap = content.get("cap")
    return Definition(
        _condition(content["include"]) if "include" in content else None,
        tuple(_condition(part) for part in content.get("exclude", ())),
        Cap(int(cap["letters"]), int(cap["days"])) if cap else None,
    )


def evened(content: Mapping[str, Any]) -> dict[str, Any]:
    """The same object with languages written as people have them: whoever wants `EN` or `pt_BR` means `en` and `pt-br`."""
    found = dict(content)
    if "include" in found:
        found["include"] = _evened(found["include"])
    if "exclude" in found:
        found["exclude"] = [_evened(part) for part in found["exclude"]]
    return found


def _evened(condition: Mapping[str, Any]) -> dict[str, Any]:
    ((kind, value),) = condition.items()
    if kind in ("all", "any"):
        return {kind: [_evened(part) for part in value]}
    if kind == "not":
        return {kind: _evened(value)}
    return {kind: list(dict.fromkeys(map(languages.plain, value))) if kind == "language" else value}


def _condition(content: Mapping[str, Any]) -> Condition:
    ((kind, value),) = content.items()
    if kind == "all":
        return All(tuple(map(_condition, value)))
    if kind == "any":
        return Some(tuple(map(_condition, value)))
    if kind == "not":
        return Not(_condition(value))
    return Atom(kind, value)


def as_condition(definition: Definition) -> Condition:
    """A whole definition as one condition: what a saved audience means inside of another."""
    parts = [definition.include] if definition.include is not None else []
    parts += [Not(part) for part in definition.exclude]
    if definition.cap:
        parts.append(Not(capped(definition.cap)))
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def capped(cap: Cap) -> Atom:
    """Having had as many letters as the cap allows, those that wait to be sent to them counted: they will have had them."""
    return Atom("had_letters", {"at_least": cap.letters, "days": cap.days, "coming": True})


def conditions(definition: Definition) -> list[Atom]:
    """Every single condition of it."""
    found: list[Atom] = []

    def walk(condition: Condition) -> None:
        match condition:
            case Atom():
                found.append(condition)
            case Not(part):
                walk(part)
            case All(parts) | Some(parts):
                for part in parts:
                    walk(part)

    for condition in (definition.include, *definition.exclude):
        if condition is not None:
            walk(condition)
    return found


def day(text_: str) -> date:
    """A day as the definition writes it."""
    return date.fromisoformat(text_)
