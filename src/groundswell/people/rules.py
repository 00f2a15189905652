"""Who may be mailed, and what an imported row may change. Pure."""

import re
from collections.abc import Iterable, Mapping
from typing import Literal

Reason = Literal["unsubscribed", "hard_bounce", "complaint", "legal"]

LIFTED_BY_A_FORM: frozenset[str] = frozenset({"unsubscribed"})
"""A person who signs up again by hand takes back only their own goodbye; the other reasons stand."""
TO_PARTNER = "partner"
"""The purpose of a consent by which another organisation may write: it says nothing of our own letters (law 4)."""

GONE = "no contact details"
MERGED = "merged"
CONTACT = "contact person"
"""Somebody whom we write to in their office (a target's contact, a recipient): in the vault for that, and no supporter as long
as they did or said nothing themselves."""
NO_CONSENT = "no consent"

_STATUS: Mapping[str, Reason] = {
    **dict.fromkeys((
        "unsubscribed", "unsubscribe", "unsub", "opted out", "opt out", "optout", "withdrawn", "revoked", "do not contact",
        "do not email", "do not mail", "abgemeldet", "désabonné", "désinscrit",
    ), "unsubscribed"),
    **dict.fromkeys((
        "bounced", "bouncing", "bounce", "cleaned", "hard bounce", "hard bounced", "undeliverable", "deceased",
    ), "hard_bounce"),
    **dict.fromkeys((
        "complained", "complaint", "spam complaint", "spam", "marked as spam", "blocklisted", "blacklisted",
    ), "complaint"),
}  # fmt: skip


_SUBSCRIBED = frozenset({
    "subscribed", "active", "confirmed", "opted in", "opt in", "optin", "double opt in", "enabled", "partially subscribed", "yes",
    "aktiv", "abonniert", "abonné", "inscrit", "suscrito",
})  # fmt: skip
"""What a column of statuses says of somebody who may be mailed."""
_YES = _SUBSCRIBED | {
    "true", "t", "1", "1.0", "y", "on", "x", "✓", "✔", "☑", "checked", "agreed", "accepted", "granted", "given", "consented",
    "express", "ja", "j", "wahr", "oui", "vrai", "sí", "si", "sì", "sim", "tak", "ano", "da", "igen", "evet", "kyllä",
}  # fmt: skip
"""What a column that asks for a yes says of one. Every other word is none, and so is a blank."""
_NO = frozenset({
    "", "no", "n", "false", "f", "none", "null", "nil", "(null)", "\\n", "n/a", "na", "nan", "never", "off", "unchecked", "-",
    "–", "—", "☐", "nein", "falsch", "non", "faux", "nee", "não", "nao", "nej", "nie", "ne", "nem", "hayır", "ei", "falso",
})  # fmt: skip
"""What a column that asks whether somebody left says of one who did not. Every other word is a goodbye."""
_WHEN = re.compile(
    r"(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{2,4})"
    r"(?:[t, ]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[ap]m)?(?: ?(?:z|utc|gmt|[+-]\d{2}:?\d{2}))*)?"
).fullmatch
_CAUTION: tuple[Reason, ...] = ("complaint", "legal", "hard_bounce", "unsubscribed")


def may_mail(*, latest_consent: bool | None, suppressions: Iterable[str]) -> bool:
    """Mail only on a standing yes, and never against a suppression."""
    return latest_consent is True and not any(suppressions)


def why_not(*, latest_consent: bool | None, suppressions: Iterable[str]) -> str:
    """Why a person is left out, in one word or two; empty where they are not."""
    standing = set(suppressions)
    for reason in _CAUTION if standing else ():
        if reason in standing:
            return reason.replace("_", " ")
    return "" if latest_consent else NO_CONSENT


def status_reason(status: str) -> Reason | None:
    """What a status column of another system says about mailing this person."""
    return _STATUS.get(_word(status))


def row_reasons(row: Mapping[str, str]) -> frozenset[Reason]:
    """Why an imported row's address is suppressed: its status, and each column of its own that is not empty or a no.

    All of them: each is lifted by itself, and what is not written down is lost when another is.
    """
    columns: tuple[tuple[str, Reason], ...] = (
        ("complained", "complaint"), ("bounced", "hard_bounce"), ("unsubscribed", "unsubscribed"),
    )  # fmt: skip
    said = {reason for column, reason in columns if column in row and not _is_no(row[column])}
    # “Unsubscribed” in a column that asks for a yes means what it says; a plain no there is no yes, and no goodbye.
    said |= {reason for column in ("status", "opted_in") if (reason := status_reason(row.get(column, ""))) is not None}
    return frozenset(said)


def row_consents(row: Mapping[str, str]) -> bool:
    """Whether an imported row may stand for a yes: each column that it has about that must say one in words that we know.

    A row without such a column may: that is what staff say of the whole list.
    """
    if row_reasons(row) or ("status" in row and _word(row["status"]) not in _SUBSCRIBED):
        return False
    return "opted_in" not in row or _is_yes(row["opted_in"])


def _word(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").replace("-", " ").split())


def _is_yes(text: str) -> bool:
    """A word that is a yes, or the day of one."""
    return _word(text) in _YES or (_WHEN(text.strip().casefold()) is not None and not _is_no(text))


def _is_no(text: str) -> bool:
    """A word that is a no, or nothing: zero, or the day that databases write for none (0000-00-00)."""
    text = text.strip().casefold()
    return text in _NO or (text.startswith("0") and not text.strip("0-:./ tz+"))
