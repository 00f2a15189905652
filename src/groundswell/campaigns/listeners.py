"""Rooms above say here what they want to know: the record calls them, and knows nothing of them.

A finder answers who cites any of some keys; a teller hears of an entry that is new; a watcher, that the page is another; a
hearer, that a promise was kept. Each is registered once, when its app is ready, and is called inside the record's own transaction.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Place:
    """A text of ours that cites an entry and can still be changed: a draft letter, a page."""

    key: str
    kind: str
    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class KeptPromise:
    """A commitment whose standing has just become `kept`."""

    campaign_id: int
    target_id: int
    commitment_id: int
    slug: str
    title: str


Finder = Callable[[int, frozenset[str]], Iterable[Place]]
Teller = Callable[[int, str, datetime], None]
Watcher = Callable[[int], None]
Hearer = Callable[[KeptPromise, datetime], None]
_FINDERS: dict[str, Finder] = {}
_TELLERS: dict[str, Teller] = {}
_WATCHERS: dict[str, Watcher] = {}
_HEARERS: dict[str, Hearer] = {}


def who_cites(name: str, finder: Finder) -> None:
    """Ask `finder` (campaign, keys) for the places that cite them."""
    _FINDERS[name] = finder


def on_entry(name: str, teller: Teller) -> None:
    """Tell `teller` (campaign, key, now) of every new entry."""
    _TELLERS[name] = teller


def places(campaign_id: int, keys: frozenset[str]) -> list[Place]:
    """Every place that cites one of the keys."""
    return [place for finder in _FINDERS.values() for place in finder(campaign_id, keys)] if keys else []


def tell(campaign_id: int, key: str, now: datetime) -> None:
    """A new entry is in the record."""
    for teller in _TELLERS.values():
        teller(campaign_id, key, now)


def on_change(name: str, watcher: Watcher) -> None:
    """Let `watcher` (campaign) know that what the public record shows has changed."""
    _WATCHERS[name] = watcher


def changed(campaign_id: int) -> None:
    """Something that the public record shows has changed."""
    for watcher in _WATCHERS.values():
        watcher(campaign_id)


def on_kept(name: str, hearer: Hearer) -> None:
    """Let `hearer` (promise, now) know that a commitment is kept: once, in the transaction that writes its standing down.

    An entry that repeats it calls nobody again. A promise that was made anew and kept again is kept once more.
    """
    _HEARERS[name] = hearer


def kept(promise: KeptPromise, now: datetime) -> None:
    """A promise is kept."""
    for hearer in _HEARERS.values():
        hearer(promise, now)
