"""Mails that came from somebody, told to them with everything else that is held of them (`people.telling`)."""

from collections.abc import Sequence
from typing import Any

from groundswell.inbox import house
from groundswell.inbox.models import FullReport, Incoming
from groundswell.inbox.sealing import Unopenable
from groundswell.inbox.spool import opened
from groundswell.people.telling import Open, follow_telling


def mails(persons: Sequence[int], open_: Open) -> list[dict[str, Any]]:
    """What came in, what became of it, and the mail itself while it is kept.

    Only where it came back to an address that their letter alone bore: what merely names them may be somebody else's letter,
    and staff look at that one first ("What came back").
    """
    return [
        {
            "came": row.taken_at, "kind": row.kind, "because": row.because, "words": row.words, "outcome": row.outcome,
            "state": row.get_state_display(), "kept": row.sealed is not None,
            "mail": _mail(bytes(row.sealed)) if row.sealed is not None and row.proven else "",
        }
        for row in Incoming.objects.filter(person_id__in=persons).order_by("taken_at", "id")
    ]  # fmt: skip


def full(persons: Sequence[int], open_: Open) -> list[dict[str, Any]]:
    """When their mailbox was full."""
    return [{"at": at} for at in FullReport.objects.filter(person_id__in=persons).order_by("at").values_list("at", flat=True)]


def _mail(sealed: bytes) -> str:
    try:
        return opened(house.private_keys(), sealed).content.decode("utf-8", "replace")
    except Unopenable:
        return ""  # damaged, or its key is gone: nobody holds it any more


def register() -> None:
    """Called once, when the room is ready; the names are those under which the rows follow a person."""
    follow_telling("mails that came", mails)
    follow_telling("full mailboxes", full)
