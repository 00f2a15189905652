"""A supply of letters at hand, for a transport to work on."""

from collections.abc import Sequence

from groundswell.basics.ids import DeliveryId
from groundswell.engine.outcome import Reply
from groundswell.engine.transports.base import Envelope


class Pile:
    """Gives its envelopes in order and remembers what was said of each."""

    def __init__(self, envelopes: Sequence[Envelope]) -> None:
        self.waiting = list(reversed(envelopes))
        self.replies: list[Reply] = []
        self.begun_ids: list[int] = []
        self.given_back = 0

    def take(self) -> Envelope | None:
        return self.waiting.pop() if self.waiting else None

    async def more(self) -> bool:
        return bool(self.waiting)

    def begun(self, delivery: DeliveryId) -> None:
        self.begun_ids.append(int(delivery))

    def answered(self, reply: Reply) -> None:
        self.replies.append(reply)

    def give_back(self, envelope: Envelope) -> None:
        self.given_back += 1
        self.waiting.append(envelope)
