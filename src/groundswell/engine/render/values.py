"""What one person puts into a letter's slots: cleaned, filtered, never empty where the author gave a fallback."""

import html
import re
from collections.abc import Callable, Mapping

from groundswell.basics.names import readable
from groundswell.engine.message import Letter, Recipient
from groundswell.engine.mime.headers import flat
from groundswell.engine.pieces import Slot
from groundswell.engine.words import number

_SPECIAL = re.compile(r"[&<>\"']")

NAMES = frozenset({"first_name", "last_name"})
"""Fields that are cleaned as names are."""

FILTERS: Mapping[str, Callable[[str], str]] = {
    "upper": str.upper,
    "lower": str.lower,
    "capital": lambda value: value[:1].upper() + value[1:],
    "initial": lambda value: f"{value[:1]}." if value else "",
    "short": lambda value: value if len(value) <= 20 else f"{value[:19].rstrip()}…",
}
"""The few things that may be done to a value. None of them can fail, or make a value longer than three times itself."""


def value_of(slot: Slot, recipient: Recipient) -> str:
    """The slot's text for this person, on one line; the fallback where the field holds nothing to read."""
    name = slot.name
    if name.startswith("link:"):
        return recipient.links[name[5:]]
    if name == "unsubscribe":
        return recipient.unsubscribe_url
    value = recipient.fields.get(name)
    if name in NAMES:
        value = readable(value)
    elif value is not None:
        value = flat(value)
        if not value.strip():
            value = None
    if value is None:
        return slot.fallback
    for filtering in slot.filters:
        value = FILTERS[filtering](value)
    return value if value.strip() else slot.fallback


def constant_of(slot: Slot, letter: Letter) -> str | None:
    """The text of a slot that is the same for all: facts of the action. None for what a person fills."""
    if slot.name in ("count", "goal"):
        return number(getattr(letter.action, slot.name), letter.language)
    if slot.name == "remaining":
        return number(max(0, letter.action.goal - letter.action.count), letter.language)
    if slot.name == "action":
        return letter.action.title
    return None


def escaped(value: str) -> str:
    """A value as HTML text or inside a quoted attribute."""
    return html.escape(value) if _SPECIAL.search(value) else value
