"""What every way out of the house has in common: letters are taken one by one, and each ends in exactly one reply."""

from dataclasses import dataclass
from typing import Protocol

from groundswell.basics.ids import DeliveryId
from groundswell.engine.outcome import Reply


@dataclass(slots=True)
class Envelope:
    """One letter on its way: who it is from and to on the wire, and its bytes (CRLF, no line beginning with a dot)."""

    delivery: DeliveryId
    mail_from: str
    rcpt_to: str
    data: bytes


class Supply(Protocol):
    """Where a transport gets its letters, and where it says what became of them.

    Every envelope that `take` gave ends in one `answered`, or goes back unsent by `give_back`.
    """

    def take(self) -> Envelope | None:
        """The next letter, written at this moment; None where none is at hand."""

    async def more(self) -> bool:
        """Wait until `take` may give one again; False: that was all."""

    def begun(self, delivery: DeliveryId) -> None:
        """Its last byte is about to be written: from here on, a lost reply makes it `uncertain`.

        Raises `Halt` where that can't be kept in mind (a full disk): then nothing of it may be written.
        """

    def answered(self, reply: Reply) -> None:
        """How it ended."""

    def give_back(self, envelope: Envelope) -> None:
        """Nothing of it was handed over, and nothing said about it: it may go another way, or later."""


class Transport(Protocol):
    """A way out."""

    async def send(self, supply: Supply) -> None:
        """Hand over everything the supply has; `Unreachable` where nobody takes letters any more."""

    async def close(self) -> None:
        """End politely."""


class Unreachable(Exception):
    """No relay takes letters now. The text says which and why; it holds no person."""


class Halt(Exception):
    """The supply can't go on. What was begun ends as it ends; nothing more is begun."""
