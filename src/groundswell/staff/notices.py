"""Notices to staff: what the program noticed and a person should know. Told once for each `once` key, read by anyone.

A notice names rows and numbers, never a person's details: whatever looks like an address or a telephone number is
struck out before it is kept. Notices go with the database; what staff *did* about one belongs in the ledger.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from groundswell.staff.models import Notice

_PERSONAL = re.compile(r"[^\s<>\"'(),;:]{1,64}@[^\s<>\"'(),;:]{1,255}|\+\d[\d ().-]{6,18}\d")
SHOWN = 100


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice as the office shows it. `link` is a path in the office, or empty; `times` counts repeats of its key."""

    id: int
    subject: str
    words: str
    link: str
    at: datetime
    times: int
    read: bool


def tell(*, subject: str, words: str, once: str, now: datetime, link: str = "", times: int = 1) -> bool:
    """Tell staff, in the caller's transaction; True where it is news, False where this `once` key was told before.

    `once` says what makes two notices the same (`slow:google:2026-11-24`); the same one again only counts up. `link` is
    a path such as `/office/returns/`. `times`: how often it happened, where several are told
    together. Safe to repeat, and under two writers at once.
    """
    facts = {"subject": _scrubbed(subject)[:200], "words": _scrubbed(words), "link": link[:200], "at": now, "last_at": now}
    notice, news = Notice.objects.get_or_create(once=once[:120], defaults=facts)
    more = times - 1 if news else times
    if more:
        Notice.objects.filter(pk=notice.pk).update(times=F("times") + more, last_at=now)
    return news


def mark_read(*, notice_id: int, staff_id: int, now: datetime) -> bool:
    """Somebody has read it; the first reader stands. False where there is no such unread notice."""
    return bool(Notice.objects.filter(pk=notice_id, read_at=None).update(read_at=now, read_by_id=staff_id))


def mark_all_read(*, staff_id: int, now: datetime) -> int:
    """Somebody has read all that is there now; returns how many that were."""
    return Notice.objects.filter(read_at=None, at__lte=now).update(read_at=now, read_by_id=staff_id)


def unread() -> list[NoticeView]:
    """What nobody has read yet, newest first, at most `SHOWN`."""
    return [_view(row) for row in Notice.objects.filter(read_at=None)[:SHOWN]]


def count_unread() -> int:
    """How many nobody has read yet."""
    return Notice.objects.filter(read_at=None).count()


def latest(count: int = SHOWN) -> list[NoticeView]:
    """The newest notices, read or not."""
    return [_view(row) for row in Notice.objects.all()[:count]]


def _scrubbed(text: str) -> str:
    return _PERSONAL.sub("[struck out]", text)


def _view(row: Notice) -> NoticeView:
    return NoticeView(row.pk, row.subject, row.words, row.link, row.at, row.times, row.read_at is not None)
