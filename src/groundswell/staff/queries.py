"""Reads of the staff room."""

from groundswell.staff.models import LedgerEntry


def latest(count: int = 20) -> list[str]:
    """The last `count` lines of the ledger, newest first, as text."""
    return [f"{entry} — {entry.why}" for entry in LedgerEntry.objects.all()[:count]]
