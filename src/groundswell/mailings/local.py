"""What a letter says of the reader's own place: the register of supplies as a table, worked out when the letter is compiled."""

import re
from collections.abc import Mapping

from groundswell.campaigns import queries as campaigns
from groundswell.engine.local import MOST, Local, LocalFact, place_key
from groundswell.engine.message import Passage

_ASKED = re.compile(r"\{\{\s*supply\b")
_BY = (("country", "postcode_area"), ("country", "region"), ("region",))
"""The most exact first: a list of our own may name postcode areas where others name states."""
_ADDRESS = re.compile(r"https?://[^\s<>\"'\\\x00-\x1f]{1,900}")
_LONGEST = 400


def local_tables(appeal: str, passages: Mapping[str, Passage] | None = None) -> Mapping[str, Local]:
    """The tables that this appeal, or a passage it may take, asks for by a field `{{ supply | "…" }}`; none where none does.

    For each region one sentence: of what is surely in use before what may be. A line whose address could not be printed
    beside it is passed over, because nothing is claimed without its source.
    """
    if not any(_ASKED.search(text) for text in (appeal, *(passage.text for passage in (passages or {}).values()))):
        return {}
    rows: dict[str, LocalFact] = {}
    for country, regions, words, source in campaigns.sentences():
        if len(words) > _LONGEST or len(source.publisher) > 300 or not _ADDRESS.fullmatch(source.url):
            continue
        fact = LocalFact(words, source.publisher, source.url, source.date)
        for region in regions:
            key = place_key(country, region) if country else place_key(region)
            if len(rows) < MOST:
                rows.setdefault(key, fact)
    return {"supply": Local(_BY, rows)}
