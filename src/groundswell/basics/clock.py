"""Time comes in as an argument. Doors and commands read the clock once and hand it down."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

Clock = Callable[[], datetime]

# Tokens carry their day of issue in two bytes: days since this one, good until 2199.
EPOCH = date(2020, 1, 1)


def day_number(moment: datetime) -> int:
    """Days from 2020-01-01 to the UTC day of `moment`; 0 for anything before."""
    return max(0, (moment.astimezone(UTC).date() - EPOCH).days)


def day_of(number: int) -> date:
    """The UTC day that `day_number` counted."""
    return EPOCH + timedelta(days=number)
