"""Too many complaints or bounces: staff are warned before a limit is reached, and above it the letter stops by itself."""

from datetime import datetime
from typing import Any

from django.db import transaction

from groundswell.basics.ids import LetterId
from groundswell.basics.result import Refused
from groundswell.inbox.models import Stop
from groundswell.inbox.share_rules import THRESHOLDS, What, judge, share
from groundswell.post import returns, traffic
from groundswell.staff import notices
from groundswell.staff.operations import note

_WORDS = {"complained": "complaints", "bounced": "dead addresses"}
EVERYWHERE = "all"


def look_at(*, letter_id: LetterId, provider: str, what: What, now: datetime) -> str:
    """Judge this letter's share at this provider and over all; warn or stop as `share_rules` says. In the caller's
    transaction. Returns the graver verdict."""
    counts = traffic.of_letter(letter_id)
    verdicts = []
    places = [(EVERYWHERE, counts)]
    if provider != "others":  # many small ones together are no provider with a limit of its own
        places.insert(0, (provider, [row for row in counts if row.provider == provider]))
    for place, rows in places:
        handed = sum(row.handed for row in rows)
        counted = sum(getattr(row, what) for row in rows)
        verdict = judge(what, counted, handed)
        verdicts.append(verdict)
        if verdict == "stop" and not _stop(letter_id, place, what, counted, handed, now):
            verdict = "warn"
        if verdict == "warn":
            _warn(letter_id, place, what, counted, handed, now)
    return next(verdict for verdict in ("stop", "warn", "well") if verdict in verdicts)


def _stop(letter_id: LetterId, place: str, what: What, counted: int, handed: int, now: datetime) -> bool:
    facts: dict[str, Any] = {"share": share(counted, handed), "counted": counted, "handed": handed, "at": now}
    _, new = Stop.objects.get_or_create(letter_id=letter_id, provider=place, what=what, defaults=facts)
    if not new:
        return False
    returns.pause(letter_id=letter_id)
    note(actor_id=None, act="stop a letter", about=f"letter {letter_id}", why=said(what, place, counted, handed), now=now)
    notices.tell(
        subject=f"Stopped: “{returns.letter_name(letter_id)}”",
        words=f"{said(what, place, counted, handed)} The letter rests. Find out why before you let it go on.",
        once=f"inbox:stop:{letter_id}:{place}:{what}", link="/office/returns/", now=now,
    )  # fmt: skip
    return True


def _warn(letter_id: LetterId, place: str, what: What, counted: int, handed: int, now: datetime) -> None:
    notices.tell(
        subject=f"Many {_WORDS[what]}: “{returns.letter_name(letter_id)}”",
        words=f"{said(what, place, counted, handed)} At {THRESHOLDS[what].stop:.1%} the letter stops by itself.",
        once=f"inbox:warn:{letter_id}:{place}:{what}:{now:%Y-%m-%d}", link="/office/returns/", now=now,
    )  # fmt: skip


def lift(*, stop_id: int, why: str, staff_id: int | None, now: datetime) -> bool:
    """Let a stopped letter go on, with a reason that goes into the ledger. False where it does not stand any more."""
    if not why.strip():
        raise Refused.because("reason-missing", "Letting a stopped letter go on needs a reason.", "Say why.")
    with transaction.atomic():
        row = Stop.objects.select_for_update().filter(pk=stop_id, lifted_at=None).first()
        if row is None:
            return False
        row.lifted_at, row.lifted_by, row.lifted_why = now, staff_id, why.strip()
        row.save()
        note(actor_id=staff_id, act="lift a stop", about=f"letter {row.letter_id}", why=why, now=now)
        if not Stop.objects.filter(letter_id=row.letter_id, lifted_at=None).exists():
            returns.resume(letter_id=LetterId(row.letter_id))
    return True


def said(what: str, place: str, counted: int, handed: int) -> str:
    """One sentence with the numbers."""
    where = "over all" if place == EVERYWHERE else f"at {place}"
    return f"{counted} {_WORDS[what]} on {handed} letters {where}: {share(counted, handed):.2%}."
