"""A definition as a text that a person can check before a letter leaves. Pure."""

from collections.abc import Mapping
from typing import Any

from groundswell.mailings.audiences.definition import All, Atom, Catalogue, Condition, Definition, Not, Some


def text(definition: Definition, catalogue: Catalogue) -> str:
    """The definition in English: what staff read before they send."""
    words = f"People who {said(definition.include, catalogue)}" if definition.include is not None else "Everybody"
    for condition in definition.exclude:
        words += f". Without those who {said(condition, catalogue)}"
    if definition.cap:
        words += f". Nobody who had {letters(definition.cap.letters)} in the last {days(definition.cap.days)}"
    return words + "."


def said(condition: Condition, catalogue: Catalogue, *, negated: bool = False) -> str:
    """A condition after “people who”."""
    match condition:
        case Atom(kind, value):
            return _atom(kind, value, catalogue, negated)
        case Not(part):
            return said(part, catalogue, negated=not negated)
        case All(parts) | Some(parts):
            # “Not (a and b)” is said as “not a, or not b”: no brackets to get lost in.
            both = isinstance(condition, All) != negated
            return _listed([said(part, catalogue, negated=negated) for part in parts], "and" if both else "or")


def _listed(parts: list[str], word: str) -> str:
    """“a and b”, “a; b; and c”: what has an “and” or an “or” of its own stands in brackets."""
    if len(parts) == 1:
        return parts[0]
    inner = [f"({part})" if " and " in part or " or " in part else part for part in parts]
    return f" {word} ".join(inner) if len(inner) == 2 else f"{'; '.join(inner[:-1])}; {word} {inner[-1]}"


_DID = {"letter": "written for", "call": "called for", "pledge": "pledged", "photo": "sent a photo for", "event": "signed up for"}
"""Kind of action → what people did, after “have”."""


def _atom(kind: str, value: Any, catalogue: Catalogue, negated: bool) -> str:
    if kind == "signed":
        title = catalogue.petitions.get(value, (0, value))[1]
        did = _DID.get(catalogue.kinds.get(value, ""), "signed")
        return f"have {'not ' if negated else ''}{did} “{title}”"
    if kind == "source":
        return f"{'never acted' if negated else 'acted'} by way of “{value}”"
    if kind == "joined_from":
        return f"{'did not agree' if negated else 'agreed'} to mail at “{value}”"
    if kind in ("tag", "topic"):
        has = {"tag": ("carry", "don't carry"), "topic": ("want", "don't want")}[kind][negated]
        return f"{has} the {kind} “{value}”"
    if kind == "fact":
        return _fact(value, catalogue, negated)
    if kind in ("country", "region", "postcode_area", "language"):
        where = {"country": "live in", "region": "live in the region", "postcode_area": "have a postcode that begins with",
                 "language": "read"}[kind]  # fmt: skip
        return f"{'do not ' if negated else ''}{where} {_either(value)}"
    if kind == "joined":
        span = " and ".join(f"{word} {value[key]}" for key, word in (("from", "not before"), ("to", "not after")) if key in value)
        return f"{'did not join' if negated else 'joined'} {span}"
    if kind == "mailed_within_hours":
        return f"were {'not ' if negated else ''}written to in the last {value} hours"
    if kind == "acted_within_days":
        return f"have {'not ' if negated else ''}acted in the last {days(value)}"
    if kind == "had_letters":
        had = "one letter or more" if value["at_least"] == 1 else f"{value['at_least']} letters or more"
        coming = ", with those that wait to be sent" if value.get("coming") else ""
        return f"{'did not have' if negated else 'had'} {had} in the last {days(value['days'])}{coming}"
    if kind == "audience":
        return f"are {'not ' if negated else ''}in the audience “{catalogue.audiences.get(value, (value, {}))[0]}”"
    share = f"{value.get('from', 0):g} to {value['to']:g} percent of the draw “{value['of']}”"
    return f"are {'not ' if negated else ''}in {share}"


def _fact(value: Mapping[str, Any], catalogue: Catalogue, negated: bool) -> str:
    label = catalogue.facts.get(value["name"], (0, "", value["name"]))[2]
    if isinstance(value.get("is"), bool):
        word = "yes" if value["is"] else "no"
        # Whoever has nothing there is among those who have not this.
        return f"have {f'anything but {word}, or nothing,' if negated else word} in “{label}”"
    parts = [f"{word} {value[key]}" for key, word in (("is", ""), ("at_least", "at least"), ("at_most", "at most")) if key in value]
    return f"{'do not have' if negated else 'have'} {' and '.join(part.strip() for part in parts)} in “{label}”"


def _either(values: list[str]) -> str:
    return values[0] if len(values) == 1 else f"{', '.join(values[:-1])} or {values[-1]}"


def letters(count: int) -> str:
    """So many letters."""
    return "one letter" if count == 1 else f"{count} letters"


def days(count: int) -> str:
    """So many days, after “last” or “in”."""
    return "day" if count == 1 else f"{count} days"
