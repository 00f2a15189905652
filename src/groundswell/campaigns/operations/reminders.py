"""Reminders to staff: before a commitment ends, when it has ended, when nobody confirmed it for long, when a review is due."""

from datetime import date, datetime

from django.db import transaction

from groundswell.campaigns.models import Campaign, Commitment, Reminder
from groundswell.campaigns.queries.commitments import limits_of, standings
from groundswell.campaigns.rules.dates import date_words, months_after
from groundswell.campaigns.rules.standing import Standing
from groundswell.staff import notices
from groundswell.staff.operations import note


def remind(*, campaign_id: int, now: datetime) -> int:
    """Write and tell every reminder that is due; each is told once. Returns how many are new."""
    told = 0
    with transaction.atomic():
        campaign = Campaign.objects.get(pk=campaign_id)
        states = standings(campaign_id, now.date())
        for row in Commitment.objects.filter(campaign=campaign).order_by("pk"):
            for once, due, subject, words in _due(row, states[row.pk], now.date()):
                reminder, new = Reminder.objects.get_or_create(
                    once=f"commitment {row.pk}: {once}"[:160],
                    defaults={
                        "campaign": campaign, "commitment": row, "subject": subject[:300], "words": words, "due_on": due,
                        "told_at": now,
                    },
                )  # fmt: skip
                if new:
                    told += 1
                    link = f"/office/record/c/{campaign.slug}/"
                    notices.tell(subject=reminder.subject, words=words, link=link, once=reminder.once, now=now)
    return told


def finish(*, reminder_id: int, staff_id: int | None, now: datetime) -> None:
    """A member of staff has seen to it."""
    with transaction.atomic():
        if Reminder.objects.filter(pk=reminder_id, done_at=None).update(done_at=now, done_by=staff_id):
            note(actor_id=staff_id, act="reminder done", about=f"reminder {reminder_id}", why="seen to", now=now)


def _due(row: Commitment, state: Standing, today: date) -> list[tuple[str, date, str, str]]:
    due = []
    if state.word == "expiring" and state.expires:
        due.append((
            f"expires {state.expires}", state.expires, f"“{row.title}” ends on {date_words(state.expires.isoformat())}",
            "Ask now whether it will be prolonged, and enter the answer. If nothing comes, the page says “expired” that day.",
        ))  # fmt: skip
    if state.word == "expired" and state.expires:
        due.append((
            f"expired {state.expires}", state.expires, f"“{row.title}” ended on {date_words(state.expires.isoformat())}",
            "The public page says so since then. A draft letter to those who acted is waiting in the office.",
        ))  # fmt: skip
    if state.living and state.confirmed_on and limits_of(row).unconfirmed_after_months:
        silent_since = months_after(state.confirmed_on, row.review_every_months)
        if silent_since <= today:
            due.append((
                f"silent since {state.confirmed_on}", silent_since,
                f"Nobody has confirmed “{row.title}” since {date_words(state.last_confirmed)}",
                "Look whether it still holds, ask them, and enter what you find, also when it is nothing.",
            ))  # fmt: skip
    if row.review_on and row.review_on <= today:
        due.append((
            f"review {row.review_on}", row.review_on, f"“{row.title}” is due for review",
            "Look at it again, and set the next day for review.",
        ))  # fmt: skip
    return due
