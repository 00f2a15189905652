"""What happens by itself: every night the record is looked at, and after every change its pages are written."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from procrastinate.contrib.django import app

from groundswell.campaigns import operations as campaigns
from groundswell.campaigns import queries
from groundswell.mailings import proposals
from groundswell.pages.record.announcing import TASK
from groundswell.site.publishing import publish_records
from groundswell.site.settings import Settings
from groundswell.staff import notices


@dataclass(slots=True)
class Night:
    """What one night did."""

    changes: int = 0
    reminders: int = 0
    flags: int = 0
    letters: int = 0
    pages: int = 0


def nightly(installation: Settings, now: datetime) -> Night:
    """Standings worked out anew, staff reminded, flags renewed, letters proposed, pages written. Safe to repeat."""
    night = Night()
    cards = queries.campaign_cards()
    for card in cards:
        changes = campaigns.restate(campaign_id=card.id, by_time=True, now=now)
        night.changes += len(changes)
        night.reminders += campaigns.remind(campaign_id=card.id, now=now)
        night.flags += campaigns.refresh_flags(campaign_id=card.id, now=now)
        for change_id in changes:
            night.letters += _told(proposals.propose_for_change(change_id=change_id, now=now), now)
    for mailing in proposals.propose_milestones(now=now):
        night.letters += _told(mailing, now)
    night.pages = len(publish_records(installation, now, (card.id for card in cards)))
    return night


def _told(mailing: int | None, now: datetime) -> int:
    """1 where a draft waits; staff are told of it once."""
    if mailing is None:
        return 0
    notices.tell(
        subject="A letter is proposed", words="A draft to those who acted waits for your eyes. Nothing leaves by itself.",
        link="/office/record/letters/", once=f"proposal {mailing}", now=now,
    )  # fmt: skip
    return 1


@app.periodic(cron="20 2 * * *")
@app.task(queue="pages", name="groundswell.nightly_record", queueing_lock="nightly record", pass_context=False)
def nightly_record(timestamp: int) -> None:
    """Every night at 2:20."""
    nightly(settings.GROUNDSWELL, datetime.now(UTC))


@app.task(queue="pages", name=TASK)
def publish_record(campaign_id: int) -> None:
    """The pages of one record, as it stands now."""
    publish_records(settings.GROUNDSWELL, datetime.now(UTC), [campaign_id])
