"""Writes of the staff room."""

import secrets
from datetime import datetime

from django.db import transaction

from groundswell.staff.models import Account, LedgerEntry


def note(*, actor_id: int | None, act: str, about: str, why: str, source: str = "", now: datetime) -> int:
    """Add a line to the ledger, in the caller's transaction; returns its id. No actor means the program itself."""
    return LedgerEntry.objects.create(actor_id=actor_id, act=act, about=about, why=why.strip(), source=source, at=now).pk


def one_time_password(*, username: str, now: datetime) -> str:
    """Give `username` (made if new, with every right) a fresh password and return it: shown once, stored hashed."""
    password = secrets.token_urlsafe(12)
    with transaction.atomic():
        account, _ = Account.objects.get_or_create(username=username, defaults={"is_staff": True, "is_superuser": True})
        account.set_password(password)
        account.save(update_fields=["password"])
        note(actor_id=None, act="password", about=f"account {account.pk}", why="one-time password asked for", now=now)
    return password
