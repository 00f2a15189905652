"""How fast, how many, and when: decided from numbers alone. Pure: time comes in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

USUAL = 600.0
"""Letters a minute that a slowed provider's share is taken of, where it has no limit of its own."""
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)


@dataclass(slots=True)
class _Domain:
    next_free: datetime | None = None
    """When the next letter of its budget may go."""
    blocked_until: datetime | None = None
    wait: timedelta = _FIRST_WAIT


@dataclass(slots=True)
class Pace:
    """Budgets of receiving domains, and patience with those that answered “later” (421, 450, 451, 452)."""

    limits: Mapping[str, int] = field(default_factory=dict)
    """Domain → letters a minute."""
    _domains: dict[str, _Domain] = field(default_factory=dict)

    def wait_until(self, domain: str, now: datetime, factor: float = 1.0, place: str = "", *, among: int = 1) -> datetime | None:
        """None: a letter to `domain` may go now (and takes its place); else when its turn is, which is kept for it.

        `factor` below 1 slows the whole `place` (a provider's group of domains) down to that share of its usual pace.
        A budget is shared `among` so many senders, each of which keeps to its part.
        """
        limit: float | None = self.limits.get(domain)
        name = domain
        if factor < 1:
            name, limit = place or domain, (limit or USUAL) * factor
        state = self._domains.get(domain)
        start = max(now, state.blocked_until or now) if state else now
        if limit is None:
            return start if start > now else None
        budget = self._domains.setdefault(name, _Domain())
        turn = max(start, budget.next_free or start)
        budget.next_free = turn + timedelta(minutes=1) * among / limit
        # A budget is by the minute: within a second of its turn a letter need not be put off.
        return turn if turn > now + timedelta(seconds=1) else None

    def answered(self, domain: str, code: int, now: datetime) -> None:
        """What a domain answered: “later” doubles its wait up to an hour, anything taken ends it."""
        if code in (421, 450, 451, 452):
            state = self._domains.setdefault(domain, _Domain())
            if state.blocked_until is None or state.blocked_until <= now:
                state.blocked_until = now + state.wait
                state.wait = min(state.wait * 2, _LONGEST_WAIT)
        elif 200 <= code < 300 and (found := self._domains.get(domain)) is not None and found.blocked_until is not None:
            found.blocked_until, found.wait = None, _FIRST_WAIT


@dataclass(frozen=True, slots=True)
class Ramp:
    """A new sending domain's first weeks: so many letters on the first day, more each day, until nobody counts."""

    begins: date
    first: int
    growth: float

    def letters_on(self, day: date) -> int:
        """How many letters to lists may go out on this day; growth ends at a million."""
        days = (day - self.begins).days
        if days < 0:
            return self.first
        return min(1_000_000, int(self.first * self.growth ** min(days, 200)))


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Hours in which letters to lists rest, by the sender's clock; may go over midnight."""

    begins: time
    ends: time

    def holds(self, moment: time) -> bool:
        """Whether it is quiet now."""
        if self.begins <= self.ends:
            return self.begins <= moment < self.ends
        return moment >= self.begins or moment < self.ends


def too_many_refused(*, answered: int, refused: int, least: int = 200, share: float = 0.1) -> bool:
    """Whether a mailing should stop itself: one letter in ten refused, after enough of them to tell."""
    return answered >= least and refused > answered * share


def parse_limits(text: str) -> dict[str, int]:
    """`gmail.com=600, outlook.com=300` → letters a minute by domain; ValueError otherwise."""
    limits = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        domain, _, number = part.partition("=")
        limits[domain.strip().lower()] = int(number)
        if limits[domain.strip().lower()] < 1 or not domain.strip():
            raise ValueError("a limit is a domain and a number of letters a minute: gmail.com=600")
    return limits


def parse_ramp(text: str) -> Ramp | None:
    """`2026-11-01:200:1.5` → from that day 200 letters, each day half as many more; None for nothing."""
    if not text.strip():
        return None
    begins, first, growth = text.strip().split(":")
    ramp = Ramp(date.fromisoformat(begins), int(first), float(growth))
    if ramp.first < 1 or ramp.growth < 1:
        raise ValueError("a warm-up is a day, letters on it, and a growth of at least 1: 2026-11-01:200:1.5")
    return ramp


def parse_quiet(text: str) -> QuietHours | None:
    """`22:00-07:00` → quiet hours; None for nothing."""
    if not text.strip():
        return None
    begins, _, ends = text.strip().partition("-")
    return QuietHours(time.fromisoformat(begins), time.fromisoformat(ends))
