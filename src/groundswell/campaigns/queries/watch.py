"""What the record asks staff to look at."""

from dataclasses import dataclass
from datetime import date, datetime

from groundswell.campaigns.models import CitationFlag, Reminder


@dataclass(frozen=True, slots=True)
class FlagView:
    """A text that cites what changed."""

    id: int
    key: str
    subject: str
    reason: str
    place_kind: str
    place: str
    url: str
    raised_at: datetime


@dataclass(frozen=True, slots=True)
class ReminderView:
    """Something to do about a commitment."""

    id: int
    subject: str
    words: str
    due_on: date
    told_at: datetime


def open_flags(campaign_id: int) -> list[FlagView]:
    """Flags that nobody cleared, the newest first."""
    rows = CitationFlag.objects.filter(entry__campaign_id=campaign_id, cleared_at=None).select_related("entry")
    return [
        FlagView(row.pk, row.entry.key, row.entry.subject, row.reason, row.place_kind, row.place, row.url, row.raised_at)
        for row in rows
    ]


def open_reminders(campaign_id: int) -> list[ReminderView]:
    """Reminders that nobody has seen to, the most urgent first."""
    rows = Reminder.objects.filter(campaign_id=campaign_id, done_at=None)
    return [ReminderView(row.pk, row.subject, row.words, row.due_on, row.told_at) for row in rows]
