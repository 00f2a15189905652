"""Values of custom fields as a list writes them. Pure."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

_YES = {"yes": 1.0, "true": 1.0, "1": 1.0, "y": 1.0, "no": 0.0, "false": 0.0, "0": 0.0, "n": 0.0}


class Kind(NamedTuple):
    """What a custom field takes: its type, and the words to choose from."""

    kind: str
    choices: tuple[str, ...] = ()


Kinds = Mapping[str, Kind]
"""Custom field (its slug) → what it takes."""


@lru_cache(maxsize=20_000)
def value_of(kind: Kind, text: str) -> tuple[str, float | None] | None:
    """The value as it is kept (a word, a number), or None where it is none of the field's."""
    text = " ".join(text.split())
    try:
        if kind.kind == "text":
            return (text[:60], None) if text else None
        if kind.kind == "choice":
            return (text[:60], None) if not kind.choices or text in kind.choices else None
        if kind.kind == "number":
            number = float(text)
            return ("", number) if abs(number) < 1e15 else None
        if kind.kind == "date":
            return "", float((datetime.fromisoformat(text).date() - date(1970, 1, 1)).days)
        return ("", _YES[text.casefold()]) if text.casefold() in _YES else None
    except (ValueError, OverflowError):
        return None
