"""A page for the target: a signed link to one hand-over, until a day. Opening it changes nothing and is not counted."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from groundswell.basics.result import Refused
from groundswell.basics.tokens import TokenKeys, seal_page
from groundswell.deliveries.models import HandOver, TargetPage
from groundswell.staff.operations import note

MOST_DAYS = 90


def open_target_page(*, hand_over_id: int, days: int, staff_id: int | None, why: str, now: datetime) -> int:
    """Make a link that opens for `days` (1 to 90); returns the page's id. Each call makes another link."""
    if not 1 <= days <= MOST_DAYS:
        raise Refused.because("page-days", f"A link opens for 1 to {MOST_DAYS} days.", "Choose a number between.")
    if not why.strip():
        raise Refused.because("why-missing", "A link needs its occasion.", "Say for whom it is: it goes into the ledger.")
    made = HandOver.objects.filter(pk=hand_over_id, state="made").first()
    if made is None:
        raise Refused.because("not-made", "This hand-over is not finished.", "Make it again: it goes on as it was begun.")
    with transaction.atomic():
        page = TargetPage.objects.create(
            hand_over=made, key=secrets.token_hex(16), made_at=now, expires_at=now + timedelta(days=days)
        )
        note(actor_id=staff_id, act="link for target", about=f"hand-over {made.pk}, page {page.pk}: {days} days", why=why, now=now)
    return page.pk


def close_target_page(*, page_id: int, staff_id: int | None, now: datetime) -> bool:
    """The link opens nothing any more; False where it did not before."""
    with transaction.atomic():
        closed = TargetPage.objects.filter(pk=page_id, closed_at=None, expires_at__gt=now).update(closed_at=now)
        if closed:
            note(actor_id=staff_id, act="link closed", about=f"page {page_id}", why="closed in the office", now=now)
    return bool(closed)


def address(keys: TokenKeys, base_url: str, key: str, expires_at: datetime) -> str:
    """The link itself."""
    return f"{base_url}/h/{seal_page(keys, bytes.fromhex(key), int(expires_at.timestamp()))}"
