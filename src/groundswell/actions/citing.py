"""Pages of petitions that cite the record: the text that stands there today. What people signed keeps its version."""

import re
from collections.abc import Iterator

from groundswell.actions.models import Petition, TextVersion
from groundswell.campaigns import listeners

_CITED = re.compile(r"\[\^([A-Za-z0-9_-]+)\]")


def pages(campaign_id: int, keys: frozenset[str]) -> Iterator[listeners.Place]:
    """The petition pages of this campaign that cite one of the keys."""
    for petition in Petition.objects.filter(campaign_id=campaign_id):
        # In each language the words of today: the newest of all may be a translation, and the others stand beside it.
        texts = TextVersion.objects.filter(petition=petition).order_by("language", "-number").distinct("language")
        for language, text in texts.values_list("language", "text"):
            cited = {found.partition("--")[0] for found in _CITED.findall(text)}
            name = f"/a/{petition.slug}" + (f" ({language})" if language else "")
            for key in sorted(cited & keys):
                yield listeners.Place(key, "page", name, f"/a/{petition.slug}")


def register() -> None:
    """Let the record ask."""
    listeners.who_cites("petition pages", pages)
