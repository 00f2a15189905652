"""Reads of the mailings room."""

from dataclasses import dataclass
from datetime import datetime

from groundswell.basics.ids import ActionId, LetterId, MailingId
from groundswell.basics.result import Problem
from groundswell.engine.compile import head_of
from groundswell.engine.message import Sender
from groundswell.mailings.approval import approved, fingerprint
from groundswell.mailings.audience import counted_for as audience_counts
from groundswell.mailings.composing.saving import last_writer
from groundswell.mailings.models import Mailing, SenderProfile
from groundswell.mailings.operations import compile_mailing, sender_of
from groundswell.mailings.resending import persons_of
from groundswell.mailings.splitting import Tally, tallies


@dataclass(frozen=True, slots=True)
class MailingView:
    """A mailing at a glance."""

    id: MailingId
    slug: str
    state: str
    letter_id: LetterId | None
    petition_id: ActionId
    language: str
    subject: str


def mailing_named(slug: str) -> MailingView | None:
    """The mailing of this slug."""
    row = Mailing.objects.filter(slug=slug).first()
    return _view(row) if row else None


def mailings() -> list[MailingView]:
    """All of them, newest first."""
    return [_view(row) for row in Mailing.objects.order_by("-created_at")]


def house_sender() -> Sender | None:
    """The profile that thank-you letters speak with: the first one made."""
    profile = SenderProfile.objects.order_by("pk").first()
    return sender_of(profile) if profile else None


def _view(row: Mailing) -> MailingView:
    letter = None if row.letter_id is None else LetterId(row.letter_id)
    return MailingView(
        MailingId(row.pk),
        row.slug,
        row.state,
        letter,
        ActionId(row.petition_id),
        row.language,
        head_of(row.appeal).get("subject", ""),
    )


def counted_for(mailing_id: MailingId) -> dict[str, int]:
    """How many this mailing would go to now (`eligible`), and how many are left out, by reason. Writes nothing."""
    mailing = Mailing.objects.get(pk=mailing_id)
    if mailing.resend_of_id is None:
        return audience_counts(mailing_id)
    counts: dict[str, int] = {"eligible": 0}
    for _, why in persons_of(mailing):
        counts[why or "eligible"] = counts.get(why or "eligible", 0) + 1
    return counts


@dataclass(frozen=True, slots=True)
class WayView:
    """Another way of a split test, as it is set up."""

    name: str
    subject: str
    appeal: str
    sender: str
    errors: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class TestView:
    """A split test as it is set up: how many of a hundred, the least sample, the hours, until when."""

    share: int
    least: int
    hours: int
    until: datetime | None
    ways: tuple[WayView, ...]
    running: bool


@dataclass(frozen=True, slots=True)
class MailingDetail:
    """Everything that the office shows of one mailing."""

    id: MailingId
    slug: str
    state: str
    subject: str
    sender: str
    language: str
    appeal: str
    letters: tuple[tuple[str, LetterId], ...]
    """Name of the way (`A`, `B` …) and its letter, once it has begun."""
    scheduled_for: datetime | None
    reader_time: bool
    approved: bool
    written_by_id: int | None
    problems: tuple[Problem, ...]
    split: tuple[Tally, ...]
    split_result: str
    petition_id: ActionId
    asked: bool
    """A colleague was asked to approve it."""
    approved_by_id: int | None
    approved_at: datetime | None
    writer_id: int | None
    """Who changed the text last."""
    fingerprint: str
    """Of what would be approved now."""
    test: TestView | None
    resend_of: str


def detail(slug: str) -> MailingDetail | None:
    """One mailing, with what the compiler says of it."""
    row = Mailing.objects.select_related("sender", "resend_of").filter(slug=slug).first()
    if row is None:
        return None
    compiled = compile_mailing(row)
    variants = row.variants.exclude(letter_id=None).values_list("name", "letter_id")
    letters = (() if row.letter_id is None else (("A", LetterId(row.letter_id)),)) + tuple(
        (name, LetterId(letter_id)) for name, letter_id in variants if letter_id is not None
    )
    return MailingDetail(
        MailingId(row.pk), row.slug, row.state, head_of(row.appeal).get("subject", ""), str(row.sender), row.language, row.appeal,
        letters, row.scheduled_for, row.reader_time, approved(row), row.written_by_id, compiled.problems,
        tuple(tallies(row)) if row.split_share and row.letter_id else (), row.split_result if row.split_share else "",
        ActionId(row.petition_id), row.asked_at is not None and not approved(row), row.approved_by_id, row.approved_at,
        last_writer(row), fingerprint(row), _test(row), row.resend_of.slug if row.resend_of else "",
    )  # fmt: skip


def _test(row: Mailing) -> TestView | None:
    if not row.split_share:
        return None
    ways = tuple(
        WayView(each.name, each.subject, each.appeal, each.sender.slug, compile_mailing(row, each).errors)
        for each in row.variants.select_related("sender").order_by("name")
    )
    return TestView(row.split_share, row.split_least, row.split_hours, row.split_until, ways, row.state == "testing")
