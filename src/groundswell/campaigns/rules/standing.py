"""How a commitment stands on a day: a pure rule over the entries that bear on it.

The rule reads the entries in the order of their dates, whatever order they come in. A correction replaces what it
corrects. Only what was found (in the original or in a copy) moves a standing; what is disputed, not found or said by the
sender alone is shown beside it and moves nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from groundswell.campaigns.rules.dates import date_words, days_between, months_after

Word = Literal["made", "in force", "unconfirmed", "expiring", "expired", "broken", "kept", "withdrawn", "not found"]
BEARINGS = ("makes", "extends", "narrows", "confirms", "breaks", "withdraws", "keeps")
"""What an entry does to a commitment. Two of one day are read in this order."""
COUNTS = frozenset({"found", "copy"})
_OPENS = frozenset({"makes", "extends", "narrows", "confirms"})
_ENDS: dict[str, Word] = {"breaks": "broken", "withdraws": "withdrawn", "keeps": "kept"}


@dataclass(frozen=True, slots=True)
class Limits:
    """When silence and an ending begin to count."""

    unconfirmed_after_months: int = 36
    expiring_within_days: int = 60


@dataclass(frozen=True, slots=True)
class Event:
    """An entry as the rule sees it. `expires`: a date; `no_date` says that the words name none; neither: nothing said."""

    key: str
    first: date
    last: date
    bearing: str
    certainty: str = "found"
    dated: str = ""
    by: str = ""
    scope: str = ""
    expires: date | None = None
    no_date: bool = False
    until: str = ""
    conditions: str = ""
    begins: date | None = None
    corrects: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """One word, the flags beside it, and the facts that it was derived from."""

    word: Word
    flags: tuple[str, ...] = ()
    made: str = ""
    made_by: str = ""
    scope_announced: str = ""
    scope_standing: str = ""
    expires: date | None = None
    no_date: bool = False
    until: str = ""
    conditions: str = ""
    last_confirmed: str = ""
    confirmed_by: str = ""
    confirmed_on: date | None = None
    ended: str = ""

    @property
    def words(self) -> str:
        """The standing in one line: `in force, narrowed, last confirmed 2024-01-26`."""
        told = [str(self.word), *self.flags]
        if self.word == "made":
            told[0] = f"made {self.made}"
        elif self.word in ("in force", "expiring") and self.last_confirmed:
            told.append(f"last confirmed {self.last_confirmed}" if self.last_confirmed != self.made else f"made {self.made}")
        elif self.word == "unconfirmed":
            told.append(f"not repeated since {self.last_confirmed}")
        elif self.word == "expired" and self.expires:
            told.append(f"on {self.expires.isoformat()}")
        elif self.ended:
            told.append(date_words(self.ended) if len(self.ended) < 10 else self.ended)
        return ", ".join(told)

    @property
    def living(self) -> bool:
        """Whether the target is still bound by it."""
        return self.word in ("made", "in force", "unconfirmed", "expiring")


def standing(events: Iterable[Event], today: date, limits: Limits | None = None) -> Standing:
    """How the commitment stands. Total: any entries in any order, or none, have an answer."""
    limits = limits or Limits()
    every = list(events)
    replaced = {event.corrects for event in every if event.corrects}
    told = [event for event in every if event.key not in replaced and event.first <= today and event.bearing in BEARINGS]
    told.sort(key=lambda event: (event.last, event.first, BEARINGS.index(event.bearing), event.key))
    doubts = tuple(sorted({event.certainty for event in told if event.certainty not in COUNTS}))
    counted = [event for event in told if event.certainty in COUNTS]
    if not any(event.bearing in _OPENS for event in counted):
        return Standing("not found", tuple(doubt for doubt in doubts if doubt != "not found"))
    return _read(counted, doubts, today, limits)


def _read(events: Sequence[Event], doubts: tuple[str, ...], today: date, limits: Limits) -> Standing:
    made: Event | None = None
    confirmed: Event | None = None
    ended: tuple[Word, Event] | None = None
    narrowed = broken = no_date = False
    expires: date | None = None
    begins: date | None = None
    scope = until = conditions = ""
    for event in events:
        if event.bearing in _ENDS:
            word = _ENDS[event.bearing]
            broken = broken or word == "broken"
            # A promise that was taken back can't be broken any more.
            if made is not None and not (word == "broken" and ended is not None and ended[0] == "withdrawn"):
                ended = (word, event)
            continue
        if made is None or (event.bearing == "makes" and ended is not None):
            # Made, or made anew after it had ended: what was said before binds nobody any more.
            made, ended, narrowed, broken = event, None, False, False
            scope = until = conditions = ""
            expires, no_date, begins = None, False, None
        if event.bearing == "narrows":
            narrowed = True
        confirmed = event
        scope, until = event.scope or scope, event.until or until
        conditions, begins = event.conditions or conditions, event.begins or begins
        if event.expires or event.no_date:
            expires, no_date = event.expires, event.no_date
    if made is None or confirmed is None:
        return Standing("not found", doubts)
    heard = min(confirmed.last, today)
    word = ended[0] if ended else _living(today, begins, expires, heard, limits)
    flags = [name for name, there in (("narrowed", narrowed), ("broken", broken and word != "broken")) if there]
    return Standing(
        word, (*flags, *doubts), made.dated or made.first.isoformat(), made.by, made.scope, scope or made.scope, expires,
        no_date, until, conditions, confirmed.dated or confirmed.first.isoformat(), confirmed.by, heard,
        (ended[1].dated or ended[1].first.isoformat()) if ended else "",
    )  # fmt: skip


def _living(today: date, begins: date | None, expires: date | None, heard: date, limits: Limits) -> Word:
    """In this order, so that time only ever moves it on: made, in force, unconfirmed, expiring, expired."""
    if expires is not None and expires <= today:
        return "expired"
    if begins is not None and begins > today:
        return "made"
    if expires is not None and days_between(today, expires) <= limits.expiring_within_days:
        return "expiring"
    if months_after(heard, limits.unconfirmed_after_months) < today:
        return "unconfirmed"
    return "in force"


def next_change(state: Standing, today: date, limits: Limits | None = None) -> date | None:
    """The day on which time alone will change the standing next; None where it will not."""
    limits = limits or Limits()
    if not state.living:
        return None
    days = []
    if state.expires:
        days += [state.expires - timedelta(days=limits.expiring_within_days), state.expires]
    if state.confirmed_on:
        days.append(months_after(state.confirmed_on, limits.unconfirmed_after_months) + timedelta(days=1))
    later = [day for day in days if day > today]
    return min(later) if later else None
