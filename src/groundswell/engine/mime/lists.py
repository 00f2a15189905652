"""The headers of list mail: one-click unsubscription (RFC 8058), List-ID (RFC 2919), Feedback-ID (Gmail)."""

import re

from groundswell.engine.mime.headers import encoded_words

POST = "List-Unsubscribe=One-Click"
"""The value of List-Unsubscribe-Post: exactly this (RFC 8058 3.1)."""
_PLAIN_PHRASE = re.compile(r"[A-Za-z0-9-]+(?: [A-Za-z0-9-]+)*")
_FIELD = re.compile(r"[^A-Za-z0-9_-]+")
SENDER_ID = re.compile(r"[A-Za-z0-9_-]{5,15}")
"""What Gmail takes as the last field of Feedback-ID."""


def list_unsubscribe(url: str, mail: str) -> str:
    """Both ways out (RFC 2369). Never encoded, never broken inside an address: a mangled URL is one click lost."""
    return f"<{url}>,\r\n <mailto:{mail}>"


def list_id(phrase: str, identifier: str) -> str:
    """`Common Ground <news.example.org>` (RFC 2919 3)."""
    phrase = " ".join(phrase.split())
    if not phrase:
        return f"<{identifier}>"
    if not _PLAIN_PHRASE.fullmatch(phrase) or len(phrase) > 60:
        phrase = "\r\n ".join(encoded_words(phrase, used=9))
    return f"{phrase}\r\n <{identifier}>"


def feedback_id(campaign: str, customer: str, kind: str, sender_id: str) -> str:
    """Four fields, none of them about a person, the constant one last; two letters alike give the same value."""
    return ":".join([*(_FIELD.sub("-", part).strip("-")[:30] or "0" for part in (campaign, customer, kind)), sender_id])
