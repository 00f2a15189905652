"""What a mail that came back says."""

from dataclasses import dataclass
from typing import Any, Literal

from groundswell.basics.ids import DeliveryId

Kind = Literal["bounce", "feedback", "vacation", "unsubscribe", "none"]
Group = Literal["invalid_address", "mailbox", "content_or_reputation", "transient_or_system", "not_a_failure"]


@dataclass(frozen=True, slots=True)
class Recipient:
    """One address the mail speaks of, and what it says of it. `why` is the words it rests on."""

    address: str
    group: Group
    permanent: bool
    status: str
    why: str

    @property
    def dead(self) -> bool:
        """Nobody will ever read mail there: the one reason to stop writing at once."""
        return self.group == "invalid_address" and self.permanent


@dataclass(frozen=True, slots=True)
class Event:
    """What came back, for whom, and for which delivery row if a token told."""

    kind: Kind
    recipients: tuple[Recipient, ...] = ()
    delivery: DeliveryId | None = None
    sure: bool = False


def as_json(event: Event) -> dict[str, Any]:
    """The event as the command prints it."""
    return {
        "kind": event.kind,
        "recipients": [
            {"address": r.address, "dead": r.dead, "permanent": r.permanent, "group": r.group, "why": r.why}
            for r in event.recipients
        ],
        "delivery": event.delivery,
        "sure": event.sure,
    }
