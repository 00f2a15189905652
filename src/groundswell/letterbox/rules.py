"""What is to be done about a mail that came back: a table, pure. Doing it is the inbox's.

dead: suppress now · mailbox full or inactive: after N reports in M days · content, reputation, policy: never
suppress, tell staff, slow that provider · complaint: suppress all mail, thank no one · temporary, and the server that
reports gave up: send once more; and slow that provider where we came too fast · late, and it keeps trying: nothing ·
a person's answer: forward to the sender's real mailbox · automatic answer: drop.
What nobody understood is kept for a person.

Anybody can write a bounce. Only one that carries our token is acted on by itself; others suppress at most
`Limits.unproven_a_day` addresses a day, and only addresses we wrote to within `Limits.believable_days`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from groundswell.letterbox.event import Class, Event, Recipient
from groundswell.letterbox.words.passing import RATE


class Deed(StrEnum):
    """One thing to do. The order in which `decide` returns them is the order of doing."""

    SUPPRESS = "suppress this address"
    SUPPRESS_ALL = "suppress all mail to this person"
    UNSUBSCRIBE = "unsubscribe this person"
    COUNT = "count towards suppression"
    RETRY = "try again"
    SLOW_PROVIDER = "slow down at this provider"
    TELL_STAFF = "tell staff"
    FORWARD = "forward to the sender's mailbox"
    DROP = "drop"
    KEEP = "keep for a person"
    NOTHING = "nothing to do"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is believed. Days are days of 24 hours before `now`."""

    full_times: int = 3
    full_days: int = 30
    unproven_a_day: int = 20
    believable_days: int = 10
    least_sure: float = 0.5


@dataclass(frozen=True, slots=True)
class History:
    """What is known beside the mail: earlier full-mailbox reports of this address, when we last wrote to it, and how
    many addresses were suppressed today on mails without a token."""

    full: Sequence[datetime] = ()
    last_written: datetime | None = None
    unproven_today: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """The deeds for one recipient (None: for the mail as a whole) and the reason in words that staff can read."""

    recipient: Recipient | None
    deeds: tuple[Deed, ...]
    why: str


_COMPLAINTS = frozenset({"abuse", "opt-out", "opt-out-list", "other", "miscategorized", "complaint", "spam", ""})
"""Feedback types that say a reader wants no more mail (RFC 5965 7.3); `not-spam`, `virus` and `auth-failure` do not."""

_REFUSED = (Deed.TELL_STAFF, Deed.SLOW_PROVIDER)


def decide(event: Event, now: datetime, history: History | None = None, limits: Limits | None = None) -> list[Decision]:
    """The deeds that `event` calls for, one decision a recipient. `history` is that of the recipient concerned: call
    once for each recipient of a mail that names several."""
    history, limits = history or History(), limits or Limits()
    if event.kind == "bounce":
        if not event.recipients and event.delivery is None:
            return [Decision(None, (Deed.KEEP,), "a bounce that names nobody")]
        return [_bounced(each, event, now, history, limits) for each in event.recipients] or [
            Decision(None, (Deed.KEEP,), "our letter came back without a reason")
        ]
    if event.kind == "feedback":
        return _complained(event, history, limits)
    if event.kind == "unsubscribe":
        person = event.recipients[0] if event.recipients else None
        if event.delivery is not None:
            return [Decision(person, (Deed.UNSUBSCRIBE,), "wrote to the unsubscribe address")]
        return [Decision(person, (Deed.UNSUBSCRIBE, Deed.KEEP), "asked by mail to be taken off; a person should check who")]
    if event.kind in {"vacation", "challenge"}:
        return [Decision(None, (Deed.DROP,), f"an automatic answer ({event.kind})")]
    if event.kind == "answer":
        return [Decision(None, (Deed.FORWARD,), "a person answered")]
    return [Decision(None, (Deed.FORWARD, Deed.KEEP), "not understood")]


def _bounced(person: Recipient, event: Event, now: datetime, history: History, limits: Limits) -> Decision:
    if person.because is Class.NOT_A_FAILURE:
        return Decision(person, (Deed.NOTHING,), "it was delivered")
    if not person.understood:
        return Decision(person, (Deed.KEEP,), "failed for a reason that nobody knows yet")
    if person.waits:
        slow = any(words in person.why.lower() for words in RATE)
        return Decision(person, (Deed.SLOW_PROVIDER,) if slow else (Deed.NOTHING,), "late: their server keeps trying")
    if person.because in {Class.CONTENT, Class.POLICY}:
        return Decision(person, _REFUSED, "the provider refused our letter, not the person's address")
    if person.because is Class.TEMPORARY or (not person.permanent and person.because is not Class.MAILBOX):
        deed = Deed.TELL_STAFF if person.permanent else Deed.RETRY
        if any(words in person.why.lower() for words in RATE):
            return Decision(person, (deed, Deed.SLOW_PROVIDER), "we wrote too fast for this provider")
        return Decision(person, (deed,), "a fault on the way")
    doubt = _doubt(event, now, history, limits)
    if doubt:
        return Decision(person, (Deed.KEEP,), doubt)
    if person.because is Class.MAILBOX:
        since = now - timedelta(days=limits.full_days)
        times = 1 + sum(1 for moment in history.full if moment >= since)
        if times >= limits.full_times:
            return Decision(person, (Deed.COUNT, Deed.SUPPRESS), f"full or inactive {times} times in {limits.full_days} days")
        return Decision(person, (Deed.COUNT,), f"full or inactive, {times} of {limits.full_times}")
    return Decision(person, (Deed.SUPPRESS,), "the address is dead")


def _complained(event: Event, history: History, limits: Limits) -> list[Decision]:
    person = event.recipients[0] if event.recipients else None
    if event.feedback not in _COMPLAINTS:
        return [Decision(person, (Deed.TELL_STAFF,), f"a report of another kind ({event.feedback})")]
    if event.delivery is None and person is None:
        return [Decision(None, (Deed.KEEP, Deed.TELL_STAFF), "a complaint that names nobody")]
    if event.delivery is None and history.unproven_today >= limits.unproven_a_day:
        return [Decision(person, (Deed.KEEP, Deed.TELL_STAFF), "too many complaints without a token today")]
    return [Decision(person, (Deed.SUPPRESS_ALL, Deed.TELL_STAFF), "complained about our mail")]


def _doubt(event: Event, now: datetime, history: History, limits: Limits) -> str:
    """Why a mail that would cost somebody our letters is not believed by itself, or empty."""
    if event.delivery is not None:
        return ""
    if event.sure < limits.least_sure:
        return "a guess, and no token of ours"
    if history.last_written is None or history.last_written < now - timedelta(days=limits.believable_days):
        return "no token of ours, and we did not write to this address lately"
    if history.unproven_today >= limits.unproven_a_day:
        return "too many reports without a token today"
    return ""
