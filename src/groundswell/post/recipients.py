"""One person as a letter sees them: fields, and the signed tokens that stand for a delivery row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from pathlib import Path

from groundswell.basics.ids import ActionId, DeliveryId
from groundswell.basics.names import readable
from groundswell.basics.tokens import TokenKeys, seal_deliveries, seal_delivery, seal_links
from groundswell.engine.message import Letter as CompiledLetter
from groundswell.engine.message import Recipient
from groundswell.engine.pace import Pace, QuietHours, Ramp
from groundswell.engine.sign import Signer

_PURPOSES = (b"unsubscribe", b"bounce", b"message")


@dataclass(frozen=True, slots=True)
class PostOffice:
    """What delivering needs of the installation."""

    tokens: TokenKeys
    base_url: str
    bounce_domain: str
    logs: Path
    signers_for: Callable[[str], tuple[Signer, ...]]
    """From-domain → its signers: RSA first, then Ed25519 where there is one."""
    pace: Pace = field(default_factory=Pace)
    """Lives as long as the process: what a domain said a minute ago still counts."""
    ramp: Ramp | None = None
    quiet: QuietHours | None = None
    zone: tzinfo = UTC
    one_letter_a_day: bool = True
    senders: int = 1
    """How many processes hand over the letter side by side: each has its part of every budget."""


def message_id(tokens: TokenKeys, delivery: DeliveryId, domain: str) -> str:
    """The Message-ID of a row: the same at every try, so that a receiver can tell a second copy."""
    return f"<{seal_delivery(tokens, 'message', delivery)}@{domain}>"


class Addressing:
    """Writes recipients of one letter; what is the same for all is put together once."""

    def __init__(self, office: PostOffice, letter: CompiledLetter, day: int) -> None:
        self._tokens, self._positions, self._day = office.tokens, letter.positions, day
        self._action = ActionId(letter.action.id)
        self._link = f"{office.base_url}{letter.action.path}?t="
        self._unsubscribe = f"{office.base_url}/u/"
        # The page of choices speaks the letter's language; who borrowed the browser changes it there.
        spoken = letter.language.partition("-")[0].lower()
        self._spoken = f"?l={spoken}" if spoken.isascii() and spoken.isalpha() else ""
        self._bounce_domain = office.bounce_domain
        self._from_domain = letter.sender.from_address.rpartition("@")[2]

    def recipient(self, delivery: DeliveryId, email: str, given_name: str | None, facts: Mapping[str, str | None]) -> Recipient:
        """Everything the letter needs to know of one person, in memory only."""
        tokens = self._tokens
        name = readable(given_name)
        hint = f"{name[0] if name else ' '}{email[0]}{email[email.rfind('@') + 1]}"
        day, action, link = self._day, self._action, self._link
        positions = self._positions
        sealed = seal_links(tokens, delivery, action, day, positions, hint)
        out, bounce, message = seal_deliveries(tokens, _PURPOSES, delivery)
        fields = {"first_name": name}
        if facts:
            fields.update(facts)
        return Recipient(
            delivery,
            email,
            fields,
            {position: link + token for position, token in zip(positions, sealed, strict=True)},
            self._unsubscribe + out + self._spoken,
            f"u+{out}@{self._bounce_domain}",
            f"b+{bounce}@{self._bounce_domain}",
            f"<{message}@{self._from_domain}>",
        )
