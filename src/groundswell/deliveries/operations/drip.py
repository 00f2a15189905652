"""A drip: signatures to the target by mail, a few at a time, with a cap, and a stop that works at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db import transaction

from groundswell.actions import choosing
from groundswell.actions import queries as actions
from groundswell.basics.addresses import parse
from groundswell.basics.ids import ActionId, PersonRef
from groundswell.basics.result import Problem, Refused
from groundswell.campaigns import queries as records
from groundswell.deliveries.drip_letter import KIND, letter
from groundswell.deliveries.models import Drip, DripLine, DripMail
from groundswell.deliveries.order import Order
from groundswell.engine.message import Letter
from groundswell.mailings.queries import house_sender
from groundswell.people import operations as people
from groundswell.people.queries import is_suppressed
from groundswell.post import operations as post
from groundswell.post.stopping import returned, stop_letters
from groundswell.staff.operations import note

MOST_PER_MAIL, MOST_PER_DAY, MOST = 100, 24, 100_000
_LATER = timedelta(hours=1)
"""How long a drip waits for somebody new to sign."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast and how far: signatures in a mail, mails in a day, signatures in all."""

    per_mail: int
    per_day: int
    cap: int

    def problems(self) -> list[Problem]:
        """What is wrong with it."""
        limits = (
            ("in a mail", self.per_mail, MOST_PER_MAIL),
            ("mails a day", self.per_day, MOST_PER_DAY),
            ("in all", self.cap, MOST),
        )
        return [
            Problem("drip-pace", f"“{value}” {what} is not possible.", f"Choose 1 to {most:,}.")
            for what, value, most in limits if not 1 <= value <= most
        ]  # fmt: skip


def start_drip(
    *, petition_id: ActionId, address: str, to_role: str, pace: Pace, order: Order, staff_id: int | None, why: str, now: datetime
) -> int:
    """Begin to send, from our own address and over the ordinary post office; returns the drip's id.

    The target's address goes into the vault and is never shown again. The first mail is due at once.
    """
    email = parse(address)
    problems = pace.problems()
    if isinstance(email, Problem):
        problems.append(email)
    if not to_role.strip() or "@" in to_role:
        problems.append(Problem("drip-role", "It is not said whose address it is.", "Name the office, such as “the press office”."))
    if not why.strip():
        problems.append(Problem("why-missing", "A drip needs its occasion.", "Say why: it goes into the ledger."))
    if problems or isinstance(email, Problem):
        raise Refused(*problems)
    _letter(petition_id, now, 1)  # what can't be written is refused now, not at night
    with transaction.atomic():
        person = people.enrol(email=email, contact=True, now=now).person
        if Drip.objects.filter(petition_id=petition_id, person_id=person, state="running").exists():
            raise Refused.because("drip-running", "A drip to this address runs already.", "Stop it first.")
        if is_suppressed(person):
            raise Refused.because(
                "drip-suppressed", "This address is not written to: it asked us to stop, or mails to it came back.",
                "Hand over another way: in person, by post, or by a link.",
            )  # fmt: skip
        drip = Drip.objects.create(
            petition_id=petition_id, person_id=person, to_role=to_role.strip()[:200], order=order.to_json(), per_mail=pace.per_mail,
            per_day=pace.per_day, cap=pace.cap, started_at=now, next_at=now, staff_id=staff_id,
        )  # fmt: skip
        about = f"petition {petition_id}, drip {drip.pk}: {pace.per_mail} in a mail, {pace.per_day} a day, {pace.cap} in all"
        note(actor_id=staff_id, act="drip", about=about, why=why, now=now)
    return drip.pk


def stop_drip(*, drip_id: int, staff_id: int | None, why: str, now: datetime) -> bool:
    """End it at once: no new mail is made, and mails that wait are withheld. False where it had ended before."""
    with transaction.atomic():
        drip = Drip.objects.select_for_update().get(pk=drip_id)
        if drip.state != "running":
            return False
        _end(drip, "stopped", why.strip() or "stopped in the office", now)
        note(actor_id=staff_id, act="drip stopped", about=f"drip {drip_id}", why=why.strip() or "stopped", now=now)
    return True


def drip_once(*, now: datetime) -> list[int]:
    """Make the mails that are due; returns their letters. Safe to repeat, and beside itself: a signature goes once."""
    due = Drip.objects.filter(state="running", next_at__lte=now).values_list("pk", flat=True)
    return [letter_id for drip_id in due if (letter_id := _next(drip_id, now)) is not None]


def _next(drip_id: int, now: datetime) -> int | None:
    with transaction.atomic():
        drip = Drip.objects.select_for_update(skip_locked=True).filter(pk=drip_id, state="running", next_at__lte=now).first()
        if drip is None:
            return None
        if trouble := returned(_letters(drip)):
            _end(drip, "stopped", f"a mail was {trouble}", now)
            return None
        if is_suppressed(PersonRef(drip.person_id)):
            _end(drip, "stopped", "the address asked us to stop", now)
            return None
        sent = set(DripLine.objects.filter(drip=drip).values_list("signature_id", flat=True))
        ids = _fresh(drip, sent, min(drip.per_mail, drip.cap - len(sent)), now)
        if not ids:
            drip.next_at = now + _LATER
            drip.save(update_fields=["next_at"])
            return None
        number = drip.mails.count() + 1
        petition_id = ActionId(drip.petition_id)
        letter_id = post.lodge(
            key=f"drip:{drip.pk}:{number}", letter=_letter(petition_id, now, len(ids)), kind=KIND, action=petition_id, now=now
        )
        post.address(letter_id=letter_id, persons=[(PersonRef(drip.person_id), "")], now=now)
        mail = DripMail.objects.create(drip=drip, number=number, letter_id=letter_id, made_at=now)
        DripLine.objects.bulk_create(DripLine(drip=drip, mail=mail, signature_id=signature) for signature in ids)
        drip.next_at = now + timedelta(days=1) / drip.per_day
        if len(sent) + len(ids) >= drip.cap:
            drip.state, drip.ended_why = "done", "the cap is reached"
        drip.save(update_fields=["next_at", "state", "ended_why"])
    return int(letter_id)


def _fresh(drip: Drip, sent: set[UUID], most: int, now: datetime) -> list[UUID]:
    choice = Order.from_json(drip.order).choice(ActionId(drip.petition_id), now)
    return list(islice((signature for signature in choosing.chosen_ids(choice) if signature not in sent), most))


def _letter(petition_id: ActionId, now: datetime, count: int) -> Letter:
    sender = house_sender()
    if sender is None:
        raise Refused.because("drip-sender", "There is nobody to write as.", "Make a sender profile first.")
    petition = actions.petition(petition_id)
    return letter(petition, target=records.campaign(petition.campaign_id, now.date()).target, sender=sender, count=count)


def _letters(drip: Drip) -> Sequence[int]:
    return list(drip.mails.values_list("letter_id", flat=True))


def _end(drip: Drip, state: str, why: str, now: datetime) -> None:
    drip.state, drip.ended_why = state, why[:200]
    drip.save(update_fields=["state", "ended_why"])
    stop_letters(letter_ids=_letters(drip), reason="the drip was stopped", now=now)
