"""Who supplies what near a reader."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q

from groundswell.campaigns.models import Supply
from groundswell.campaigns.rules.places import US_STATES
from groundswell.engine.message import SourceNote

_SURER = ("in use", "unknown", "planned")


@dataclass(frozen=True, slots=True)
class SupplyView:
    """A product in a buyer's hands, with who says so."""

    supplier: str
    product: str
    buyer: str
    purpose: str
    since: str
    until: str
    state: str
    locality: str
    region: str
    source: SourceNote


def supplies_in(region: str, *, country: str = "", locality: str = "", limit: int = 50) -> list[SupplyView]:
    """What is supplied in a region (its code or its name, whatever the case), the reader's own town first. Ended ones last."""
    names = {region.strip(), *US_STATES.get(region.strip().upper(), ()), *_codes(region)}
    place = Q(pk__isnull=True)
    for name in names - {""}:
        place |= Q(region__iexact=name)
    rows = Supply.objects.filter(place)
    if country:
        rows = rows.filter(country__iexact=country)
    town = locality.strip().casefold()
    found = sorted(rows[:5000], key=lambda row: (row.state == "ended", row.locality.casefold() != town or not town, row.pk))
    return [_view(row) for row in found[:limit]]


def supplies_words(region: str, *, country: str = "", locality: str = "") -> tuple[str, SourceNote] | None:
    """One sentence for a reader of this region, with its source, or None where the register knows nothing of it."""
    found = [view for view in supplies_in(region, country=country, locality=locality, limit=1) if view.state != "ended"]
    return (_sentence(found[0]), found[0].source) if found else None


def sentences() -> Iterator[tuple[str, tuple[str, ...], str, SourceNote]]:
    """Country, every name of the region, a sentence and its source: what is in use first, then what may be; ended ones not.

    This is what the letter's field `supply` is filled from, by each reader's own region.
    """
    rows = Supply.objects.exclude(state="ended").exclude(region="")
    for row in sorted(rows, key=lambda row: (_SURER.index(row.state) if row.state in _SURER else len(_SURER), row.pk)):
        view = _view(row)
        names = (
            {row.region, *US_STATES.get(row.region.upper(), ()), *_codes(row.region)} if row.country in ("US", "") else {row.region}
        )
        yield row.country, tuple(sorted(names)), _sentence(view), view.source


def supply_count() -> int:
    """How many lines the register has."""
    return Supply.objects.count()


def _sentence(view: SupplyView) -> str:
    place = f" in {view.locality}" if view.locality and view.locality.casefold() not in view.buyer.casefold() else ""
    maker = f" by {view.supplier}" if view.supplier else ""
    since = f", since {view.since}" if view.since else ""
    verb = "is to get" if view.state == "planned" else "has"
    return f"{view.buyer}{place} {verb} {view.product}{maker}{since}."


def _codes(region: str) -> list[str]:
    wanted = region.strip().casefold()
    return [code for code, names in US_STATES.items() if wanted in {name.casefold() for name in names}]


def _view(row: Supply) -> SupplyView:
    key = f"supply-{row.pk}"
    source = SourceNote(key, row.publisher, row.source_title, row.source_url, row.source_date)
    return SupplyView(
        row.supplier_name, row.product, row.buyer, row.purpose, row.since, row.until, row.state, row.locality, row.region, source
    )
