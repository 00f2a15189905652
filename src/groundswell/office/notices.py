"""Unread notices to staff, on the office's first page; one press marks them read."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.views.decorators.http import require_POST
from wagtail import hooks
from wagtail.admin.auth import require_admin_access
from wagtail.admin.ui.components import Component

from groundswell.staff import notices


class NoticesPanel(Component):
    """What nobody has read yet. Nothing at all where everything was."""

    order = 5

    def render_html(self, parent_context: Any = None) -> str:
        """The panel, with a button that needs no script."""
        unread = notices.unread()
        if not unread or parent_context is None:
            return ""
        request = parent_context["request"]
        lines = format_html_join(
            "",
            "<li><h3>{}</h3><p>{}{}</p></li>",
            ((_link(each), each.words, f" ({each.times} times)" if each.times > 1 else "") for each in unread[:10]),
        )
        more = format_html("<p>And {} more.</p>", len(unread) - 10) if len(unread) > 10 else ""
        return format_html(
            '<section class="w-panel" aria-labelledby="notices"><h2 class="w-panel__heading" id="notices">Please note</h2>'
            '<ul>{}</ul>{}<form method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
            '<button class="button button-small" type="submit">We have read these</button></form></section>',
            lines,
            more,
            reverse("notices-read"),
            get_token(request),
        )


def _link(notice: notices.NoticeView) -> str:
    return format_html('<a href="{}">{}</a>', notice.link, notice.subject) if notice.link else notice.subject


@require_POST
@require_admin_access
def read(request: HttpRequest) -> HttpResponse:
    """Everything that is there now was read by whoever pressed."""
    notices.mark_all_read(staff_id=int(request.user.pk or 0), now=datetime.now(UTC))
    return redirect("wagtailadmin_home")


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    """Where the button leads."""
    return [path("notices/read/", read, name="notices-read")]


@hooks.register("construct_homepage_panels")
def show_notices(request: HttpRequest, panels: list[Any]) -> None:
    """Before everything else."""
    panels.insert(0, NoticesPanel())
