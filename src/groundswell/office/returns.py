"""What came back: mails that wait for a person, letters that were stopped, shares, and why somebody is not written to.

No address in a URL: an address is typed into a form and goes no further than its answer.
"""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from groundswell.basics.addresses import Address, parse
from groundswell.basics.result import Refused
from groundswell.inbox import house, queries, stopping
from groundswell.inbox.operations import look
from groundswell.inbox.spool import LARGEST, Piece
from groundswell.office import desk
from groundswell.people import operations as people
from groundswell.people import suppressions
from groundswell.post import slowdowns, wishes

_LIFTS = {
    "unsubscribed": "They said goodbye. They come back by signing up on a form; staff may lift it when they ask for it in writing.",
    "hard_bounce": "Their address did not take mail. Lift it when you know that it works again.",
    "complaint": "They called our mail spam. Lift it only when they ask for it in writing.",
    "legal": "They asked to be forgotten. Only they can change that, by signing up again.",
}
_REASONS = {
    "unsubscribed": "said goodbye",
    "hard_bounce": "the address does not take mail",
    "complaint": "complained about our mail",
    "legal": "asked to be forgotten",
}


@desk.moderators
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Everything at a glance."""
    now = desk.now()
    kept, stops = queries.kept(), queries.stops()
    facts = {
        "kept": kept,
        "standing": [each for each in stops if each.lifted_at is None],
        "lifted": [each for each in stops if each.lifted_at is not None],
        "slow": queries.slow_now(now),
        "letters": queries.shares_by_letter(now),
        "days": queries.shares_by_day(now)[:60],
        "outcomes": queries.outcomes(now - timedelta(days=queries.DAYS)),
        "work": queries.standing(house.spool().folder),
    }
    return render(request, "office/returns/index.html", facts)


@desk.moderators
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def mail(request: HttpRequest, incoming_id: int) -> HttpResponse:
    """One kept mail: what is known of it, and, with a reason, the mail itself."""
    kept = queries.of_mail(incoming_id)
    if kept is None:
        raise Http404
    facts: dict[str, Any] = {"kept": kept, "why": ""}
    status = 200
    if request.method == "POST":
        facts["why"] = request.POST.get("why", "")
        try:
            facts["mail"] = look.open_mail(incoming_id=incoming_id, why=facts["why"], staff_id=desk.staff(request), now=desk.now())
        except Refused as refused:
            facts["problem"], status = str(refused.problems[0]), 422
    return render(request, "office/returns/mail.html", facts, status=status)


@desk.moderators
@require_POST
def settle(request: HttpRequest, incoming_id: int) -> HttpResponse:
    """A person has looked at it."""
    if look.settle(incoming_id=incoming_id, why=request.POST.get("why", ""), staff_id=desk.staff(request), now=desk.now()):
        messages.success(request, f"Mail {incoming_id} is settled and deleted.")
    return redirect("returns")


@desk.moderators
@require_POST
def again(request: HttpRequest, incoming_id: int) -> HttpResponse:
    """Try a mail again that was set aside."""
    if look.try_again(incoming_id=incoming_id, staff_id=desk.staff(request), now=desk.now()):
        messages.success(request, f"Mail {incoming_id} is tried again in a moment.")
    return redirect("returns")


@desk.moderators
@require_POST
def lift_stop(request: HttpRequest, stop_id: int) -> HttpResponse:
    """Let a stopped letter go on, with a reason."""
    with desk.telling(request):
        if stopping.lift(stop_id=stop_id, why=request.POST.get("why", ""), staff_id=desk.staff(request), now=desk.now()):
            messages.success(request, "The letter goes on within a minute.")
    return redirect("returns")


@desk.moderators
@require_POST
def release(request: HttpRequest) -> HttpResponse:
    """Back to the usual pace at a provider."""
    if slowdowns.release(place=request.POST.get("place", ""), now=desk.now()):
        messages.success(request, "Letters go there at the usual pace again.")
    return redirect("returns")


@desk.moderators
@require_POST
@never_cache
def address(request: HttpRequest) -> HttpResponse:
    """Why this address is or is not written to, and what would change that."""
    found = parse(request.POST.get("address", ""))
    if not isinstance(found, Address):
        messages.error(request, str(found))
        return redirect("returns")
    explained = suppressions.explain(found)
    rows = [
        {
            "id": each.id,
            "reason": _REASONS.get(each.reason, each.reason),
            "source": queries.source_words(each.source),
            "at": each.at,
            "lifted_at": each.lifted_at,
            "lifted_why": each.lifted_why,
            "mend": _LIFTS.get(each.reason, ""),
            "can_lift": each.lifted_at is None and each.reason != "legal",
        }
        for each in explained.suppressions
    ]
    standing = any(each["lifted_at"] is None for each in rows)
    wish = wishes.wished(explained.person) if explained.person is not None else None
    facts = {
        "wish": wish,
        "known": explained.person is not None,
        "consents": explained.consents,
        "rows": rows,
        "standing": standing,
    }
    return render(request, "office/returns/address.html", facts)


@desk.moderators
@require_POST
def lift(request: HttpRequest, suppression_id: int) -> HttpResponse:
    """Write to an address again, with a reason."""
    with desk.telling(request):
        if people.lift_one(
            suppression_id=suppression_id, why=request.POST.get("why", ""), staff_id=desk.staff(request), now=desk.now()
        ):
            messages.success(request, "Lifted, and written into the ledger. Their own yes is still needed.")
    return redirect("returns")


@desk.moderators
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """A mail pasted or uploaded by staff: into the spool like any other."""
    upload = request.FILES.get("file")
    content = upload.read() if upload is not None else request.POST.get("pasted", "").strip().encode()
    if not content:
        messages.error(request, "There is nothing to take in: choose a file, or paste a whole mail with its headers.")
    elif len(content) > LARGEST:
        messages.error(request, "The mail is larger than 25 MB; nothing was taken in.")
    else:
        house.spool().keep(Piece("mail", "office", content))
        messages.success(request, "Taken in. What it means is done within a second or two.")
    return redirect("returns")


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    """Behind the staff door, where Wagtail asks who it is."""
    return [
        path("returns/", index, name="returns"),
        path("returns/mail/<int:incoming_id>/", mail, name="returns-mail"),
        path("returns/mail/<int:incoming_id>/settle/", settle, name="returns-settle"),
        path("returns/mail/<int:incoming_id>/again/", again, name="returns-again"),
        path("returns/stop/<int:stop_id>/lift/", lift_stop, name="returns-lift-stop"),
        path("returns/release/", release, name="returns-release"),
        path("returns/address/", address, name="returns-address"),
        path("returns/address/<int:suppression_id>/lift/", lift, name="returns-lift"),
        path("returns/take/", take, name="returns-take"),
    ]


class _Item(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        """Only to those who may."""
        return desk.is_moderator(request.user)


@hooks.register("register_admin_menu_item")
def menu() -> MenuItem:
    """In the menu."""
    return _Item("What came back", reverse("returns"), icon_name="mail", order=220)
