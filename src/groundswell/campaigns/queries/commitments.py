"""How commitments stand, worked out from the entries that bear on them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from groundswell.campaigns.models import Campaign, Commitment, RecordEntry, StandingChange
from groundswell.campaigns.rules.standing import Event, Limits, Standing, next_change, standing


@dataclass(frozen=True, slots=True)
class CommitmentView:
    """A commitment and how it stands."""

    id: int
    slug: str
    title: str
    target: str
    target_slug: str
    standing: Standing
    not_covered: tuple[str, ...]
    note: str
    next_change: date | None
    keys: tuple[str, ...]
    """The entries that bear on it, oldest first."""


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A standing that changed."""

    id: int
    campaign_id: int
    commitment: str
    target_id: int
    before: str
    word: str
    words: str
    key: str
    """The entry that a letter about it cites: the latest that bears on it."""
    by_time: bool


def limits_of(row: Commitment) -> Limits:
    """When silence and an ending begin to count for this one."""
    return Limits(row.unconfirmed_after_months, row.expiring_within_days)


def standings(campaign_id: int, today: date) -> dict[int, Standing]:
    """Commitment's number → how it stands that day."""
    events = _events(campaign_id)
    rows = Commitment.objects.filter(campaign_id=campaign_id)
    return {row.pk: standing(events[row.pk], today, limits_of(row)) for row in rows}


def commitments(campaign_id: int, today: date) -> tuple[CommitmentView, ...]:
    """Every commitment of a campaign: the campaign's own target first, then in the order in which they were made."""
    own = Campaign.objects.values_list("target_id", flat=True).get(pk=campaign_id)
    events = _events(campaign_id)
    views, first = [], set[int]()
    for row in Commitment.objects.filter(campaign_id=campaign_id).select_related("target"):
        if row.target_id == own:
            first.add(row.pk)
        limits = limits_of(row)
        state = standing(events[row.pk], today, limits)
        keys = tuple(event.key for event in sorted(events[row.pk], key=lambda event: (event.first, event.key)))
        views.append(
            CommitmentView(
                row.pk, row.slug, row.title, row.target.name, row.target.slug, state,
                tuple(line.strip() for line in row.not_covered.splitlines() if line.strip()), row.note,
                next_change(state, today, limits), keys,
            )
        )  # fmt: skip
    return tuple(sorted(views, key=lambda view: (view.id not in first, view.standing.made or "9999", view.id)))


def change(change_id: int) -> ChangeView:
    """One change, with what a letter about it needs."""
    row = StandingChange.objects.select_related("commitment").get(pk=change_id)
    commitment = row.commitment
    latest = RecordEntry.objects.filter(commitment=commitment, correction=None).order_by("-last_day", "-pk").first()
    return ChangeView(
        row.pk, commitment.campaign_id, commitment.title, commitment.target_id, row.before, row.word, row.words,
        latest.key if latest else "", row.by_time,
    )  # fmt: skip


def _events(campaign_id: int) -> dict[int, list[Event]]:
    """The entries that bear on commitments, by commitment. What the campaign does not show moves nothing either."""
    hide = Campaign.objects.filter(pk=campaign_id, hide_copies=True).exists()
    rows = RecordEntry.objects.filter(campaign_id=campaign_id, commitment__isnull=False).exclude(bearing="")
    if hide:
        rows = rows.exclude(certainty="copy")
    disputed = set(rows.filter(disputed_by__isnull=False).values_list("pk", flat=True))
    events: dict[int, list[Event]] = defaultdict(list)
    replaced = RecordEntry.objects.filter(campaign_id=campaign_id, corrects__isnull=False).values_list("corrects__key", flat=True)
    gone = set(replaced)
    for row in rows:
        if row.key in gone or row.commitment_id is None:
            continue
        events[row.commitment_id].append(
            Event(
                row.key, row.first_day, row.last_day, row.bearing, "disputed" if row.pk in disputed else row.certainty, row.dated,
                row.said_by or row.actor, row.scope, row.expires_on, row.no_date, row.until, row.conditions, row.begins_on,
            )
        )  # fmt: skip
    return events
