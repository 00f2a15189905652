"""Dates as pages of a language write them; for machines they stand beside it in ISO 8601."""

from datetime import datetime

from django.utils import translation
from django.utils.dateformat import format as dated

_FORMS = {"de": "l, j. F Y, H:i", "es": "l, j \\d\\e F \\d\\e Y, H:i", "fr": "l j F Y, H:i", "ar": "l، j F Y، H:i"}


def between(begins: datetime, ends: datetime, language: str) -> str:
    """`Saturday, 5 December 2026, 14:00 – 16:00 (CET)`, in the reader's language."""
    base = language.split("-", maxsplit=1)[0].lower()
    with translation.override(base):
        first = dated(begins, _FORMS.get(base, "l, j F Y, H:i"))
        last = dated(ends, "H:i") if begins.date() == ends.date() else dated(ends, _FORMS.get(base, "l, j F Y, H:i"))
    return f"{first} – {last} ({begins.tzname() or 'UTC'})"
