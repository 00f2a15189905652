"""Reports as JSON: what a sending service mails to its customer in place of a bounce (Amazon SES by way of SNS)."""

import json
from collections.abc import Iterator
from typing import Any

from groundswell.letterbox.classify import Said, classify
from groundswell.letterbox.event import Class, Event, Recipient

_MOST = 100


def read(text: str) -> Event | None:
    """The event in a JSON notification, or None."""
    if '"notificationType"' not in text and "notificationType" not in text and '"eventType"' not in text:
        return None
    for facts in _objects(text):
        kind = facts.get("notificationType") or facts.get("eventType")
        if kind == "Bounce" and isinstance(facts.get("bounce"), dict):
            return _bounce(facts["bounce"])
        if kind == "Complaint" and isinstance(facts.get("complaint"), dict):
            told = facts["complaint"]
            kind_of = str(told.get("complaintFeedbackType") or "abuse")
            people = tuple(
                Recipient(_address(each), Class.NOT_A_FAILURE, False, why=f"feedback: {kind_of}")
                for each in _list(told.get("complainedRecipients"))
                if _address(each)
            )
            return Event("feedback", people, feedback=kind_of, family="json", sure=0.7)
        if kind == "Delivery" and isinstance(facts.get("delivery"), dict):
            told = facts["delivery"]
            why = str(told.get("smtpResponse") or "delivered")[:300]
            people = tuple(
                Recipient(each, Class.NOT_A_FAILURE, False, why=why)
                for each in _list(told.get("recipients"))
                if isinstance(each, str) and "@" in each
            )
            return Event("bounce", people, family="json", sure=0.7)
    return None


def _bounce(told: dict[str, Any]) -> Event:
    late = told.get("bounceType") == "Transient"
    people = []
    for each in _list(told.get("bouncedRecipients")):
        address = _address(each)
        if not address or not isinstance(each, dict):
            continue
        words = str(each.get("diagnosticCode") or "").partition(";")[2] or str(each.get("diagnosticCode") or "")
        hint = f"{told.get('bounceType', '')} {told.get('bounceSubType', '')}"
        found = classify(
            Said(
                words.strip(),
                str(each.get("status") or ""),
                str(each.get("action") or ""),
                _SUBTYPES.get(hint, hint),
                late and not words,
            )
        )
        people.append(Recipient(address, found.because, found.permanent, found.status, found.reply, found.why))
    return Event(
        "bounce", tuple(people), reporter=str(told.get("reportingMTA") or "").partition(";")[2].strip(), family="json", sure=0.7
    )


_SUBTYPES = {
    "Permanent NoEmail": "no such mailbox",
    "Permanent Suppressed": "recipient address has been suppressed: not accepting mail",
    "Transient MailboxFull": "mailbox full",
    "Transient MessageTooLarge": "message too large",
    "Transient ContentRejected": "content rejected",
    "Transient AttachmentRejected": "attachment rejected",
}


def _address(each: object) -> str:
    value = each.get("emailAddress") if isinstance(each, dict) else each
    return value.strip("<> ") if isinstance(value, str) and "@" in value and len(value) < 320 else ""


def _list(value: object) -> list[Any]:
    return value[:_MOST] if isinstance(value, list) else []


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """The object in the text, and the one that it carries as a string under `Message`."""
    decoder = json.JSONDecoder(strict=False)
    at = text.find("{")
    for source in (text[at : at + 60_000], text[at : at + 60_000].replace("\n", "")):
        if at < 0:
            return
        try:
            facts, _ = decoder.raw_decode(source)
        except (ValueError, RecursionError):
            continue
        if not isinstance(facts, dict):
            return
        inner = facts.get("Message")
        if isinstance(inner, str) and inner.lstrip().startswith("{"):
            try:
                carried, _ = decoder.raw_decode(inner.lstrip())
            except (ValueError, RecursionError):
                carried = None
            if isinstance(carried, dict):
                yield carried
        yield facts
        return
