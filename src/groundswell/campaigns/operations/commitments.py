"""Commitments named, and their standing worked out anew: when an entry comes, and every night."""

from datetime import date, datetime

from django.db import transaction

from groundswell.campaigns import listeners
from groundswell.campaigns.models import Campaign, Commitment, StandingChange, Target
from groundswell.campaigns.queries.commitments import standings
from groundswell.campaigns.rules.names import slug_of


def commit(
    *, campaign_id: int, title: str, slug: str = "", target_slug: str = "", not_covered: str = "", note: str = "",
    unconfirmed_after_months: int = 36, review_every_months: int = 12, review_on: date | None = None, now: datetime,
) -> int:  # fmt: skip
    """Name a commitment; what was promised and how it stands comes from entries. The same name again is the same one."""
    with transaction.atomic():
        target = Target.objects.get(slug=target_slug) if target_slug else Campaign.objects.get(pk=campaign_id).target
        row, _ = Commitment.objects.get_or_create(
            campaign_id=campaign_id,
            slug=slug or slug_of(title),
            defaults={
                "title": title, "target": target, "not_covered": not_covered, "note": note, "opened_at": now,
                "unconfirmed_after_months": unconfirmed_after_months, "review_every_months": review_every_months,
                "review_on": review_on,
            },
        )  # fmt: skip
        listeners.changed(campaign_id)
    return row.pk


def restate(*, campaign_id: int, by_time: bool = False, now: datetime) -> list[int]:
    """Work every standing out anew; returns the numbers of the changes that were written down.

    Who listens hears of a promise that is kept now: once, because the rows are held while it is looked at.
    """
    changes = []
    with transaction.atomic():
        rows = {row.pk: row for row in Commitment.objects.select_for_update().filter(campaign_id=campaign_id).order_by("pk")}
        for commitment_id, state in standings(campaign_id, now.date()).items():
            row = rows[commitment_id]
            if (row.word, row.words) == (state.word, state.words):
                continue
            if row.words or state.word != "not found":
                change = StandingChange.objects.create(
                    commitment=row, before=row.words, word=state.word, words=state.words, by_time=by_time, at=now
                )
                changes.append(change.pk)
            Commitment.objects.filter(pk=row.pk).update(word=state.word, words=state.words)
            if state.word == "kept" != row.word:
                listeners.kept(listeners.KeptPromise(campaign_id, row.target_id, row.pk, row.slug, row.title), now)
    return changes
