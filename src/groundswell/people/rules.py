"""Who may be mailed, and what an imported row may change. Pure."""

from collections.abc import Iterable, Mapping
from typing import Literal

Reason = Literal["unsubscribed", "hard_bounce", "complaint", "legal"]

LIFTED_BY_A_FORM: frozenset[str] = frozenset({"unsubscribed"})
"""A person who signs up again by hand takes back only their own goodbye; the other reasons stand."""

_STATUS: Mapping[str, Reason] = {
    "unsubscribed": "unsubscribed", "unsubscribe": "unsubscribed", "opted out": "unsubscribed", "opt-out": "unsubscribed",
    "bounced": "hard_bounce", "bouncing": "hard_bounce", "cleaned": "hard_bounce", "hard bounce": "hard_bounce",
    "complained": "complaint", "spam complaint": "complaint", "complaint": "complaint", "blocklisted": "complaint",
}  # fmt: skip


def may_mail(*, latest_consent: bool | None, suppressions: Iterable[str]) -> bool:
    """Mail only on a standing yes, and never against a suppression."""
    return latest_consent is True and not any(suppressions)


def why_not(*, latest_consent: bool | None, suppressions: Iterable[str]) -> str:
    """Why a person is left out, in one word or two; empty where they are not."""
    for reason in ("complaint", "legal", "hard_bounce", "unsubscribed"):
        if reason in set(suppressions):
            return reason.replace("_", " ")
    return "" if latest_consent else "no consent"


def status_reason(status: str) -> Reason | None:
    """What a status column of another system says about mailing this person."""
    return _STATUS.get(" ".join(status.casefold().replace("_", " ").split()))
