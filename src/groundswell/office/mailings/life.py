"""The buttons of one mailing. Each asks for its own right, calls one operation, and says what became of it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from groundswell.basics.ids import DeliveryId
from groundswell.basics.result import Refused
from groundswell.mailings import approval, queries, resending, scheduling, splitting, steering, testing
from groundswell.office.desk import for_those_with, may, now, staff, tried
from groundswell.office.mailings.overview import found
from groundswell.office.mailings.rights import APPROVE, SEND, WRITE, WRITING
from groundswell.post import operations as post
from groundswell.post.tasks import deliver_letter
from groundswell.post.wiring import post_office, transport

_RIGHTS = {"approve": APPROVE, "ask": WRITE, "test": WRITE, "again": WRITE}
"""Whatever is not here is for those who send."""


@for_those_with(*WRITING)
@require_POST
def act(request: HttpRequest, slug: str) -> HttpResponse:
    """One button was pressed."""
    mailing = found(slug)
    verb = request.POST.get("do", "")
    if not may(request, _RIGHTS.get(verb, SEND)):
        raise PermissionDenied
    goes_on = [slug]
    tried(request, lambda: _do(request, mailing, verb, goes_on))
    return redirect("mailing-write" if verb == "again" and goes_on[-1] != slug else "mailing", goes_on[-1])


def _do(request: HttpRequest, mailing: queries.MailingDetail, verb: str, goes_on: list[str]) -> str:
    given, me = request.POST, staff(request)
    if verb in ("pause", "resume", "cancel"):
        return steering.steer(mailing_id=mailing.id, verb=verb, staff_id=me, now=now())
    if verb == "ask":
        approval.ask(mailing_id=mailing.id, staff_id=me, now=now())
        return "Your colleagues find it among their notices."
    if verb == "approve":
        approval.approve(mailing_id=mailing.id, staff_id=me, seen=given.get("seen", ""), now=now())
        return "Approved, and written into the ledger. A change to the text asks for a new approval."
    if verb == "send":
        moment = _moment(given.get("at", ""))
        begins = scheduling.schedule(mailing_id=mailing.id, at=moment, reader_time=bool(given.get("reader")), now=now())
        return f"It begins at {begins.astimezone(_zone()):%-d %b, %H:%M}. Until then you can take it back."
    if verb == "test":
        return _test(request, mailing)
    if verb == "speed":
        speed = given.get("speed", "")
        for _, letter_id in mailing.letters:
            post.set_speed(letter_id=letter_id, per_minute=int(speed) if speed.isdecimal() and int(speed) else None)
        return "The new speed counts from the next second on."
    if verb == "settle":
        doubtful = [DeliveryId(int(number)) for number in given.getlist("row") if number.isdecimal()]
        changed = sum(
            post.settle(letter_id=letter_id, deliveries=doubtful, arrived=given.get("arrived") == "yes", now=now())
            for _, letter_id in mailing.letters
        )
        return f"{changed} rows are settled."
    if verb == "way":
        for letter_id in splitting.choose(mailing_id=mailing.id, name=given.get("name", ""), staff_id=me, now=now()):
            deliver_letter.defer(letter_id=letter_id)
        return "The rest gets it now."
    if verb == "again":
        return _again(request, mailing, goes_on)
    raise Refused.because("button", "There is no such button.", "Go back and press one that is there.")


def _test(request: HttpRequest, mailing: queries.MailingDetail) -> str:
    accounts = [int(number) for number in request.POST.getlist("to") if number.isdecimal()]
    typed = request.POST.get("addresses", "").replace(",", " ").split()
    replies = testing.send_test(
        mailing_id=mailing.id, addresses=[*testing.addresses_of(accounts), *typed],
        first_name=request.POST.get("first_name", ""), office=post_office(), transport=transport(), now=now(),
    )  # fmt: skip
    return f"{sum(reply.state == 'accepted' for reply in replies)} of {len(replies)} test letters were taken."


def _again(request: HttpRequest, mailing: queries.MailingDetail, goes_on: list[str]) -> str:
    made = resending.resend(
        mailing_id=mailing.id, note=request.POST.get("note", ""), subject=request.POST.get("subject", ""),
        staff_id=staff(request), now=now(),
    )  # fmt: skip
    slug = next(view.slug for view in queries.mailings() if view.id == made)
    goes_on.append(slug)
    return f"Drafted as “{slug}”: look at it, then send it like any other."


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=_zone())
    except ValueError:
        raise Refused.because("moment", "That is no day and time.", "Write it like 2026-11-24T09:30.") from None
