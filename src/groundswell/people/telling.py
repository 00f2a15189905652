"""What rooms above hold of somebody, told when that person asks for it (GDPR, article 15): each room tells of its own rows.

A room registers a teller for whatever follows a person (`following`), under the same name: what bears their number is theirs.
"""

from collections.abc import Callable, Sequence
from typing import Any

Open = Callable[[int, str, bytes | memoryview | None], str]
"""Person, field, sealed value: the value, empty where there is none."""
Teller = Callable[[Sequence[int], Open], list[dict[str, Any]]]
"""Of a person, by every number that was ever theirs: what is held, a line for each row, in words that they understand."""
_TELLERS: dict[str, Teller] = {}


def follow_telling(name: str, teller: Teller) -> None:
    """A room tells what it holds of a person from now on. Called once, when the room is ready."""
    _TELLERS[name] = teller


def tellers() -> list[tuple[str, Teller]]:
    """Every one by its name, always in the same order."""
    return sorted(_TELLERS.items())
