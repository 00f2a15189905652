"""People who may be in the list twice: looked at side by side, and decided by a person."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail import hooks

from groundswell.basics.ids import PersonRef
from groundswell.basics.result import Refused
from groundswell.office.desk import moderators, now, staff
from groundswell.people import operations as people
from groundswell.people import pairs, reading_room


@moderators
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The pairs that wait, and what was merged."""
    return render(request, "office/people/pairs.html", {"pairs": pairs.open_pairs(), "merges": pairs.merges(most=20)})


@moderators
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Look for pairs now."""
    found = people.find_pairs(now=now())
    messages.success(request, f"{found} new pairs." if found else "No new pairs.")
    return redirect("people-pairs")


@moderators
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def show(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Both side by side; with a reason, their details, to see whether they are one."""
    pair = pairs.pair(pair_id)
    if pair is None:
        raise Http404
    facts: dict[str, Any] = {"pair": pair, "sides": [(pair.first, None), (pair.second, None)], "why": ""}
    status = 200
    if request.method == "POST":
        facts["why"] = request.POST.get("why", "")
        try:
            facts["sides"] = [
                (side, reading_room.read(person=side.person, staff_id=staff(request), reason=facts["why"], now=now()))
                for side in (pair.first, pair.second)
            ]
            facts["opened"] = True
        except Refused as refused:
            facts["problem"], status = str(refused.problems[0]), 422
    return render(request, "office/people/pair.html", facts, status=status)


@moderators
@require_POST
def decide(request: HttpRequest, pair_id: int) -> HttpResponse:
    """One person, and which row stays; or two."""
    pair = pairs.pair(pair_id)
    if pair is None:
        raise Http404
    word, why = request.POST.get("do", ""), request.POST.get("why", "")
    both = (pair.first.person, pair.second.person)
    try:
        if word == "apart":
            people.keep_apart(pair_id=pair_id, staff_id=staff(request), now=now())
            messages.success(request, "Two people. They are not suggested again.")
        elif word.isdecimal() and int(word) in both:
            kept = PersonRef(int(word))
            gone = both[1] if kept == both[0] else both[0]
            number = people.merge(kept=kept, gone=gone, staff_id=staff(request), why=why, now=now())
            messages.success(request, f"Person {gone} is person {kept} now (merge {number}). It can be undone below.")
    except Refused as refused:
        messages.error(request, str(refused.problems[0]))
        return redirect("people-pair", pair_id)
    return redirect("people-pairs")


@moderators
@require_POST
def undo(request: HttpRequest, merge_id: int) -> HttpResponse:
    """They are two again."""
    try:
        people.undo_merge(merge_id=merge_id, staff_id=staff(request), why=request.POST.get("why", ""), now=now())
        messages.success(request, f"Merge {merge_id} is undone: both have again what was theirs.")
    except Refused as refused:
        messages.error(request, str(refused.problems[0]))
    return redirect("people-pairs")


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    """Behind the staff door."""
    return [
        path("people/pairs/", index, name="people-pairs"),
        path("people/pairs/look/", look, name="people-pairs-look"),
        path("people/pairs/<int:pair_id>/", show, name="people-pair"),
        path("people/pairs/<int:pair_id>/decide/", decide, name="people-pair-decide"),
        path("people/merges/<int:merge_id>/undo/", undo, name="people-merge-undo"),
    ]
