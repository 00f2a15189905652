"""Who may be mailed, and what an imported row may change. Pure."""

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
    "unsubscribed": "unsubscribed", "unsubscribe": "unsubscribed", "opted out": "unsubscribed", "opt-out": "unsubscribed",
    "bounced": "hard_bounce", "bouncing": "hard_bounce", "cleaned": "hard_bounce", "hard bounce": "hard_bounce",
    "do not contact": "unsubscribed",
    "complained": "complaint", "spam complaint": "complaint", "complaint": "complaint", "blocklisted": "complaint",
}  # fmt: skip


_STANDING_YES = frozenset(
    {"", "subscribed", "active", "confirmed", "opted in", "opt-in", "opt in", "enabled", "partially subscribed", "yes"}
)
_NO = frozenset({"", "0", "no", "n", "false", "f", "none", "null", "never", "-"})


def may_mail(*, latest_consent: bool | None, suppressions: Iterable[str]) -> bool:
    """Mail only on a standing yes, and never against a suppression."""
    return latest_consent is True and not any(suppressions)


def why_not(*, latest_consent: bool | None, suppressions: Iterable[str]) -> str:
    """Why a person is left out, in one word or two; empty where they are not."""
    standing = set(suppressions)
    for reason in ("complaint", "legal", "hard_bounce", "unsubscribed") if standing else ():
        if reason in standing:
            return reason.replace("_", " ")
    return "" if latest_consent else NO_CONSENT


def status_reason(status: str) -> Reason | None:
    """What a status column of another system says about mailing this person."""
    return _STATUS.get(" ".join(status.casefold().replace("_", " ").split()))


def row_reason(row: Mapping[str, str]) -> Reason | None:
    """Why an imported row's address is suppressed: its status, or a column of its own that is not empty or a no."""
    columns: tuple[tuple[str, Reason], ...] = (
        ("complained", "complaint"), ("bounced", "hard_bounce"), ("unsubscribed", "unsubscribed"),
    )  # fmt: skip
    for column, reason in columns:
        if row.get(column, "").strip().casefold() not in _NO:
            return reason
    return status_reason(row.get("status", ""))


def row_consents(row: Mapping[str, str]) -> bool:
    """Whether an imported row may stand for a yes. A status we don't know (`pending`, `non-subscribed`) is none."""
    if row_reason(row) is not None or row.get("opted_in", "yes").strip().casefold() in _NO:
        return False
    return " ".join(row.get("status", "").casefold().replace("_", " ").split()) in _STANDING_YES
