"""Whose representative is whose: a place is `US`, `US WA` or `GB SW1` (a region, or the beginning of a postcode). Pure."""

import re
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

_PLACE = re.compile(r"([A-Za-z]{2})(?:[ :/-]+(.{1,60}))?")
Whom = TypeVar("Whom")


class Place(NamedTuple):
    """A country, and a region or postcode area of it (empty for all of it)."""

    country: str
    rest: str


def reads(text: str) -> Place:
    """The place that `text` names; two empty fields for what is none."""
    found = _PLACE.fullmatch(" ".join(text.split()))
    return Place(found.group(1).upper(), (found.group(2) or "").upper()) if found else Place("", "")


def chosen(table: Sequence[tuple[Sequence[str], Whom]], *, country: str, region: str, area: str) -> Whom | None:
    """Whose place fits a reader's best: the narrowest that does, else who stands for every place, else nobody.

    Of two that fit as well, the first.
    """
    best: tuple[int, Whom] | None = None
    for places, whom in table:
        fit = max((_fit(reads(place), country, region, area) for place in places), default=0)
        if fit >= 0 and (best is None or fit > best[0]):
            best = (fit, whom)
    return best[1] if best else None


def _fit(place: Place, country: str, region: str, area: str) -> int:
    """How narrowly; -1 where it does not fit."""
    if not place.country or place.country != country.upper():
        return -1
    if not place.rest:
        return 1
    if place.rest == region.upper():
        return 2
    wanted, given = place.rest.replace(" ", ""), area.upper().replace(" ", "")
    return 2 + len(wanted) if given and given.startswith(wanted) else -1
