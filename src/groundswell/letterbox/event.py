"""What a mail that came back says, as plain data. Everything else in this room exists to fill these in."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from groundswell.basics.ids import DeliveryId

Kind = Literal["bounce", "feedback", "unsubscribe", "vacation", "challenge", "answer", "none"]
Group = Literal["invalid_address", "mailbox", "content_or_reputation", "transient_or_system", "not_a_failure"]
Proof = Literal["envelope", "original", "none"]


class Class(StrEnum):
    """Why a letter did not arrive, in the six ways that call for different deeds."""

    DEAD = "address is dead"
    MAILBOX = "mailbox: full or inactive"
    CONTENT = "content or reputation"
    POLICY = "policy"
    TEMPORARY = "temporary or system"
    NOT_A_FAILURE = "not a failure"

    @property
    def group(self) -> Group:
        """The class as the machine-readable line names it (five groups: policy counts as reputation)."""
        return _GROUPS[self]


_GROUPS: dict[Class, Group] = {
    Class.DEAD: "invalid_address",
    Class.MAILBOX: "mailbox",
    Class.CONTENT: "content_or_reputation",
    Class.POLICY: "content_or_reputation",
    Class.TEMPORARY: "transient_or_system",
    Class.NOT_A_FAILURE: "not_a_failure",
}


@dataclass(frozen=True, slots=True)
class Recipient:
    """One address that the mail speaks of, and what it says about it.

    `address` is the one that was written to, as spelt in the report; `final` where the report also names the address
    it was forwarded to. `dead` is only true when the address itself is the reason and the server meant it for good.
    `why` are the words the class rests on, at most 300 characters; empty means: failed, reason unknown.
    """

    address: str
    because: Class
    permanent: bool
    status: str = ""
    """RFC 3463 code such as `5.1.1`, or empty."""
    reply: str = ""
    """SMTP reply code such as `550`, or empty."""
    why: str = ""
    final: str = ""
    waits: bool = False
    """The server that reports has not given up: it keeps trying by itself."""

    @property
    def dead(self) -> bool:
        """True when no letter to this address can ever arrive."""
        return self.because is Class.DEAD and self.permanent

    @property
    def group(self) -> Group:
        """The group of its class."""
        return self.because.group

    @property
    def understood(self) -> bool:
        """False where the mail failed and nothing in it says why: a person should look."""
        return bool(self.why) or self.because is Class.NOT_A_FAILURE


@dataclass(frozen=True, slots=True)
class Event:
    """One mail understood. `sure` runs from 0 (a guess) to 1 (signed token and standard fields)."""

    kind: Kind
    recipients: tuple[Recipient, ...] = ()
    delivery: DeliveryId | None = None
    proof: Proof = "none"
    """Where the token stood that named the delivery row: without one, anybody may have written this mail."""
    reporter: str = ""
    """The host that reports (Reporting-MTA), where it says so."""
    feedback: str = ""
    """Feedback-Type of RFC 5965 3.1 (`abuse`, `opt-out`, `not-spam`, `auth-failure` …)."""
    family: str = ""
    """Which reader understood it: `dsn`, `arf`, `qmail`, `original` …; for staff and for the tests."""
    sure: float = 0.0

    def named(self, delivery: DeliveryId | None, proof: Proof) -> "Event":
        """The same event, tied to the delivery row that a token named."""
        if delivery is None:
            return self
        return replace(self, delivery=delivery, proof=proof, sure=max(self.sure, 0.95 if self.recipients else 0.8))


def as_json(event: Event, file: str = "") -> dict[str, object]:
    """The event as `groundswell inbound read --json` prints it, one object a mail; `file` leads where it is given.

    A challenge and an out-of-office note are both `vacation` (an automatic answer), a person's answer is `none`.
    """
    kind = {"challenge": "vacation", "answer": "none"}.get(event.kind, event.kind)
    facts: dict[str, object] = {
        "kind": kind,
        "recipients": [
            {
                "address": each.address,
                "dead": each.dead,
                "permanent": each.permanent,
                "group": each.group,
                "why": each.why,
            }
            for each in event.recipients
        ],
        "delivery": event.delivery,
        "sure": round(event.sure, 2),
    }
    return {"file": file, **facts} if file else facts
