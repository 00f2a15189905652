"""How a commitment stands on a day. Pure: dates in, one word out."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Standing = Literal["in force", "in force, narrowed", "unconfirmed", "expiring", "expired", "kept", "withdrawn"]
UNCONFIRMED_AFTER = timedelta(days=365 * 3)
EXPIRING_WITHIN = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Promise:
    """What the rule looks at."""

    made_on: date
    expires_on: date | None
    last_confirmed_on: date | None
    narrowed: bool
    ended_on: date | None
    kept: bool


def standing(promise: Promise, today: date) -> Standing:
    """Kept and withdrawn are final; then the date it ends; then how long nobody confirmed it; then its scope."""
    if promise.kept:
        return "kept"
    if promise.ended_on is not None and promise.ended_on <= today:
        return "withdrawn"
    if promise.expires_on is not None and promise.expires_on <= today:
        return "expired"
    if promise.expires_on is not None and promise.expires_on - today <= EXPIRING_WITHIN:
        return "expiring"
    if today - (promise.last_confirmed_on or promise.made_on) > UNCONFIRMED_AFTER:
        return "unconfirmed"
    return "in force, narrowed" if promise.narrowed else "in force"
