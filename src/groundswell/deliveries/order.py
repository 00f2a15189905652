"""What staff ask for: which signatures, what is shown of them, in which formats. Plain data, the same in form, row and file."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from groundswell.actions.choosing import Choice
from groundswell.basics.ids import ActionId
from groundswell.basics.result import Problem, Refused
from groundswell.deliveries.rules import LEAST_SMALLEST, SMALLEST

FORMATS = ("csv", "pdf", "label", "press")


@dataclass(frozen=True, slots=True)
class Order:
    """An order for a hand-over. `since` and `until` are days in UTC, both inclusive; empty fields choose everything."""

    since: date | None = None
    until: date | None = None
    country: str = ""
    region: str = ""
    versions: tuple[int, ...] = ()
    places: bool = True
    reasons: bool = False
    smallest: int = SMALLEST
    """A place is named only for so many signers or more."""
    formats: tuple[str, ...] = ("csv",)

    def __post_init__(self) -> None:
        problems = []
        if self.since and self.until and self.since > self.until:
            problems.append(Problem("order-days", "The last day lies before the first.", "Correct one of them."))
        if self.region and not self.country:
            problems.append(Problem("order-region", "A region needs its country.", "Name the country too, by its two letters."))
        if self.smallest < LEAST_SMALLEST:
            problems.append(
                Problem("order-smallest", f"Places of fewer than {LEAST_SMALLEST} signers would name people.", "Ask for more.")
            )
        if wrong := [name for name in self.formats if name not in FORMATS]:
            problems.append(Problem("order-format", f"There is no format “{wrong[0]}”.", f"There are: {', '.join(FORMATS)}."))
        if problems:
            raise Refused(*problems)

    def choice(self, petition: ActionId, at: datetime) -> Choice:
        """The signatures it chooses at this moment; one that comes later is not among them."""
        until = at + timedelta(microseconds=1)
        if self.until:
            until = min(until, _midnight(self.until + timedelta(days=1)))
        since = _midnight(self.since) if self.since else None
        return Choice(petition, since, until, self.country.upper(), self.region, self.versions)

    def to_json(self) -> dict[str, Any]:
        """Plain data; `from_json` gives back an equal order."""
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Order":
        """The order that `to_json` described."""
        days = {name: date.fromisoformat(content[name]) if content.get(name) else None for name in ("since", "until")}
        lists = {name: tuple(content.get(name, ())) for name in ("versions", "formats")}
        return cls(**{**content, **days, **lists})


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
