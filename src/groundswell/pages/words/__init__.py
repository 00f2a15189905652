"""What pages say, in the languages that a petition may be in. A language that is not here speaks English, honestly marked."""

from collections.abc import Mapping

from groundswell.pages.words import ar, de, en, es, fr
from groundswell.pages.words.acting import acting

_ALL: Mapping[str, Mapping[str, str]] = {"ar": ar.WORDS, "de": de.WORDS, "en": en.WORDS, "es": es.WORDS, "fr": fr.WORDS}
NAMES = {"ar": "العربية", "de": "Deutsch", "en": "English", "es": "Español", "fr": "Français"}
"""Language → what its speakers call it."""
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "yi", "ps", "sd", "ug", "dv"})
_SEPARATOR = {"en": ",", "de": ".", "es": ".", "fr": "\u202f", "ar": ","}


def words(language: str, kind: str = "petition") -> Mapping[str, str]:
    """The sentences of this language; English where we have none. Other actions than petitions say some of them otherwise."""
    spoken = _ALL.get(base(language), en.WORDS)
    return spoken if kind == "petition" else {**spoken, **acting(base(language), kind)}


def direction(language: str) -> str:
    """`rtl` or `ltr`."""
    return "rtl" if base(language) in _RIGHT_TO_LEFT else "ltr"


def number(value: int, language: str) -> str:
    """A count as it is written in this language."""
    return f"{value:,}".replace(",", _SEPARATOR.get(base(language), ","))


def base(language: str) -> str:
    """`de` of `de-AT`."""
    return language.split("-", maxsplit=1)[0].lower()
