"""Reading one mail, in the order that loses nobody: token, unsubscribe address, complaint, delivery status, autoreply."""

import re
from email import message_from_bytes, policy
from email.message import Message

from groundswell.basics.ids import DeliveryId
from groundswell.basics.tokens import TokenKeys, open_delivery
from groundswell.letterbox.event import Event, Kind, Recipient
from groundswell.letterbox.rules import classify

_TOKEN = re.compile(r"\b([bu])\+([a-z2-7]{36,60})@", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>;,\"]{1,64}@[^\s<>;,\"]{1,255}")
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_FAILED_LINE = re.compile(r"^\s*<?([^\s<>]{1,64}@[^\s<>:]{1,255})>?:?\s*(.{0,200})$", re.MULTILINE)
LARGEST = 2 * 1024 * 1024
"""Bytes that are looked at: a delivery status stands in front of whatever it returns."""


def read(raw: bytes, *, keys: TokenKeys | None = None, envelope_to: str = "") -> Event:
    """What the mail says. Never raises; a mail that says nothing clear is `none`, and is kept for a person."""
    try:
        return _read(raw[:LARGEST], keys, envelope_to)
    except Exception:  # noqa: BLE001 (any bytes may come in; the parser of the standard library does raise on some)
        return Event("none")


def _read(raw: bytes, keys: TokenKeys | None, envelope_to: str) -> Event:
    message = message_from_bytes(raw, policy=policy.compat32)
    to = " ".join([envelope_to, *(str(message.get(name, "")) for name in ("Delivered-To", "X-Original-To", "To"))])
    delivery, unsubscribing = _token(to, keys)
    if unsubscribing:
        return Event("unsubscribe", (), delivery, sure=True)
    parts = list(message.walk())[:200]
    kinds = {part.get_content_type() for part in parts}
    if "message/feedback-report" in kinds:
        return Event("feedback", _complained(parts), delivery, sure=True)
    reported = tuple(_reported(parts))
    if reported:
        failed = any(recipient.group != "not_a_failure" for recipient in reported)
        return Event("bounce" if failed else "none", reported, delivery, sure=True)
    if str(message.get("Auto-Submitted", "no")).lower().startswith("auto-replied") or message.get("X-Autoreply"):
        return Event("vacation", (), delivery, sure=True)
    return _from_words(message, parts, delivery)


def _token(text: str, keys: TokenKeys | None) -> tuple[DeliveryId | None, bool]:
    for found in _TOKEN.finditer(text):
        purpose = "bounce" if found[1].lower() == "b" else "unsubscribe"
        delivery = open_delivery(keys, purpose, found[2]) if keys else None
        if delivery is not None:
            return delivery, purpose == "unsubscribe"
    return None, False


def _reported(parts: list[Message]) -> list[Recipient]:
    """RFC 3464: one recipient per group of fields; the address we wrote to (Original-Recipient) before the final one."""
    recipients = []
    for part in parts:
        if part.get_content_type() != "message/delivery-status":
            continue
        groups = part.get_payload()
        for group in (g for g in groups if isinstance(g, Message)) if isinstance(groups, list) else ():
            named = str(group.get("Original-Recipient") or group.get("Final-Recipient") or "")
            found = _ADDRESS.search(named.partition(";")[2] or named)
            if found is None:
                continue
            status = _STATUS.search(str(group.get("Status", "")))
            words = " ".join(str(group.get("Diagnostic-Code", "")).split())[:300]
            code = status[1] if status else (inner[1] if (inner := _STATUS.search(words)) else "")
            kind, permanent = classify(code, words, str(group.get("Action", "failed")).strip().lower())
            recipients.append(Recipient(found[0], kind, permanent, code, words or code))
    return recipients


def _complained(parts: list[Message]) -> tuple[Recipient, ...]:
    """RFC 5965: who complained, from the report or from the letter it returns."""
    for part in parts:
        if part.get_content_type() == "message/feedback-report":
            inner = part.get_payload()
            text = str(inner[0]) if isinstance(inner, list) and inner else str(inner)
            if found := re.search(r"(?im)^Original-Rcpt-To:\s*<?([^\s<>]+@[^\s<>]+)", text):
                return (Recipient(found[1], "not_a_failure", False, "", "complaint"),)
    return ()


def _from_words(message: Message, parts: list[Message], delivery: DeliveryId | None) -> Event:
    """Servers that send no report: a line that names an address, from a sender that is no person."""
    sender = f"{message.get('From', '')} {message.get('Return-Path', '')}".lower()
    if not any(word in sender for word in ("mailer-daemon", "postmaster", "<>")):
        return Event("none", (), delivery)
    for part in parts:
        if part.get_content_maintype() != "text":
            continue
        payload = part.get_payload(decode=True)
        text = payload.decode("utf-8", "replace")[:20000] if isinstance(payload, bytes) else ""
        if found := _FAILED_LINE.search(text):
            words = " ".join(text[found.start() : found.start() + 500].split())
            status = _STATUS.search(words)
            reply = re.search(r"\b([45])\d\d\b", words)
            code = status[1] if status else f"{reply[1]}.0.0" if reply else "5.0.0"
            group, permanent = classify(code, words)
            kind: Kind = "bounce"
            return Event(kind, (Recipient(found[1].rstrip(".:"), group, permanent, code, words[:300]),), delivery)
    return Event("none", (), delivery)
