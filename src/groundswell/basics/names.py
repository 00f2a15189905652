"""A first name as a person would want to read it, or none. The same rule for letters and pages."""

import re
import unicodedata

_NO_NAME = frozenset({"null", "none", "n/a", "na", "nil", "unknown", "test", "first name", "firstname", "-", ".", "undefined"})
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029\u202a-\u202e\u2066-\u2069\ue000-\uf8ff]+")


def readable(given_name: str | None) -> str | None:
    """The name to greet with, or None where the field holds no name: empty, `NULL`, an address, digits, a novel.

    ALL CAPITALS become Capitals; a name in mixed case or in a script without case is left as its owner wrote it.
    """
    if given_name is None:
        return None
    name = " ".join(_CONTROL.sub(" ", unicodedata.normalize("NFC", given_name)).split())
    if not name or len(name) > 60 or name.casefold() in _NO_NAME:
        return None
    if "@" in name or "://" in name or any(character.isdigit() for character in name):
        return None
    if not any(character.isalpha() for character in name):
        return None
    if len(name) > 2 and name.isupper():
        name = re.sub(r"\w+", lambda word: word.group().capitalize(), name.lower())
    return name
