"""Flags: which drafts and pages cite what was corrected, disputed, or is no longer what the saved copy says."""

from datetime import datetime

from django.db import transaction

from groundswell.basics.result import Refused
from groundswell.campaigns import listeners
from groundswell.campaigns.models import CitationFlag, CopyCheck, RecordEntry
from groundswell.staff.operations import note

_LOOKS = {"differs": "copy differs", "gone": "source gone", "moved": "source moved"}


def refresh_flags(*, campaign_id: int, now: datetime) -> int:
    """Raise what is missing, clear what no longer cites. Returns how many are new. Sent letters are never among them."""
    with transaction.atomic():
        troubles = _troubles(campaign_id)
        by_key = {key: [trouble for trouble in troubles if trouble[0] == key] for key in {trouble[0] for trouble in troubles}}
        places = listeners.places(campaign_id, frozenset(by_key))
        before = CitationFlag.objects.filter(entry__campaign_id=campaign_id).count()
        CitationFlag.objects.bulk_create(
            [
                CitationFlag(
                    entry_id=entry_id, reason=reason, because=because, place_kind=place.kind, place=place.name[:200],
                    url=place.url, raised_at=now,
                )
                for place in places for _, entry_id, reason, because in by_key[place.key]
            ],
            ignore_conflicts=True,
        )  # fmt: skip
        standing = {(place.key, place.kind, place.name[:200]) for place in places}
        for flag in CitationFlag.objects.filter(entry__campaign_id=campaign_id, cleared_at=None).select_related("entry"):
            if (flag.entry.key, flag.place_kind, flag.place) not in standing:
                CitationFlag.objects.filter(pk=flag.pk).update(cleared_at=now, cleared_why="It no longer cites it, or was sent.")
        return CitationFlag.objects.filter(entry__campaign_id=campaign_id).count() - before


def clear_flag(*, flag_id: int, staff_id: int | None, why: str, now: datetime) -> None:
    """A member of staff looked, and says why the text may stay as it is."""
    if not why.strip():
        raise Refused.because("reason-missing", "Clearing a flag needs a reason.", "Say why the text may stay as it is.")
    with transaction.atomic():
        flag = CitationFlag.objects.filter(pk=flag_id, cleared_at=None)
        if flag.update(cleared_at=now, cleared_by=staff_id, cleared_why=why.strip()):
            note(actor_id=staff_id, act="clear flag", about=f"flag {flag_id}", why=why, now=now)


def _troubles(campaign_id: int) -> list[tuple[str, int, str, int]]:
    """Key, number, what is the matter, and the number of what brought it."""
    entries = RecordEntry.objects.filter(campaign_id=campaign_id)
    found = [
        (key, pk, "corrected", by)
        for key, pk, by in entries.filter(correction__isnull=False).values_list("key", "pk", "correction")
    ]
    found += [
        (key, pk, "disputed", by)
        for key, pk, by in entries.filter(disputed_by__isnull=False).values_list("key", "pk", "disputed_by")
    ]
    latest: dict[int, CopyCheck] = {}
    for check in CopyCheck.objects.filter(source__entry__campaign_id=campaign_id).select_related("source__entry"):
        latest[check.source_id] = check
    for check in latest.values():
        if check.result in _LOOKS:
            found.append((check.source.entry.key, check.source.entry_id, _LOOKS[check.result], check.pk))
    return found
