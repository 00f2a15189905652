"""When complaints and bounces are too many. Pure: counts in, verdict out.

Complaints: Gmail asks every sender to stay below 0.10 % and says never to reach 0.30 % ("Email sender guidelines",
support.google.com/a/answer/81126); Yahoo names 0.3 % (Sender Hub, "Sender requirements & recommendations"). Staff are
warned at 0.08 %, before the first limit, and the letter stops at the second. Dead addresses have no published limit of
theirs; 2 % is where a list is known to be old, and 5 % is where large relays suspend a sender.
"""

from dataclasses import dataclass
from typing import Literal

What = Literal["complained", "bounced"]
Verdict = Literal["well", "warn", "stop"]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Shares of letters handed over, and how many must have come back before a share means anything."""

    limit: float
    warn: float
    stop: float
    least_handed: int
    least_for_warning: int
    least_for_stop: int


THRESHOLDS: dict[What, Thresholds] = {
    "complained": Thresholds(0.001, 0.0008, 0.003, least_handed=200, least_for_warning=2, least_for_stop=4),
    "bounced": Thresholds(0.02, 0.015, 0.05, least_handed=200, least_for_warning=5, least_for_stop=15),
}


def share(counted: int, handed: int) -> float:
    """`counted` of `handed`, 0 where nothing was handed over."""
    return counted / handed if handed else 0.0


def judge(what: What, counted: int, handed: int) -> Verdict:
    """Whether this many of these are well. A share of few letters says nothing: one complaint of fifty is one person."""
    limits = THRESHOLDS[what]
    if handed < limits.least_handed:
        return "well"
    part = share(counted, handed)
    if part >= limits.stop and counted >= limits.least_for_stop:
        return "stop"
    if part >= limits.warn and counted >= limits.least_for_warning:
        return "warn"
    return "well"
