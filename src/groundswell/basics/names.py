"""A first name as a person would want to read it, or none. The same rule for letters and pages."""

import re
import unicodedata
from functools import lru_cache

_NO_NAME = frozenset({"null", "none", "n/a", "na", "nil", "unknown", "test", "first name", "firstname", "-", ".", "undefined"})
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ue000-\uf8ff]+")


@lru_cache(maxsize=2048)  # a mailing asks twice for each person, and most people share their first name
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


def on_a_roll(given_name: str | None, family_name: str | None) -> str | None:
    """First name and initial as a hand-over shows them (`Ada L.`), or None where no name was left.

    The name stands as it was written, whatever script or signs it holds; only what would break a line or turn the
    order of its letters is taken out, and it ends at 60 characters. An address in the name's field is never shown.
    """
    given, family = (_plain(name) for name in (given_name, family_name))
    if "@" in given or given.casefold() in _NO_NAME or not any(map(str.isprintable, given)) or given.isdigit():
        return None
    if len(given) > 60:
        given = f"{given[:59]}…"
    initial = next((at for at, character in enumerate(family) if character.isalpha()), None)
    if initial is None or "@" in family or family.casefold() in _NO_NAME:
        return given or None
    end = initial + 1
    while end < len(family) and unicodedata.combining(family[end]):
        end += 1
    return f"{given} {family[initial:end]}." if given else None


def _plain(name: str | None) -> str:
    if not name:
        return ""
    return " ".join(_CONTROL.sub(" ", unicodedata.normalize("NFC", name[:10_000])).split())
