"""A postcode as coarsely as it is kept: enough for a region, too few signs for a door. Pure."""

from functools import lru_cache


@lru_cache(maxsize=50_000)
def area(postcode: str) -> str:
    """The first signs of a postcode, four at most, and only of its first part: `SW1A 1AA` is “SW1A”, `L1 4AB` is “L1”."""
    return "".join(mark for mark in postcode.strip().upper().partition(" ")[0] if mark.isalnum())[:4]
