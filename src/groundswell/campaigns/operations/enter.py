"""Entering into the record. Nothing enters unsourced or from the future; nothing in it is changed, only corrected."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from groundswell.basics.result import Problem, Refused
from groundswell.campaigns import errors, listeners
from groundswell.campaigns.models import Campaign, Commitment, RecordEntry, RecordSource, Target
from groundswell.campaigns.operations.commitments import restate
from groundswell.campaigns.operations.flags import refresh_flags
from groundswell.campaigns.operations.reading import Draft, read_draft

_SAME = ("dated", "kind", "actor", "subject", "summary", "wording", "certainty")


def enter(
    *, campaign_id: int, entry: Mapping[str, Any], corrects: str = "", staff_id: int | None = None, now: datetime
) -> int:  # fmt: skip
    """Add an entry with its sources; returns its number. The same entry under the same key again is the same.

    `Refused` without a source, dated in the future, pointing in a circle or to nothing, or under a key that says something
    else: then nothing is written. What cites a corrected or disputed entry is flagged in the same transaction.
    """
    given = {**entry, "corrects": corrects} if corrects else entry
    return enter_many(campaign_id=campaign_id, entries=[given], staff_id=staff_id, now=now)[0]


def enter_many(
    *, campaign_id: int, entries: Sequence[Mapping[str, Any]], staff_id: int | None = None, now: datetime
) -> list[int]:  # fmt: skip
    """Add many at once, all or none; those that correct others of the list come after them, whatever the order given."""
    drafts, problems = [], list[Problem]()
    for number, entry in enumerate(entries, 1):
        draft, wrong = read_draft(entry, now.date())
        problems += [_numbered(problem, number) if len(entries) > 1 else problem for problem in wrong]
        if draft is not None:
            drafts.append(draft)
    if problems:
        raise Refused(*problems)
    numbers: dict[str, int] = {}
    try:
        with transaction.atomic():
            campaign = Campaign.objects.get(pk=campaign_id)
            fresh = []
            for draft in _in_order(drafts):
                number, new = _write(campaign, draft, staff_id, now)
                numbers[draft.key] = number
                if new:
                    fresh.append(draft)
            if fresh:
                _follow(campaign_id, fresh, now)
    except IntegrityError as error:
        if "corrects" in str(error):
            raise Refused.because("correction-taken", "Somebody corrected this entry just now.", "Correct theirs.") from None
        raise
    return [numbers[draft.key] for draft in drafts]


def _follow(campaign_id: int, fresh: Sequence[Draft], now: datetime) -> None:
    if any(draft.commitment or draft.corrects or draft.disputes for draft in fresh):
        restate(campaign_id=campaign_id, now=now)
    if any(draft.corrects or draft.disputes for draft in fresh):
        refresh_flags(campaign_id=campaign_id, now=now)
    for draft in fresh:
        listeners.tell(campaign_id, draft.key, now)
    listeners.changed(campaign_id)


def _numbered(problem: Problem, number: int) -> Problem:
    return Problem(problem.code, f"Entry {number}: {problem.message}", problem.mend, context=problem.context)


def _in_order(drafts: Sequence[Draft]) -> list[Draft]:
    """What is pointed to before what points to it; `Refused` where that goes round in a circle."""
    waiting = {draft.key: draft for draft in drafts}
    ordered: list[Draft] = []
    while waiting:
        ready = [draft for draft in waiting.values() if not any(key in waiting for key in draft.points_to)]
        if not ready:
            raise Refused(errors.CIRCLE)
        ordered += ready
        for draft in ready:
            del waiting[draft.key]
    return ordered


def _write(campaign: Campaign, draft: Draft, staff_id: int | None, now: datetime) -> tuple[int, bool]:
    known = RecordEntry.objects.filter(key=draft.key).first()
    if known is not None:
        if any(getattr(known, name) != draft.facts[name] for name in _SAME):
            raise Refused.because(
                "entry-exists", f"The record holds another entry under “{draft.key}”.",
                "Enter yours as a correction of it, or give it another key.",
            )  # fmt: skip
        return known.pk, False
    pointers = {name: _entry(campaign, getattr(draft, name)) for name in ("corrects", "disputes", "answers")}
    corrected = pointers["corrects"]
    if corrected is not None and (later := RecordEntry.objects.filter(corrects=corrected).first()):
        raise Refused.because(
            "correction-taken", f"“{corrected.key}” was corrected already.", f"Correct the correction: {later.key}."
        )
    row = RecordEntry.objects.create(
        key=draft.key, campaign=campaign, entered_at=now, entered_by=staff_id,
        target=Target.objects.get(slug=draft.target) if draft.target else _inherited_target(draft, campaign),
        commitment=_commitment(campaign, draft.commitment), **pointers, **draft.facts,
    )  # fmt: skip
    RecordSource.objects.bulk_create(
        [RecordSource(entry=row, place=place, **source) for place, source in enumerate(draft.sources, 1)]
    )
    return row.pk, True


def _inherited_target(draft: Draft, campaign: Campaign) -> Target:
    if draft.commitment:
        found = Commitment.objects.filter(campaign=campaign, slug=draft.commitment).select_related("target").first()
        if found is not None:
            return found.target
    return campaign.target


def _entry(campaign: Campaign, key: str) -> RecordEntry | None:
    if not key:
        return None
    found = RecordEntry.objects.filter(campaign=campaign, key=key).first()
    if found is None:
        raise Refused.because("entry-unknown", f"This record has no entry “{key}”.", "Point to one that is there.")
    return found


def _commitment(campaign: Campaign, slug: str) -> Commitment | None:
    if not slug:
        return None
    found = Commitment.objects.filter(campaign=campaign, slug=slug).first()
    if found is None:
        names = ", ".join(Commitment.objects.filter(campaign=campaign).values_list("slug", flat=True)) or "none yet"
        raise Refused.because("commitment-unknown", f"There is no commitment “{slug}”.", f"There are: {names}.")
    return found
