"""What a relay's reply means for the row. Pure: code and words in, state out."""

from dataclasses import dataclass
from typing import Literal

from groundswell.basics.ids import DeliveryId

Handed = Literal["accepted", "retry", "refused", "uncertain"]


@dataclass(frozen=True, slots=True)
class Reply:
    """How one hand-over ended. `words` is why not, in the relay's own text, cut to 100 characters and free of addresses."""

    delivery: DeliveryId
    state: Handed
    code: int = 0
    words: str = ""


def judge(delivery: DeliveryId, code: int, text: str) -> Reply:
    """RFC 5321 4.2.1: 2xx taken, 4xx later, 5xx never; anything else is no answer we can count on, so later."""
    if 200 <= code < 300:
        return Reply(delivery, "accepted", code)
    words = " ".join(word for word in text.split() if "@" not in word)[:100]
    if 500 <= code < 600:
        return Reply(delivery, "refused", code, words)
    return Reply(delivery, "retry", code, words)


MAX_ATTEMPTS = 14
"""After so many the row is refused: four days and some hours in all."""


def retry_minutes(attempts: int) -> int:
    """Minutes until the next try after `attempts` failed ones: growing, for four days in all (RFC 5321 4.5.4.1)."""
    minutes: int = 5 * 3 ** max(0, min(attempts, MAX_ATTEMPTS) - 1)
    return min(minutes, 12 * 60)
