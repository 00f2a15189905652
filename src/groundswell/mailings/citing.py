"""Drafts that cite the record. What was sent keeps its text and its notes: the post office has them, frozen."""

import re
from collections.abc import Iterator

from groundswell.campaigns import listeners
from groundswell.mailings import proposals
from groundswell.mailings.models import KeptPassage, Mailing, SeriesStep

_CITED = re.compile(r"\[\^([A-Za-z0-9_-]+)\]")


def drafts(campaign_id: int, keys: frozenset[str]) -> Iterator[listeners.Place]:
    """What of this campaign cites one of the keys and can still be changed: letters that were not started, each wording of a
    split test, the passages that letters share, and the letters of series, which go to everybody who joins from now on.
    """
    for mailing in Mailing.objects.filter(petition__campaign_id=campaign_id, letter_id=None).prefetch_related("variants"):
        write = f"/office/mailings/{mailing.slug}/write/"
        yield from _places("draft letter", mailing.slug, mailing.appeal, keys, write)
        for variant in mailing.variants.all():
            yield from _places("draft letter", f"{mailing.slug}, {variant.name}", variant.appeal, keys, write)
    for passage in KeptPassage.objects.filter(campaign_id=campaign_id):
        yield from _places("passage", passage.key, passage.text, keys)
    for step in SeriesStep.objects.filter(petition__campaign_id=campaign_id):
        yield from _places("series", f"{step.series}, letter {step.position}", step.appeal, keys)


def _places(kind: str, name: str, text: str, keys: frozenset[str], url: str = "") -> Iterator[listeners.Place]:
    cited = {found.partition("--")[0] for found in _CITED.findall(text)}
    for key in sorted(cited & keys):
        yield listeners.Place(key, kind, name, url)


def register() -> None:
    """Let the record ask, and hear of its news."""
    listeners.who_cites("draft letters", drafts)
    listeners.on_entry("proposals", proposals.hear)
