"""A piece from the spool, understood: letterbox's event, and what the piece adds to it that letterbox was not asked."""

import re
from dataclasses import dataclass
from datetime import datetime

from groundswell.basics.ids import DeliveryId
from groundswell.basics.tokens import TokenKeys, open_delivery
from groundswell.inbox import provider_events
from groundswell.inbox.spool import Piece
from groundswell.letterbox import Event, read
from groundswell.letterbox.mime import head_of

LOOP = "X-Groundswell-Forwarded"
"""A header on everything we forward: what carries it is never forwarded again."""
_TOKEN = re.compile(r"(?<![a-z2-7])[a-z2-7]{40}(?![a-z2-7])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Understood:
    """The event, and two facts of the mail's own headers."""

    event: Event
    writer: str = ""
    may_forward: bool = False
    """False for what a program wrote, and for what we forwarded before: forwarding it would make a loop."""


def understand(piece: Piece, *, keys: TokenKeys, now: datetime) -> Understood:
    """What the piece says."""
    if piece.form == "event":
        return Understood(provider_events.to_event(piece.content, keys=keys))
    event = read(piece.content, keys=keys, envelope_to=piece.envelope_to or None, now=now)
    headers = head_of(piece.content)
    if event.delivery is None and event.kind in {"answer", "unsubscribe", "none", "vacation"}:
        # A reply names our letter in its own headers; nobody but its reader knows that Message-ID.
        event = event.named(_answered(headers.every("in-reply-to") + headers.every("references"), keys), "original")
    writer = _writer(headers.get("from"))
    automatic = headers.get("auto-submitted").lower() not in ("", "no")
    return Understood(event, writer, bool(writer) and not automatic and LOOP.lower() not in headers and "x-loop" not in headers)


def _answered(values: list[str], keys: TokenKeys) -> DeliveryId | None:
    for token in _TOKEN.findall(" ".join(str(value) for value in values)[:8000])[:12]:
        found = open_delivery(keys, "message", token)
        if found is not None:
            return found
    return None


def _writer(value: str) -> str:
    found = re.search(r"[^\s<>\"'(),;:@]{1,64}@[^\s<>\"'(),;:@]{1,255}", value)
    address = found.group() if found else ""
    return "" if address.lower().startswith(("mailer-daemon@", "postmaster@")) else address
