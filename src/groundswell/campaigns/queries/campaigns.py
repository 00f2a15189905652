"""Campaigns at a glance, and the sources that letters and pages cite."""

from dataclasses import dataclass
from datetime import date

from groundswell.campaigns.models import Campaign, CitationFlag, Commitment, RecordEntry, RecordSource, Reminder, Target
from groundswell.engine.message import SourceNote


@dataclass(frozen=True, slots=True)
class CampaignView:
    """A campaign as a petition page names it."""

    slug: str
    title: str
    summary: str
    target: str


@dataclass(frozen=True, slots=True)
class CampaignCard:
    """A campaign as the office lists it."""

    id: int
    slug: str
    title: str
    target: str
    entries: int
    flags: int
    reminders: int


def campaign(campaign_id: int, today: date | None = None) -> CampaignView:
    """The campaign's name and target. `today` is not needed any more; the record has its own query."""
    row = Campaign.objects.select_related("target").get(pk=campaign_id)
    return CampaignView(row.slug, row.title, row.summary, row.target.name)


def campaign_named(slug: str) -> int | None:
    """The number of the campaign of this slug."""
    return Campaign.objects.filter(slug=slug).values_list("pk", flat=True).first()


def campaign_cards() -> list[CampaignCard]:
    """Every campaign, the newest first."""
    return [
        CampaignCard(
            row.pk, row.slug, row.title, row.target.name, RecordEntry.objects.filter(campaign=row).count(),
            CitationFlag.objects.filter(entry__campaign=row, cleared_at=None).count(),
            Reminder.objects.filter(campaign=row, done_at=None).count(),
        )
        for row in Campaign.objects.select_related("target").order_by("-pk")
    ]  # fmt: skip


def sources(campaign_id: int) -> dict[str, SourceNote]:
    """Record key → the footnote it makes; `key--2` is an entry's second source. Corrected entries keep theirs."""
    notes = {}
    rows = RecordSource.objects.filter(entry__campaign_id=campaign_id).order_by("entry_id", "place")
    for key, place, publisher, title, url, dated in rows.values_list("entry__key", "place", "publisher", "title", "url", "dated"):
        cited = key if place == 1 else f"{key}--{place}"
        notes[cited] = SourceNote(cited, publisher, title, url, dated)
    return notes


def target_of(key: str) -> int | None:
    """Whom the entry concerns, by number."""
    return RecordEntry.objects.filter(key=key).values_list("target_id", flat=True).first()


def campaign_target(campaign_id: int) -> int:
    """The number of the target that a campaign presses."""
    return Campaign.objects.values_list("target_id", flat=True).get(pk=campaign_id)


def hides_copies(campaign_id: int) -> bool:
    """Whether the public page leaves out what was read only in a copy."""
    return Campaign.objects.filter(pk=campaign_id, hide_copies=True).exists()


def target_slugs() -> list[tuple[str, str]]:
    """Every target's slug and name."""
    return list(Target.objects.values_list("slug", "name"))


def commitments_of(campaign_id: int) -> list[tuple[str, str]]:
    """Slug and title of a campaign's commitments."""
    return list(Commitment.objects.filter(campaign_id=campaign_id).values_list("slug", "title"))
