"""Audiences for staff: the saved ones in words and numbers, and one being edited, counted as often as they like.

A form without script: its rows are turned into the same JSON that the command takes, and whoever knows it may write that.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from groundswell.basics.result import Refused
from groundswell.mailings.audience import shown
from groundswell.mailings.audiences import operations, queries
from groundswell.mailings.audiences.definition import Catalogue
from groundswell.mailings.audiences.reading import checked, from_text
from groundswell.mailings.queries import mailings
from groundswell.office import audience_form as form
from groundswell.office.desk import for_those_with, may, now
from groundswell.office.mailings.rights import WRITE


@for_those_with(WRITE)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every saved audience, as a text."""
    return render(request, "office/audiences/index.html", {"audiences": queries.audiences()})


@for_those_with(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str = "") -> HttpResponse:
    """One audience: its rows, its text, its numbers. “Count” saves nothing."""
    found = queries.audience_named(slug) if slug else None
    if slug and found is None:
        raise Http404
    names = queries.catalogue()
    others = {key: saved for key, saved in names.audiences.items() if key != slug}
    names = replace(names, audiences=others)
    facts: dict[str, Any] = {"slug": slug, "name": found.name if found else "", "problem": "", "shown": None}
    given: QueryDict = QueryDict(mutable=True)
    text, status = "", 200
    if request.method == "POST":
        given, text = request.POST, request.POST.get("text", "").strip()
        facts["name"] = given.get("name", "")
        try:
            content = from_text(text) if text else checked(form.definition(given, names))
            facts["shown"] = seen = shown(content, now=now())
            if given.get("do") == "save":
                _save(slug, facts["name"], content)
                messages.success(request, f"Saved: {seen.explained.words}")
                return redirect("audiences")
            given, text = _shown(content, given, text, names)
        except Refused as refused:
            facts["problem"], status = str(refused.problems[0]), 422
    elif found is not None:
        said = form.answers(found.definition, names)
        given, text = (said, "") if said is not None else (given, _json(found.definition))
        facts["drafts"] = [mailing.slug for mailing in mailings() if mailing.letter_id is None and mailing.state != "scheduled"]
        try:
            facts["shown"] = shown(found.definition, now=now())
        except Refused as refused:
            facts["problem"] = str(refused.problems[0])
    facts |= {
        "text": text, "as_text": bool(text), "gets": form.groups(given, "in", names),
        "gets_not": form.groups(given, "out", names), "cap": form.cap_rows(given),
    }  # fmt: skip
    return render(request, "office/audiences/edit.html", facts, status=status)


def _shown(content: Mapping[str, Any], given: QueryDict, text: str, names: Catalogue) -> tuple[QueryDict, str]:
    """As rows or as text, as it was or as the button asks: what the form can't say stays a text."""
    if given.get("do") == "text":
        return given, _json(content)
    if text and given.get("do") == "form":
        said = form.answers(content, names)
        if said is None:
            raise Refused.because("audience-form", "The form can't say this.", "Go on with the text: it says more.")
        return said, ""
    return given, _json(content) if text else ""


def _save(slug: str, name: str, content: Mapping[str, Any]) -> None:
    if not slug:
        # Names without a letter of ours (in Arabic, in Chinese) get a number; a second one of a name does not replace the first.
        taken = {view.slug for view in queries.audiences()}
        base = slugify(name)[:40] or "audience"
        slug = next(each for each in (base, *(f"{base}-{n}" for n in range(2, 10_000))) if each not in taken)
    operations.save_audience(slug=slug, name=name, definition=content, now=now())


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1)


@for_those_with(WRITE)
@require_POST
def use(request: HttpRequest, slug: str) -> HttpResponse:
    """Give a draft a copy of this audience."""
    mailing = request.POST.get("mailing", "")
    try:
        operations.use_audience(slug=slug, mailing_slug=mailing)
        messages.success(request, f"“{mailing}” goes to this audience.")
    except Refused as refused:
        messages.error(request, str(refused.problems[0]))
    return redirect("audiences-edit", slug)


@for_those_with(WRITE)
@require_POST
def remove(request: HttpRequest, slug: str) -> HttpResponse:
    """Forget a saved audience; no letter changes."""
    try:
        if operations.remove_audience(slug=slug):
            messages.success(request, "Removed. Letters that use it keep their own copy.")
    except Refused as refused:
        messages.error(request, str(refused.problems[0]))
    return redirect("audiences")


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    """Behind the staff door, where Wagtail asks who it is."""
    return [
        path("audiences/", index, name="audiences"),
        path("audiences/new/", edit, name="audiences-new"),
        path("audiences/<slug:slug>/", edit, name="audiences-edit"),
        path("audiences/<slug:slug>/use/", use, name="audiences-use"),
        path("audiences/<slug:slug>/remove/", remove, name="audiences-remove"),
    ]


class _Item(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        """For those who write."""
        return may(request, WRITE)


@hooks.register("register_admin_menu_item")
def menu() -> MenuItem:
    """In the menu."""
    return _Item("Audiences", reverse("audiences"), icon_name="group", order=205)
