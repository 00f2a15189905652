"""Which news is worth a letter. Pure."""

from datetime import date

from groundswell.campaigns.rules.dates import days_between

NEWS = frozenset({"pledge", "extension", "narrowing", "end", "reply", "law", "supply"})
FRESH_DAYS = 90


def worth_telling(kind: str, certainty: str, last: date, today: date, *, correction: bool) -> bool:
    """Something that the target did or said, surely, and lately: history entered today wakes nobody."""
    return kind in NEWS and certainty == "found" and not correction and days_between(last, today) <= FRESH_DAYS
