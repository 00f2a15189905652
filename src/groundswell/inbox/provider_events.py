"""A mail provider's event, as django-anymail made it uniform, turned into the same Event that a mail gives. Pure."""

import json
import re
from typing import Any

from groundswell.basics.ids import DeliveryId
from groundswell.basics.tokens import TokenKeys, open_delivery
from groundswell.letterbox import Class, Event, Recipient
from groundswell.letterbox.classify import Said, classify

TOLD = frozenset({"bounced", "rejected", "failed", "complained", "unsubscribed"})
"""Event types that call for anything; opens, clicks and deliveries are not ours to know (law 8)."""
_TOKEN = re.compile(r"(?<![A-Za-z0-9])[a-z2-7]{40}(?![A-Za-z0-9])", re.IGNORECASE)
_MOST_TOKENS = 20


def pack(*, esp: str, event: Any, body: str) -> bytes:
    """An anymail tracking event as bytes for the spool. `body` is searched for our own tokens, then left behind."""
    return json.dumps(
        {
            "esp": esp,
            "type": str(event.event_type or ""),
            "at": str(event.timestamp or ""),  # tells two reports of one kind apart where the provider numbers none
            "recipient": str(event.recipient or ""),
            "reason": str(event.reject_reason or ""),
            "response": str(event.mta_response or "")[:2000],
            "description": " ".join((str(event.description or ""), *_mailjets(event.esp_event))).strip()[:2000],
            "tokens": list(dict.fromkeys(_TOKEN.findall(f"{event.message_id} {body}")))[:_MOST_TOKENS],
        }
    ).encode()


def _mailjets(raw: Any) -> list[str]:
    """Mailjet tells the reason beside the server's words, where anymail does not look for it."""
    return [str(raw[name]) for name in ("comment", "error") if isinstance(raw, dict) and raw.get(name)]


def to_event(content: bytes, *, keys: TokenKeys) -> Event:
    """The event that `pack` packed. A provider speaks for itself (its signature was checked), so its word is `sure`."""
    facts: dict[str, Any] = json.loads(content)
    address, family = str(facts["recipient"]), f"webhook {facts['esp']}"
    event = _event(facts, address, family)
    row = _row(facts["tokens"], keys)
    return event.named(row, "envelope") if row is not None else event


def _event(facts: dict[str, Any], address: str, family: str) -> Event:
    kind, reason = facts["type"], facts["reason"]
    words = " ".join(part for part in (facts["response"], facts["description"]) if part)
    if kind == "complained" or (kind == "rejected" and reason == "spam"):
        return Event(
            "feedback", _one(address, Class.NOT_A_FAILURE, False, words or kind), feedback="abuse", family=family, sure=0.95
        )
    if kind == "unsubscribed" or (kind == "rejected" and reason == "unsubscribed"):
        return Event("unsubscribe", _one(address, Class.NOT_A_FAILURE, False, words or kind), family=family, sure=0.95)
    if kind not in TOLD:
        return Event("none", family=family, sure=0.9)
    said = classify(Said(words=facts["response"], action="failed", prose=facts["description"]))
    if said.why:
        found = Recipient(address, said.because, said.permanent, said.status, said.reply, said.why)
        return Event("bounce", (found,), family=family, sure=0.9)
    if kind == "failed":
        return Event(
            "bounce", _one(address, Class.TEMPORARY, True, words or "the provider could not send"), family=family, sure=0.9
        )
    if reason == "invalid":
        return Event("bounce", _one(address, Class.DEAD, True, words or "no valid address"), family=family, sure=0.9)
    if reason == "blocked":
        return Event("bounce", _one(address, Class.POLICY, True, words or "blocked by the provider"), family=family, sure=0.9)
    if reason in ("bounced", "timed_out"):
        # Bounced there before, for a reason that is not told: counted, and not written to when it happens again and again.
        return Event("bounce", _one(address, Class.MAILBOX, True, words or f"the provider says: {reason}"), family=family, sure=0.8)
    return Event("bounce", _one(address, Class.TEMPORARY, False, ""), family=family, sure=0.5)


def _one(address: str, because: Class, permanent: bool, why: str) -> tuple[Recipient, ...]:
    return (Recipient(address, because, permanent, why=why[:300]),) if address else ()


def _row(tokens: list[str], keys: TokenKeys) -> DeliveryId | None:
    for token in tokens:
        for purpose in ("message", "bounce", "unsubscribe"):
            found = open_delivery(keys, purpose, token)
            if found is not None:
                return found
    return None
