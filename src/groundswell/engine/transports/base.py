"""What every way out of the house has in common: envelopes in, one reply each."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from groundswell.basics.ids import DeliveryId
from groundswell.engine.outcome import Reply


@dataclass(frozen=True, slots=True)
class Envelope:
    """One letter on its way: who it is from and to on the wire, and its bytes (CRLF, no line beginning with a dot)."""

    delivery: DeliveryId
    mail_from: str
    rcpt_to: str
    data: bytes


HandingOver = Callable[[DeliveryId], None]
"""Called just before a letter's last byte is written: from here on, a lost reply makes it `uncertain`."""


class Transport(Protocol):
    """A way out. Gives exactly one reply per envelope, in the order they are known."""

    def send(self, envelopes: Sequence[Envelope], *, handing_over: HandingOver) -> AsyncIterator[Reply]: ...
    async def close(self) -> None: ...
