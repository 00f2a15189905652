"""Reads of the inbox, as plain data: what waits for a person, shares, stops, and how the work goes. No address."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db.models import Count, Min

from groundswell.basics.ids import LetterId
from groundswell.inbox.models import Forward, Incoming, State, Stop
from groundswell.inbox.share_rules import THRESHOLDS, Verdict, What, judge, share
from groundswell.inbox.spool import waiting
from groundswell.inbox.stopping import said
from groundswell.post import returns, slowdowns, traffic

DAYS = 30
_KINDS = {
    "bounce": "bounces", "feedback": "complaints", "unsubscribe": "goodbyes", "answer": "answers", "vacation": "automatic answers",
    "challenge": "questions by machines", "none": "not understood",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """A mail that waits for a person."""

    id: int
    at: datetime
    kind: str
    why: str
    words: str
    set_aside: bool
    can_open: bool


@dataclass(frozen=True, slots=True)
class Share:
    """One line of the table of shares. `letter` is empty for a day's line over all letters."""

    letter: str
    provider: str
    day: date | None
    handed: int
    complained: int
    bounced: int
    complaint_share: float
    bounce_share: float
    verdict: Verdict

    @property
    def complaint_percent(self) -> str:
        """For people to read."""
        return f"{self.complaint_share:.2%}"

    @property
    def bounce_percent(self) -> str:
        """Dito."""
        return f"{self.bounce_share:.2%}"


@dataclass(frozen=True, slots=True)
class Stopped:
    """A letter that rests because too much of it came back, or once did."""

    id: int
    letter: str
    words: str
    at: datetime
    lifted_at: datetime | None
    lifted_why: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How the work goes, in numbers."""

    spooled: int
    taken: int
    kept: int
    set_aside: int
    forwards: int
    oldest: datetime | None


def kept(most: int = 100) -> list[Kept]:
    """What waits for a person, newest first."""
    rows = Incoming.objects.filter(state__in=[State.KEPT, State.SET_ASIDE]).order_by("-taken_at", "-pk")[:most]
    return [
        Kept(
            row.pk, row.taken_at, row.kind or row.form, row.outcome, row.words, row.state == State.SET_ASIDE, row.sealed is not None
        )
        for row in rows
    ]


def of_mail(incoming_id: int) -> Kept | None:
    """One that waits for a person."""
    row = Incoming.objects.filter(pk=incoming_id, state__in=[State.KEPT, State.SET_ASIDE]).first()
    if row is None:
        return None
    return Kept(
        row.pk, row.taken_at, row.kind or row.form, row.outcome, row.words, row.state == State.SET_ASIDE, row.sealed is not None
    )


def source_words(source: str) -> str:
    """What a suppression's source says of a mail (`mail 41: …`), with the server's words where the mail is known."""
    number = source.removeprefix("mail ").partition(":")[0]
    if not source.startswith("mail ") or not number.isdigit():
        return source
    words = Incoming.objects.filter(pk=int(number)).values_list("words", flat=True).first()
    return f"{source} (“{words}”)" if words else source


def outcomes(since: datetime) -> dict[str, int]:
    """What became of the mails that came in since, by kind of mail."""
    rows = Incoming.objects.filter(taken_at__gte=since).exclude(state=State.TAKEN).values_list("kind").annotate(count=Count("id"))
    return {_KINDS.get(kind, kind or "unread"): count for kind, count in rows.order_by("-count")}


def standing(spool_folder: Path) -> Standing:
    """How the work goes."""
    counts = dict(Incoming.objects.values_list("state").annotate(count=Count("id")))
    return Standing(
        spooled=sum(1 for _ in waiting(spool_folder)),
        taken=counts.get(State.TAKEN, 0),
        kept=counts.get(State.KEPT, 0),
        set_aside=counts.get(State.SET_ASIDE, 0),
        forwards=Forward.objects.filter(sent_at=None, failed="").count(),
        oldest=Incoming.objects.filter(state=State.TAKEN).aggregate(Min("taken_at"))["taken_at__min"],
    )


def shares_by_letter(now: datetime) -> list[Share]:
    """Every letter of the last thirty days, by provider."""
    rows = traffic.by_letter((now - timedelta(days=DAYS)).date())
    names = {letter: returns.letter_name(letter) for letter in {row.letter_id for row in rows if row.letter_id}}
    return [_share(row, names.get(row.letter_id or LetterId(0), "")) for row in rows]


def shares_by_day(now: datetime) -> list[Share]:
    """Every day of the last thirty, by provider, over all letters."""
    return [_share(row, "") for row in traffic.by_day((now - timedelta(days=DAYS)).date())]


def stops() -> list[Stopped]:
    """Letters that were stopped, newest first; standing ones have no `lifted_at`."""
    return [
        Stopped(
            row.pk, returns.letter_name(LetterId(row.letter_id)), said(row.what, row.provider, row.counted, row.handed), row.at,
            row.lifted_at, row.lifted_why,
        )
        for row in Stop.objects.order_by("-at")[:50]
    ]  # fmt: skip


def slow_now(now: datetime) -> list[slowdowns.Slowdown]:
    """Where letters go more slowly for a while."""
    return list(slowdowns.slowed(now).values())


def _share(row: traffic.Counted, letter: str) -> Share:
    verdicts: list[Verdict] = []
    kinds: tuple[What, ...] = tuple(THRESHOLDS)
    for what in kinds:
        verdicts.append(judge(what, getattr(row, what), row.handed))
    worst: Verdict = next(verdict for verdict in ("stop", "warn", "well") if verdict in verdicts)
    return Share(
        letter, row.provider, row.day, row.handed, row.complained, row.bounced, share(row.complained, row.handed),
        share(row.bounced, row.handed), worst,
    )  # fmt: skip
