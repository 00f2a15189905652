"""Doubtful signatures: what is held and why, what comes in crowds; count it or make it invalid, with a reason, and undo."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST, require_safe
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from groundswell.actions import doubts
from groundswell.basics.domains import COMMON, DISPOSABLE
from groundswell.basics.result import Refused
from groundswell.office.desk import is_moderator, moderators


@moderators
@require_safe
def doubtful(request: HttpRequest) -> HttpResponse:
    """Held signatures by reason, networks that brought many, and the latest decisions."""
    now = datetime.now(UTC)
    return render(
        request,
        "office/doubts.html",
        {
            "held": doubts.held_groups(),
            "networks": doubts.trending_networks(since=now - timedelta(days=2)),
            "domains": doubts.trending_domains(since=now - timedelta(days=2), names=(*COMMON, *DISPOSABLE)),
            "decisions": doubts.decisions(),
        },
    )


@moderators
@require_safe
def preview(request: HttpRequest) -> HttpResponse:
    """How many signatures a decision would concern; nothing is decided yet."""
    petition, what = request.GET.get("petition", ""), request.GET.get("what", "")
    states = doubts.preview(petition=petition, what=what) if petition else {}
    return render(request, "office/doubts_preview.html", {"petition": petition, "what": what, "states": states})


@moderators
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Count them, or make them invalid."""
    petition, what, why = (request.POST.get(name, "") for name in ("petition", "what", "why"))
    try:
        doubts.decide(
            petition=petition, what=what, count_them=request.POST.get("decision") == "count", why=why, staff_id=request.user.pk,
            now=datetime.now(UTC),
        )  # fmt: skip
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(f"{reverse('doubts-preview')}?petition={petition}&what={what}")
    messages.success(request, "Decided. You can undo it below; pages show the new count within a minute.")
    return redirect("doubts")


@moderators
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Put a decision back."""
    try:
        undone = doubts.undo(batch=UUID(request.POST.get("batch", "")), staff_id=request.user.pk, now=datetime.now(UTC))
    except ValueError:
        messages.error(request, "This is no decision.")
    else:
        messages.success(request, f"Undone: {undone} signatures are as they were.")
    return redirect("doubts")


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    """Below /office/."""
    return [
        path("signatures/", doubtful, name="doubts"),
        path("signatures/preview/", preview, name="doubts-preview"),
        path("signatures/decide/", decide, name="doubts-decide"),
        path("signatures/undo/", undo, name="doubts-undo"),
    ]


class _Item(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        """Only to those who may."""
        return is_moderator(request.user)


@hooks.register("register_admin_menu_item")
def menu() -> MenuItem:
    """In the office's menu."""
    return _Item("Doubtful signatures", reverse("doubts"), icon_name="warning", order=350)
