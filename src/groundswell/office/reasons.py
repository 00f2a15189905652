"""Reasons of signers before they stand on a page: read, shown, kept off, or taken off again."""

from datetime import UTC, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from groundswell.actions import partners, share_trials
from groundswell.actions import reasons as wall
from groundswell.actions.queries import petitions
from groundswell.office.desk import is_moderator, moderators


@moderators
@require_safe
@never_cache
def read(request: HttpRequest) -> HttpResponse:
    """Reasons that wait, and those that stand on pages now. Only what signers agreed to show is opened."""
    shown = {state: wall.reasons(state=state) for state in ("waiting", "shown")}
    return render(request, "office/reasons.html", shown)


@moderators
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Show those that are ticked, or keep them off the page."""
    try:
        ticked = [UUID(value) for value in request.POST.getlist("reason")]
    except ValueError:
        ticked = []
    show = request.POST.get("decision") == "show"
    decided = wall.decide(signatures=ticked, show=show, staff_id=request.user.pk, now=datetime.now(UTC)) if ticked else 0
    if decided:
        where = "shown on the page" if show else "kept off the page"
        messages.success(request, f"{decided} {where}, within a minute. You can decide again below.")
    else:
        messages.error(request, "Tick the reasons that you have read.")
    return redirect("reasons")


@require_safe
def came_by(request: HttpRequest) -> HttpResponse:
    """What came by partners and by shared links, in numbers."""
    rows = []
    for petition in petitions():
        tried = share_trials.results(petition.id)
        rows.append(
            {
                "petition": petition, "partners": partners.counts(petition.id), "verdict": share_trials.verdict(tried),
                "tried": [(each, *(round(100 * edge, 1) for edge in each.interval)) for each in tried],
            }
        )  # fmt: skip
    return render(request, "office/came_by.html", {"rows": rows, "decides": is_moderator(request.user)})


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    """Below /office/."""
    return [
        path("reasons/", read, name="reasons"),
        path("reasons/decide/", decide, name="reasons-decide"),
        path("came-by/", came_by, name="came-by"),
    ]


class _Item(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        """Only to those who may."""
        return is_moderator(request.user)


@hooks.register("register_admin_menu_item")
def menu() -> MenuItem:
    """In the office's menu."""
    return _Item("Reasons of signers", reverse("reasons"), icon_name="openquote", order=340)


@hooks.register("register_admin_menu_item")
def menu_of_sources() -> MenuItem:
    """In the office's menu."""
    return MenuItem("Partners and shares", reverse("came-by"), icon_name="group", order=345)
