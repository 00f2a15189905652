"""Reads of the campaigns room, as plain data."""

from dataclasses import dataclass
from datetime import date

from groundswell.campaigns.models import Campaign, Commitment, RecordEntry
from groundswell.campaigns.rules import Promise, Standing, standing
from groundswell.engine.message import SourceNote


@dataclass(frozen=True, slots=True)
class Fact:
    """An entry of the record, as a page shows it."""

    key: str
    dated: str
    kind: str
    actor: str
    subject: str
    summary: str
    certainty: str
    note: str
    publisher: str
    source_title: str
    source_url: str
    source_date: str


@dataclass(frozen=True, slots=True)
class CommitmentView:
    """A commitment and how it stands."""

    title: str
    made_on: date
    until: str
    last_confirmed_on: date | None
    scope_announced: str
    scope_standing: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class CampaignView:
    """A campaign as a page shows it."""

    slug: str
    title: str
    summary: str
    target: str
    facts: tuple[Fact, ...]
    commitments: tuple[CommitmentView, ...]


def campaign(campaign_id: int, today: date) -> CampaignView:
    """Everything a record page shows; corrected entries give way to their corrections."""
    row = Campaign.objects.select_related("target").get(pk=campaign_id)
    entries = RecordEntry.objects.filter(campaign=row, corrections__isnull=True)
    names = tuple(Fact.__dataclass_fields__)
    facts = tuple(Fact(**{name: getattr(entry, name) for name in names}) for entry in entries)
    commitments = tuple(_commitment(promise, today) for promise in Commitment.objects.filter(campaign=row).order_by("made_on"))
    return CampaignView(row.slug, row.title, row.summary, row.target.name, facts, commitments)


def sources(campaign_id: int) -> dict[str, SourceNote]:
    """Record key → the footnote it makes."""
    return {
        entry.key: SourceNote(entry.key, entry.publisher, entry.source_title, entry.source_url, entry.source_date)
        for entry in RecordEntry.objects.filter(campaign_id=campaign_id)
    }


def _commitment(row: Commitment, today: date) -> CommitmentView:
    promise = Promise(
        row.made_on, row.expires_on, row.last_confirmed_on, row.scope_announced != row.scope_standing, row.ended_on, row.kept
    )
    return CommitmentView(
        row.title, row.made_on, row.until, row.last_confirmed_on, row.scope_announced, row.scope_standing,
        standing(promise, today),
    )  # fmt: skip
