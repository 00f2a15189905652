"""The record as a page shows it: every entry with its sources, what corrects it, what answers it."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from groundswell.campaigns.models import Campaign, CopyCheck, Demand, RecordEntry, RecordSource, Relation, Unknown
from groundswell.campaigns.queries.commitments import CommitmentView, commitments
from groundswell.campaigns.rules.dates import date_words
from groundswell.campaigns.rules.names import actor_name


@dataclass(frozen=True, slots=True)
class SourceView:
    """Where an entry was found."""

    id: int
    publisher: str
    title: str
    url: str
    dated: str
    retrieved_on: date | None
    original: bool
    sha256: str
    """The saved copy: the one that the entry came with, else the first that was kept since."""
    note: str
    look: str = ""
    """What the last look at it showed: `same`, `differs`, `gone`, `moved`, or nothing yet."""
    looked_on: date | None = None
    look_words: str = ""


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry of the record."""

    key: str
    dated: str
    when: str
    precision: str
    first: date
    last: date
    kind: str
    actor: str
    short_actor: str
    subject: str
    summary: str
    wording: str
    scope: str
    said_by: str
    certainty: str
    note: str
    target: str
    commitment: str
    bearing: str
    expires: str
    until: str
    conditions: str
    corrects: str
    corrected_by: str
    disputes: str
    disputed_by: tuple[str, ...]
    answers: str
    entered_on: date
    sources: tuple[SourceView, ...]


@dataclass(frozen=True, slots=True)
class DemandView:
    """What is asked for, by whom."""

    id: int
    made_by: str
    wording: str
    dated: str
    met: bool
    met_by: str


@dataclass(frozen=True, slots=True)
class UnknownView:
    """What was looked for and not found."""

    question: str
    finding: str
    state: str
    cites: tuple[str, ...]
    looked_on: date


@dataclass(frozen=True, slots=True)
class RecordView:
    """Everything a record page shows."""

    slug: str
    title: str
    summary: str
    target: str
    today: date
    entries: tuple[EntryView, ...]
    """Oldest first; corrected ones are among them, and say by what."""
    commitments: tuple[CommitmentView, ...]
    demands: tuple[DemandView, ...] = ()
    unknowns: tuple[UnknownView, ...] = ()
    relations: tuple[tuple[str, str, str, str, str], ...] = ()
    """Who, does what, to whom, the source's address, and who published it."""
    hidden_copies: int = 0
    checked_on: date | None = None

    @property
    def standing_entries(self) -> tuple[EntryView, ...]:
        """Those that were not corrected."""
        return tuple(entry for entry in self.entries if not entry.corrected_by)


_ROW = (
    "pk", "key", "dated", "about", "precision", "first_day", "last_day", "kind", "actor", "subject", "summary", "wording",
    "scope", "said_by", "certainty", "note", "target__name", "commitment__slug", "bearing", "expires_on", "no_date", "until",
    "conditions", "corrects__key", "correction__key", "disputes__key", "answers__key", "entered_at",
)  # fmt: skip


def record(campaign_id: int, today: date, *, everything: bool = False) -> RecordView:
    """The record as it is shown; `everything` (the office) also where copies are kept back."""
    campaign = Campaign.objects.select_related("target").get(pk=campaign_id)
    rows = RecordEntry.objects.filter(campaign=campaign).order_by("first_day", "last_day", "key")
    hidden = 0
    if campaign.hide_copies and not everything:
        hidden = rows.filter(certainty="copy", correction=None).count()
        rows = rows.exclude(certainty="copy")
    entries = _entries(campaign_id, list(rows.values(*_ROW)))
    looks = [source.looked_on or source.retrieved_on for entry in entries for source in entry.sources]
    latest = [day for day in looks if day] + [entry.entered_on for entry in entries]
    return RecordView(
        campaign.slug, campaign.title, campaign.summary, campaign.target.name, today, entries, commitments(campaign_id, today),
        tuple(
            DemandView(pk, made_by, wording, dated, met, met_by or "")
            for pk, made_by, wording, dated, met, met_by in Demand.objects.filter(campaign=campaign)
            .order_by("dated", "pk").values_list("pk", "made_by", "wording", "dated", "met", "met_by__key")
        ),
        tuple(
            UnknownView(row.question, row.finding, row.state, tuple(row.cites), row.looked_on)
            for row in Unknown.objects.filter(campaign=campaign)
        ),
        _relations(campaign), hidden, max(latest, default=None),
    )  # fmt: skip


def entry_named(key: str) -> EntryView | None:
    """One entry, whatever campaign it belongs to."""
    rows = list(RecordEntry.objects.filter(key=key).values(*_ROW, "campaign_id"))
    return _entries(rows[0]["campaign_id"], rows)[0] if rows else None


def _entries(campaign_id: int, rows: list[dict[str, Any]]) -> tuple[EntryView, ...]:
    listed = _sources(campaign_id)
    disputes: dict[str, list[str]] = defaultdict(list)
    pairs = RecordEntry.objects.filter(campaign_id=campaign_id, disputes__isnull=False).values_list("disputes__key", "key")
    for disputed, by in pairs:
        disputes[disputed].append(by)
    return tuple(
        EntryView(
            row["key"], row["dated"], date_words(row["dated"], row["about"]), row["precision"], row["first_day"], row["last_day"],
            row["kind"], row["actor"], actor_name(row["actor"]), row["subject"], row["summary"], row["wording"], row["scope"],
            row["said_by"], "disputed" if disputes[row["key"]] else row["certainty"], row["note"], row["target__name"] or "",
            row["commitment__slug"] or "", row["bearing"],
            "no date" if row["no_date"] else row["expires_on"].isoformat() if row["expires_on"] else "", row["until"],
            row["conditions"], row["corrects__key"] or "", row["correction__key"] or "", row["disputes__key"] or "",
            tuple(disputes[row["key"]]), row["answers__key"] or "", _day(row["entered_at"]), tuple(listed[row["pk"]]),
        )
        for row in rows
    )  # fmt: skip


def _sources(campaign_id: int) -> dict[int, list[SourceView]]:
    looks: dict[int, tuple[str, date, str]] = {}
    kept: dict[int, str] = {}
    for source_id, result, looked_at, words, copy in CopyCheck.objects.filter(source__entry__campaign_id=campaign_id).values_list(
        "source_id", "result", "at", "words", "copy_id"
    ):
        looks[source_id] = (result, _day(looked_at), words)
        if copy:
            kept.setdefault(source_id, copy)
    listed: dict[int, list[SourceView]] = defaultdict(list)
    names = ("pk", "publisher", "title", "url", "dated", "retrieved_on", "original", "copy_id", "note", "entry_id")
    rows = RecordSource.objects.filter(entry__campaign_id=campaign_id).order_by("entry_id", "place").values_list(*names)
    for pk, publisher, title, url, dated, retrieved_on, original, copy, words, entry_id in rows:
        view = SourceView(pk, publisher, title, url, dated, retrieved_on, original, copy or kept.get(pk, ""), words)
        if pk in looks:
            result, at, said = looks[pk]
            view = replace(view, look=result, looked_on=at, look_words=said)
        listed[entry_id].append(view)
    return listed


def _relations(campaign: Campaign) -> tuple[tuple[str, str, str, str, str], ...]:
    named = {campaign.target_id, *campaign.commitments.values_list("target_id", flat=True)}
    rows = Relation.objects.filter(one_id__in=named) | Relation.objects.filter(other_id__in=named)
    return tuple(rows.order_by("pk").values_list("one__name", "relation", "other__name", "source_url", "publisher"))


def _day(at: datetime) -> date:
    return at.date()
