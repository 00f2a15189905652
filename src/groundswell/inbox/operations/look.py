"""What staff do with a mail that was kept for a person: open it with a reason, settle it, or try it again."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from groundswell.basics.result import Refused
from groundswell.inbox import house
from groundswell.inbox.models import Incoming, State
from groundswell.inbox.sealing import Unopenable
from groundswell.inbox.spool import opened
from groundswell.letterbox.mime import take_apart
from groundswell.letterbox.prose import notification
from groundswell.staff.operations import note

_SHOWN = 20_000


@dataclass(frozen=True, slots=True)
class Opened:
    """A kept mail as a person reads it: the few headers that matter, its text, and the whole of it."""

    writer: str
    subject: str
    to: str
    text: str
    raw: str

    def __repr__(self) -> str:
        return "Opened(…)"


def open_mail(*, incoming_id: int, why: str, staff_id: int | None, now: datetime) -> Opened | None:
    """The mail, or None where there is none any more. Who opened it and why is in the ledger before it is."""
    if not why.strip():
        raise Refused.because("reason-missing", "Opening a mail needs a reason.", "Say why.")
    with transaction.atomic():
        row = Incoming.objects.filter(pk=incoming_id, state__in=[State.KEPT, State.SET_ASIDE], sealed__isnull=False).first()
        if row is None:
            return None
        note(actor_id=staff_id, act="open a mail", about=f"mail {incoming_id}", why=why, now=now)
    try:
        piece = opened(house.private_keys(), bytes(row.sealed or b""))
    except Unopenable:
        raise Refused.because(
            "mail-key", f"Mail {incoming_id} can't be opened.", "It is damaged, or the key it was sealed with is not there."
        ) from None
    raw = piece.content.decode("utf-8", "replace")[:_SHOWN]
    if piece.form == "event":
        return Opened("", f"A report of {row.way}", "", "", raw)
    mail = take_apart(piece.content)
    text, _ = notification(mail)
    return Opened(mail.headers.text("from"), mail.headers.text("subject"), piece.envelope_to, text[:_SHOWN], raw)


def settle(*, incoming_id: int, why: str, staff_id: int | None, now: datetime) -> bool:
    """A person has looked: the mail is deleted, what became of it is written down. False where there was none."""
    with transaction.atomic():
        row = Incoming.objects.select_for_update().filter(pk=incoming_id, state__in=[State.KEPT, State.SET_ASIDE]).first()
        if row is None:
            return False
        row.state, row.sealed, row.settled_at, row.settled_by = State.DROPPED, None, now, staff_id
        row.outcome = f"{row.outcome}; settled by staff"[:300]
        row.save()
        note(actor_id=staff_id, act="settle a mail", about=f"mail {incoming_id}", why=why or "looked at", now=now)
    return True


def try_again(*, incoming_id: int, staff_id: int | None, now: datetime) -> bool:
    """Apply a mail anew that was set aside: after the mistake was mended. False where there was none."""
    changed = Incoming.objects.filter(pk=incoming_id, state=State.SET_ASIDE, sealed__isnull=False).update(
        state=State.TAKEN, failures=0, starts=0, due_at=now, applied_at=None, outcome=""
    )
    if changed:
        note(actor_id=staff_id, act="try a mail again", about=f"mail {incoming_id}", why="set aside before", now=now)
    return bool(changed)
