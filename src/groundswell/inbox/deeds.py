"""The deeds that `letterbox.rules` names, done. Called inside the transaction that marks the mail applied."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Sum

from groundswell.basics.addresses import Address, parse
from groundswell.basics.ids import DeliveryId, PersonRef
from groundswell.basics.providers import Provider, provider_of
from groundswell.inbox import forwarding
from groundswell.inbox.known import SENT_AGAIN, Known, about, sent_again, shown
from groundswell.inbox.models import FullReport, Incoming
from groundswell.inbox.models import State as MailState
from groundswell.inbox.scrub import scrub
from groundswell.inbox.spool import Piece
from groundswell.inbox.understanding import Understood
from groundswell.inbox.writes import Writes
from groundswell.letterbox import Class, Event, Recipient
from groundswell.letterbox.rules import Decision, Deed, History, Limits, decide
from groundswell.people import suppressions
from groundswell.people.rules import Reason
from groundswell.post import returns, traffic
from groundswell.post.models import State

LIMITS = Limits()
LISTS = ("mailing", "series")
TIMELY = timedelta(days=3)
"""A letter that comes back later than this is not sent again: an appeal of last week misleads."""
KEPT_A_DAY = 500
"""More mails than these a day are not kept for people to read: a flood must not bury the mail that needs one."""
_COUNTED = "SELECT pg_advisory_xact_lock(hashtext('groundswell inbox unproven'))"
_WHY_RETURNED = {Class.DEAD: "address is dead", Class.MAILBOX: "mailbox full or inactive", Class.CONTENT: "refused: content",
                 Class.POLICY: "refused: policy", Class.TEMPORARY: "a fault on the way"}  # fmt: skip


class NotYet(Exception):
    """The row that this mail is about is in a sender's hands: its reply must be written down first."""


@dataclass(slots=True)
class Subject:
    """Whom a part of the mail is about, as far as it is known."""

    recipient: Recipient | None
    person: PersonRef | None
    sent: returns.Sent | None
    proven: bool


@dataclass(slots=True)
class Acting:
    """One mail's deeds. Leaves the row's new state and words in `row`, and everything else in `writes`; the caller writes
    both."""

    row: Incoming
    piece: Piece
    understood: Understood
    now: datetime
    known: Known | None = None
    """What was read beforehand for a crowd; None: ask the database."""
    writes: Writes = field(default_factory=Writes)
    """What is to be written, when the mail was read to its end."""
    done: list[str] = field(default_factory=list)
    states: set[MailState] = field(default_factory=set)
    proven: bool = False

    def act(self) -> None:
        """Decide and do. Raises `NotYet` where the delivery row can't be judged yet."""
        event = self.understood.event
        self.row.kind = event.kind
        if self.piece.envelope_to.lower().startswith(f"{forwarding.RETURNS_TO}@"):
            self._keep("an answer that we forwarded came back")
            self._tell(
                "forward", "The sender’s mailbox refuses answers", "An answer that we forwarded came back; it waits for you here."
            )
        elif event.delivery is not None:
            self._for(self._named(event, event.delivery), event)
        else:
            if event.recipients and event.kind in ("bounce", "feedback", "unsubscribe"):
                with connection.cursor() as cursor:
                    cursor.execute(_COUNTED)  # one after the other, so that the limit is a limit
            for recipient in event.recipients[: LIMITS.unproven_a_day] or (None,):
                self._for(self._by_address(recipient), event)
        self.row.state = next(
            (
                state
                for state in (MailState.KEPT, MailState.FORWARDED, MailState.APPLIED, MailState.DROPPED)
                if state in self.states
            ),
            MailState.APPLIED,
        )
        if self.row.state == MailState.KEPT and self._kept_today() >= KEPT_A_DAY:
            self.row.state = MailState.DROPPED
            self.done.append("not kept: too many today")
            self._tell(
                "flood",
                "Very many mails came back that nobody understands",
                f"More than {KEPT_A_DAY} today; the rest is only counted.",
            )
        self.row.outcome = "; ".join(dict.fromkeys(self.done))[:300]

    def _named(self, event: Event, delivery: DeliveryId) -> Subject:
        """The delivery row's own person: whatever addresses the mail names, nobody else is touched by it."""
        sent = returns.sent(delivery) if self.known is None else self.known.sent.get(delivery)
        self.row.delivery_id = delivery
        if sent is None:
            return Subject(None, None, None, True)
        if sent.state == State.CLAIMED and event.kind in ("bounce", "feedback"):
            raise NotYet
        return Subject(about(event, sent.person), sent.person, sent, True)

    def _by_address(self, recipient: Recipient | None) -> Subject:
        address = parse(recipient.address) if recipient else None
        if not isinstance(address, Address):
            return Subject(recipient, None, None, False)
        person = suppressions.person_with(address)
        return Subject(recipient, person, returns.last_sent(person) if person is not None else None, False)

    def _for(self, subject: Subject, event: Event) -> None:
        recipient, person = subject.recipient, subject.person
        if event.delivery is not None and subject.sent is None:
            self._keep("names a letter that is not in the books any more")
            return
        event = replace(event, recipients=(recipient,) if recipient else ())
        history = History(
            full=self._full(person) if person is not None else (),
            last_written=subject.sent.at if subject.sent else None,
            unproven_today=0 if subject.proven else self._unproven_today(),
        )
        self.row.proven = subject.proven
        if person is not None:
            self.row.person_id = person
        if recipient is not None:
            self.row.because = recipient.because.value if event.kind == "bounce" else ""
            self.row.words = scrub(recipient.why, recipient.address, recipient.final)
            self.row.provider = self._provider(recipient, event)
        for decision in decide(event, self.now, history, LIMITS):
            self._do(decision, subject, event)

    def _full(self, person: PersonRef) -> Sequence[datetime]:
        if self.known is not None:
            return self.known.full.get(person, ())
        return list(FullReport.objects.filter(person_id=person).values_list("at", flat=True))

    def _do(self, decision: Decision, subject: Subject, event: Event) -> None:
        self.done.append(decision.why)
        person = subject.person
        needs_person = {Deed.SUPPRESS, Deed.SUPPRESS_ALL, Deed.UNSUBSCRIBE, Deed.COUNT} & set(decision.deeds)
        if needs_person and person is None:
            self._keep("nobody here has this address")
            return
        believed = subject.proven or bool({Deed.SUPPRESS, Deed.COUNT} & set(decision.deeds))
        if event.kind == "bounce" and believed and decision.recipient is not None:
            self._mark(subject, decision.recipient)
        for deed in decision.deeds:
            self._one(deed, decision, subject, event)

    def _one(self, deed: Deed, decision: Decision, subject: Subject, event: Event) -> None:  # noqa: PLR0912 (a table)
        person, source = subject.person, f"mail {self.row.pk}: {decision.why}"[:120]
        if deed is Deed.SUPPRESS and person is not None:
            self._suppress(person, "hard_bounce", source)
            self.writes.withheld["hard bounce", ()].add(person)
            self._count(subject, "bounced")
        elif deed is Deed.SUPPRESS_ALL and person is not None:
            if subject.sent is not None:
                self.writes.marked[subject.sent.delivery] = State.COMPLAINED, "complained"
            self._suppress(person, "complaint", source)
            self.writes.withheld["complaint", ()].add(person)
            self._count(subject, "complained")
        elif deed is Deed.UNSUBSCRIBE and person is not None:
            if subject.proven or self._believed(decision):
                self._suppress(person, "unsubscribed", source)
                self.writes.withheld["unsubscribed", LISTS].add(person)
        elif deed is Deed.COUNT and person is not None:
            self.writes.full.append((person, self.row))
            self.states.add(MailState.APPLIED)
        elif deed is Deed.RETRY:
            self._again(subject)
        elif deed is Deed.SLOW_PROVIDER:
            self._slow(decision, subject)
        elif deed is Deed.TELL_STAFF:
            self._tell_of(decision, event)
        elif deed is Deed.FORWARD:
            self._forward(subject)
        elif deed is Deed.KEEP:
            if Deed.UNSUBSCRIBE in decision.deeds and MailState.APPLIED in self.states:
                return  # found and honoured: nothing is left for a person to do
            self._keep("")
        elif deed is Deed.DROP:
            self.states.add(MailState.DROPPED)
        else:
            self.states.add(MailState.APPLIED)

    def _believed(self, decision: Decision) -> bool:
        """A goodbye without a token is honoured at once, as long as they don't come in by the hundred."""
        if self._unproven_today() < LIMITS.unproven_a_day * 5:
            return True
        self._keep("too many goodbyes without a token today")
        return False

    def _suppress(self, person: PersonRef, reason: Reason, source: str) -> None:
        self.writes.suppressed[reason].setdefault(person, source)
        self.row.suppressed += 1
        self.states.add(MailState.APPLIED)

    def _mark(self, subject: Subject, recipient: Recipient) -> None:
        """The delivery row says what happened, where the letter came back for good (or is full, which may pass)."""
        if recipient.because is Class.NOT_A_FAILURE or subject.sent is None:
            return
        if recipient.permanent or recipient.because is Class.MAILBOX:
            words = f"{_WHY_RETURNED[recipient.because]} {recipient.status or recipient.reply}".strip()
            self.writes.marked[subject.sent.delivery] = State.BOUNCED, words

    def _again(self, subject: Subject) -> None:
        """A passing fault, and their server gave up: the letter goes once more, while it still says something new."""
        self.states.add(MailState.APPLIED)
        if subject.sent is None or not subject.proven:
            return
        known = self.known.again if self.known is not None else sent_again([subject.sent.person])
        if subject.sent.state != State.ACCEPTED:
            return
        if subject.sent.delivery in known or subject.sent.at < self.now - TIMELY:
            self.writes.marked[subject.sent.delivery] = State.BOUNCED, _WHY_RETURNED[Class.TEMPORARY]
        else:
            self.writes.again.add(subject.sent.delivery)
            self.done.append(SENT_AGAIN)

    def _slow(self, decision: Decision, subject: Subject) -> None:
        domain = subject.recipient.address.rpartition("@")[2] if subject.recipient else ""
        if not domain or not (subject.proven or self.row.form == "event"):
            return  # anybody may write that a provider refused us
        why = f"mail {self.row.pk}: {self.row.words or decision.why}"
        self.writes.slow.setdefault(domain, why)
        self.states.add(MailState.APPLIED)

    def _tell_of(self, decision: Decision, event: Event) -> None:
        self.states.add(MailState.APPLIED)
        provider = self.row.provider or "others"
        if event.kind == "feedback":
            subject, words = (
                "Somebody complained about a letter",
                (
                    "They are not written to any more; please don't write to them by hand. Look at how many there are under "
                    "“What came back”."
                ),
            )
        elif Deed.SLOW_PROVIDER in decision.deeds:
            subject = f"{shown(provider)} refused a letter"
            words = (
                f"It refused the letter, not the person: {self.row.words or decision.why}. We send there more slowly for a while."
            )
        else:
            subject, words = (
                "A letter could not be delivered",
                f"{self.row.words or decision.why}. Nobody was taken off the list for it.",
            )
        self._tell(f"{event.kind}:{provider}:{self.row.because}", subject, words)

    def _tell(self, once: str, subject: str, words: str) -> None:
        self.writes.tell(f"inbox:{once}:{self.now:%Y-%m-%d}", subject, words)

    def _forward(self, subject: Subject) -> None:
        if not self.understood.may_forward or self.row.form != "mail":
            self._keep("can't be forwarded without going round in circles")
            return
        problem = forwarding.queue(self.row, self.piece, self.understood.writer, subject.sent, self.now)
        if problem:
            self._keep(problem)
        else:
            self.states.add(MailState.FORWARDED)

    def _keep(self, why: str) -> None:
        self.states.add(MailState.KEPT)
        if why:
            self.done.append(why)

    def _count(self, subject: Subject, what: traffic.Returned) -> None:
        if subject.sent is None:
            return
        provider = self.row.provider or "others"
        self.writes.counted[subject.sent.letter_id, provider, subject.sent.at.date(), what] += 1

    def _provider(self, recipient: Recipient, event: Event) -> Provider:
        for host in (recipient.address.rpartition("@")[2], event.reporter):
            if host and (found := provider_of(host)) != "others":
                return found
        return "others"

    def _unproven_today(self) -> int:
        since = self.now - timedelta(days=1)
        rows = Incoming.objects.filter(suppressed__gt=0, proven=False, applied_at__gt=since).exclude(pk=self.row.pk)
        return self.row.suppressed + (rows.aggregate(Sum("suppressed"))["suppressed__sum"] or 0)

    def _kept_today(self) -> int:
        since = self.now - timedelta(days=1)
        return Incoming.objects.filter(state=MailState.KEPT, applied_at__gt=since).count()
