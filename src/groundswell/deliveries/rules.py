"""What may stand in a hand-over: places that point at nobody. Pure."""

from collections.abc import Mapping

SMALLEST = 10
"""A place is named only where at least so many of the chosen signers are shown under it."""

LEAST_SMALLEST = 3
"""Below three a place names a person; nobody may set less."""

Parts = tuple[str, str, str]
"""Country, region, postcode area: as coarsely as it is kept, empty where unknown."""


def place_labels(counts: Mapping[Parts, int], smallest: int = SMALLEST) -> dict[Parts, str]:
    """Place → how it is named, so that no name of a place stands for fewer than `smallest` signers.

    A place with too few is named by the next larger one, together with the others that are too few there; where even
    the country has too few, no place is named. The order of the places does not matter.
    """
    smallest = max(smallest, LEAST_SMALLEST)
    level: dict[Parts, str] = dict.fromkeys(counts, "")
    open_ = {parts for parts, count in counts.items() if count > 0}
    for depth in (3, 2, 1):
        sums: dict[Parts, int] = {}
        for parts in open_:
            key = _cut(parts, depth)
            sums[key] = sums.get(key, 0) + counts[parts]
        for parts in sorted(open_):
            key = _cut(parts, depth)
            if any(key[depth - 1 :]) and sums[key] >= smallest:
                level[parts] = _label(key)
                open_.discard(parts)
    return level


def shown_name(name: str | None, shows: str) -> str:
    """What stands for the signer: the name where they agreed to it and left one, else “A supporter”."""
    return name if name and shows != "place" else "A supporter"


def shown_place(label: str, shows: str) -> str:
    """The place, where the signer agreed to it."""
    return label if shows in ("place", "name+place") else ""


def _cut(parts: Parts, depth: int) -> Parts:
    return parts if depth == 3 else (parts[0], parts[1] if depth > 1 else "", "")


def _label(key: Parts) -> str:
    country, region, area = key
    return " ".join(part for part in (area, region, country) if part)
