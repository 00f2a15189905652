"""Writes of the campaigns room. The record is added to, never edited; nothing enters it without a source."""

from collections.abc import Mapping
from datetime import date, datetime

from groundswell.basics.result import Problem, Refused
from groundswell.campaigns.models import Campaign, Commitment, Demand, RecordEntry, Target


def open_campaign(*, slug: str, title: str, target_slug: str, target_name: str, summary: str, now: datetime) -> int:
    """A campaign against a target (made if new); the same slug again is the same campaign. Returns its id."""
    target, _ = Target.objects.get_or_create(slug=target_slug, defaults={"name": target_name})
    campaign, _ = Campaign.objects.get_or_create(
        slug=slug, defaults={"title": title, "target": target, "summary": summary, "started_on": now.date()}
    )
    return campaign.pk


def demand(*, campaign_id: int, made_by: str, wording: str, dated: str) -> None:
    """Write down a demand; twice is once."""
    Demand.objects.get_or_create(campaign_id=campaign_id, made_by=made_by, wording=wording, defaults={"dated": dated})


def enter(*, campaign_id: int, entry: Mapping[str, str], corrects: str = "", now: datetime) -> int:
    """Add an entry to the record. `Refused` without a source, or dated in the future; the same key again is the same."""
    problems = []
    for field, name in (("publisher", "publisher"), ("source_title", "title"), ("source_url", "address")):
        if not entry.get(field, "").strip():
            problems.append(Problem("source-missing", f"The entry's source has no {name}.", "Every claim has a source."))
    if entry.get("dated", "") > now.date().isoformat():
        problems.append(Problem("date-future", "The entry is dated in the future.", "Correct the date."))
    if problems:
        raise Refused(*problems)
    corrected = RecordEntry.objects.get(key=corrects) if corrects else None
    row, _ = RecordEntry.objects.get_or_create(
        key=entry["key"],
        defaults={**entry, "campaign_id": campaign_id, "corrects": corrected, "entered_at": now},
    )
    return row.pk


def commit(*, campaign_id: int, title: str, made_on: date, **facts: object) -> int:
    """Write down a commitment; the same title again is the same one."""
    row, _ = Commitment.objects.get_or_create(campaign_id=campaign_id, title=title, defaults={"made_on": made_on, **facts})
    return row.pk
