"""Mailings in the office: written, looked at, tested, approved, sent, steered, and what came of them."""

from typing import Any

from django.contrib.auth.models import Permission
from django.http import HttpRequest
from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from groundswell.office.mailings import (
    composer,
    life,
    overview,
    passages,
    pictures,
    previews,
    revisions,
    senders,
    series,
    starting,
    ways,
)
from groundswell.office.mailings.rights import WRITING


class _Menu(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        """For those who write, approve or send."""
        user: Any = request.user
        return any(user.has_perm(right) for right in WRITING)


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    """Behind the staff door, where Wagtail asks who it is. The fixed names come first: no mailing is called so."""
    one = "mailings/<slug:slug>/"
    return [
        path("mailings/", overview.index, name="mailings"),
        path("mailings/new/", starting.new, name="mailing-new"),
        path("mailings/paste/", starting.paste, name="mailing-paste"),
        path("mailings/senders/", senders.index, name="mailing-senders"),
        path("mailings/senders/<slug:slug>/", senders.index, name="mailing-sender"),
        path("mailings/series/", series.index, name="mailing-series"),
        path("mailings/series/step/", series.edit, name="mailing-step-new"),
        path("mailings/series/<slug:series>/<int:position>/", series.edit, name="mailing-step"),
        path("mailings/series/<slug:series>/<int:position>/remove/", series.remove, name="mailing-step-remove"),
        path(one, overview.show, name="mailing"),
        path(one + "pulse/", overview.pulse, name="mailing-pulse"),
        path(one + "do/", life.act, name="mailing-do"),
        path(one + "write/", composer.write, name="mailing-write"),
        path(one + "pictures/", pictures.index, name="mailing-pictures"),
        path(one + "passages/", passages.index, name="mailing-passages"),
        path(one + "revisions/", revisions.index, name="mailing-revisions"),
        path(one + "revisions/<int:number>/", revisions.show, name="mailing-revision"),
        path(one + "ways/", ways.index, name="mailing-ways"),
        path(one + "as/<slug:reader>/", previews.side_by_side, name="mailing-previews"),
        path(one + "as/<slug:reader>/letter/", previews.letter, name="mailing-preview"),
    ]


@hooks.register("register_admin_menu_item")
def menu() -> MenuItem:
    """In the menu."""
    return _Menu("Mailings", reverse("mailings"), icon_name="mail", order=200)


@hooks.register("register_permissions")
def rights() -> Any:
    """What a group of staff can be given: writing, approving, sending."""
    names = [right.partition(".")[2] for right in WRITING]
    return Permission.objects.filter(content_type__app_label="mailings", codename__in=names)
