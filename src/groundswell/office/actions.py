"""Letters, calls, pledges, photos and events in the office: numbers, recipients, photos looked at, lists for the door, ends."""

import csv
import io
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from groundswell.actions import queries as actions
from groundswell.actions.acting import closing, deeds, photos, sending, steering
from groundswell.basics.result import Refused
from groundswell.mailings import outreach
from groundswell.office.desk import moderators, now, staff, tell
from groundswell.people.reading_room import given_to_staff
from groundswell.post import queries as post

_SAID = {
    "sent": "say they sent it", "asked": "wait for their turn", "to confirm": "wait for their writer to confirm",
    "handed": "handed to the post office",
    "withheld": "not sent: the recipient is not written to", "nobody": "not sent: nobody represents their place",
    "no name": "not sent: the writer left no name", "reached": "spoke to somebody", "voicemail": "left a message",
    "no-answer": "nobody answered", "pledged": "pledged", "given": "sent a photo",
    "coming": "have a seat", "waiting": "wait for a seat",
}  # fmt: skip


def _action(slug: str) -> actions.PetitionView:
    view = actions.petition_named(slug)
    if view is None or view.kind == "petition":
        raise Http404
    return view


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every action that is no petition."""
    views = [view for view in actions.petitions() if view.kind != "petition"]
    return render(request, "office/acting/list.html", {"actions": views, "photos": len(photos.waiting())})


@moderators
@require_safe
@never_cache
def one(request: HttpRequest, slug: str) -> HttpResponse:
    """One action: what came of it, and what is to be done."""
    view = _action(slug)
    shown: dict[str, Any] = {
        "action": view, "by_whom": deeds.by_whom(view.id),
        "outcomes": [(_SAID.get(key, key), count) for key, count in view.tally.items()],
        "said": _SAID, "notes": _notes(view),
    }  # fmt: skip
    if view.manner == "send":
        shown["recipients"] = sending.recipients(view.id)
        shown["letters"] = sorted(_states(view).items())
        shown["made"] = [(_SAID.get(key, key), count) for key, count in sending.states(view.id).items()]
    if view.kind == "photo":
        shown["waiting"] = photos.waiting(view.id)
        shown["on_show"] = photos.waiting(view.id, states=("shown",), most=200)
    return render(request, "office/acting/one.html", shown)


@moderators
@require_safe
def totals(request: HttpRequest, slug: str) -> HttpResponse:
    """Outcomes by recipient as CSV: numbers only."""
    view = _action(slug)
    out = io.StringIO()
    csv.writer(out).writerows(steering.totals(view.id))
    return _csv(out.getvalue(), f"{view.slug}-totals.csv")


@moderators
@require_POST
def attendance(request: HttpRequest, slug: str) -> HttpResponse:
    """The names of who comes, for the list at the door: with a reason, into the ledger."""
    view = _action(slug)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "list.csv"
        try:
            steering.write_people(
                petition_id=view.id, outcomes=["coming"], path=file, staff_id=staff(request),
                why=request.POST.get("why", ""), now=now(),
            )  # fmt: skip
        except Refused as refused:
            return _back(request, refused, slug)
        return _csv(file.read_text(encoding="utf-8-sig"), f"{view.slug}-list.csv")


@moderators
@require_POST
def recipient(request: HttpRequest, slug: str) -> HttpResponse:
    """Name somebody to whom we send, or drop one."""
    view, drop = _action(slug), request.POST.get("drop", "")
    try:
        if drop.isdigit():
            sending.drop_recipient(recipient_id=int(drop), staff_id=staff(request), now=now())
            messages.success(request, "No more letters go there; those that waited are withheld.")
        else:
            places = [place.strip() for place in request.POST.get("places", "").split(",") if place.strip()]
            sending.name_recipient(
                petition_id=view.id, name=request.POST.get("name", ""), role=request.POST.get("role", ""),
                address=request.POST.get("address", ""), places=places, staff_id=staff(request), now=now(),
            )  # fmt: skip
            messages.success(request, "Letters go there from now on. The address lies in the vault and is not shown again.")
    except Refused as refused:
        return _back(request, refused, slug)
    return redirect("action", slug)


@moderators
@require_POST
def end(request: HttpRequest, slug: str) -> HttpResponse:
    """Take nothing more, or take up again."""
    view = _action(slug)
    try:
        if view.closed:
            steering.take_up(petition_id=view.id, staff_id=staff(request), now=now())
        else:
            steering.end(petition_id=view.id, why=request.POST.get("why", ""), staff_id=staff(request), now=now())
    except Refused as refused:
        return _back(request, refused, slug)
    messages.success(request, "The page says so within a minute.")
    return redirect("action", slug)


@moderators
@require_safe
@never_cache
def image(request: HttpRequest, photo: UUID) -> HttpResponse:
    """A photo for staff to look at."""
    content = photos.picture(photo, given_to_staff)
    if content is None:
        raise Http404
    return HttpResponse(content, content_type="image/jpeg")


@moderators
@require_POST
def judge(request: HttpRequest, photo: UUID) -> HttpResponse:
    """Blur, show, or turn down."""
    slug, act = request.POST.get("action", ""), request.POST.get("do", "")
    try:
        if act == "blur":
            photos.blur(photo_id=photo, regions=_regions(request.POST.get("regions", "")), open_=given_to_staff,
                        staff_id=staff(request), now=now())  # fmt: skip
            messages.success(request, "Blurred: the sharper picture is gone.")
        else:
            photos.decide(photo_id=photo, show=act == "show", alt=request.POST.get("alt", ""), why=request.POST.get("why", ""),
                          open_=given_to_staff, staff_id=staff(request), now=now())  # fmt: skip
            messages.success(request, "Shown within a minute." if act == "show" else "Turned down; the picture is deleted.")
        closing.republish(petition_id=_action(slug).id)
    except Refused as refused:
        return _back(request, refused, slug)
    return redirect(f"{reverse('action', args=[_action(slug).slug])}#photos")


def _regions(text: str) -> list[photos.Region]:
    """`10 20 15 25; …`: percent of width and height, as the page's script or a person writes them."""
    found = []
    for part in text.split(";"):
        numbers = part.replace(",", " ").replace("%", " ").split()
        try:
            left, top, width, height = (float(number) / 100 for number in numbers)
        except ValueError:
            continue
        found.append((left, top, width, height))
    return found


def _notes(view: actions.PetitionView) -> list[tuple[datetime, str, str, str]]:
    if view.kind != "call":
        return []
    return [
        (at, whom, outcome, given_to_staff(person, field, words))
        for at, whom, outcome, person, field, words in deeds.notes(view.id)
    ]


def _states(view: actions.PetitionView) -> dict[str, int]:
    counted: dict[str, int] = {}
    for letter_id in outreach.letters_of(view.id):
        for state, count in post.progress(letter_id).items():
            counted[state] = counted.get(state, 0) + count
    return counted


def _csv(text: str, name: str) -> HttpResponse:
    answer = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _back(request: HttpRequest, refused: Refused, slug: str) -> HttpResponse:
    tell(request, refused)
    return redirect("action", _action(slug).slug)


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    """Below /office/."""
    return [
        path("actions/", listing, name="actions"),
        path("actions/photo/<uuid:photo>.jpg", image, name="action-photo"),
        path("actions/photo/<uuid:photo>/", judge, name="action-judge"),
        path("actions/<slug:slug>/", one, name="action"),
        path("actions/<slug:slug>/totals.csv", totals, name="action-totals"),
        path("actions/<slug:slug>/list.csv", attendance, name="action-list"),
        path("actions/<slug:slug>/recipient/", recipient, name="action-recipient"),
        path("actions/<slug:slug>/end/", end, name="action-end"),
    ]


@hooks.register("register_admin_menu_item")
def menu() -> MenuItem:
    """In the office's menu."""
    return MenuItem("Actions", reverse("actions"), icon_name="form", order=340)
