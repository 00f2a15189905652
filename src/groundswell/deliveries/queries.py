"""Reads of the deliveries room, as plain data."""

from dataclasses import dataclass, field
from datetime import date, datetime

from groundswell.basics.ids import ActionId
from groundswell.deliveries.models import Dossier, Drip, DripLine, HandOver, TargetPage


@dataclass(frozen=True, slots=True)
class FileView:
    """One file of a hand-over."""

    name: str
    kind: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ProofView:
    """One proof of a dossier."""

    kind: str
    name: str
    title: str
    public: bool


@dataclass(frozen=True, slots=True)
class DossierView:
    """The proof of a hand-over, as far as it is known."""

    key: str
    delivered_on: date
    how: str
    to_role: str
    place: str
    answer: str
    answered_on: date | None
    answer_words: str
    note: str
    proofs: tuple[ProofView, ...]


@dataclass(frozen=True, slots=True)
class PageView:
    """A target's page."""

    id: int
    key: str
    expires_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class HandOverView:
    """A hand-over and everything that belongs to it."""

    id: int
    petition_id: ActionId
    slug: str
    state: str
    made_at: datetime
    folder: str
    total: int
    per_version: dict[int, int]
    per_place: dict[str, int]
    left_out: dict[str, int]
    list_sha256: str
    why: str
    files: tuple[FileView, ...]
    dossier: DossierView | None
    pages: tuple[PageView, ...]


@dataclass(frozen=True, slots=True)
class DripView:
    """A drip at a glance; the address is in the vault."""

    id: int
    slug: str
    to_role: str
    per_mail: int
    per_day: int
    cap: int
    sent: int
    mails: int
    state: str
    ended_why: str
    next_at: datetime
    letters: tuple[int, ...] = field(default=())


def hand_overs() -> list[HandOverView]:
    """All of them, newest first."""
    return [_view(row) for row in HandOver.objects.select_related("petition", "dossier").prefetch_related("files", "pages")]


def hand_over(hand_over_id: int) -> HandOverView | None:
    """One of them."""
    row = HandOver.objects.select_related("petition", "dossier").filter(pk=hand_over_id).first()
    return _view(row) if row else None


def open_pages(now: datetime) -> list[tuple[str, HandOverView]]:
    """Key and hand-over of every target's page that opens now."""
    rows = TargetPage.objects.filter(closed_at=None, expires_at__gt=now).select_related("hand_over__petition")
    return [(row.key, _view(row.hand_over)) for row in rows]


def dossiers() -> list[HandOverView]:
    """The hand-overs that have a dossier."""
    return [_view(row) for row in HandOver.objects.filter(dossier__isnull=False).select_related("petition", "dossier")]


def drips() -> list[DripView]:
    """All of them, newest first."""
    return [
        DripView(
            row.pk, row.petition.slug, row.to_role, row.per_mail, row.per_day, row.cap, DripLine.objects.filter(drip=row).count(),
            row.mails.count(), row.state, row.ended_why, row.next_at,
            tuple(row.mails.order_by("number").values_list("letter_id", flat=True)),
        )
        for row in Drip.objects.select_related("petition").order_by("-pk")
    ]  # fmt: skip


def _view(row: HandOver) -> HandOverView:
    found: Dossier | None = getattr(row, "dossier", None)
    files = tuple(FileView(file.name, file.kind, file.size, file.sha256) for file in row.files.order_by("pk"))
    pages = tuple(PageView(page.pk, page.key, page.expires_at, page.closed_at) for page in row.pages.order_by("-made_at"))
    versions = {int(number): count for number, count in row.per_version.items()}
    return HandOverView(
        row.pk, ActionId(row.petition_id), row.petition.slug, row.state, row.made_at, row.folder, row.total, versions,
        row.per_place, row.left_out, row.list_sha256, row.why, files, _dossier(found) if found else None, pages,
    )  # fmt: skip


def _dossier(row: Dossier) -> DossierView:
    proofs = tuple(ProofView(proof.kind, proof.name, proof.title, proof.public) for proof in row.proofs.all())
    return DossierView(
        row.key, row.delivered_on, row.how, row.to_role, row.place, row.answer, row.answered_on, row.answer_words, row.note, proofs
    )
