"""The one public page that needs the vault: a person's own data, behind the public door, in the office's process."""

from datetime import UTC, datetime

from django.conf import settings
from django.db.utils import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from groundswell.actions.own import shares_of
from groundswell.basics.clock import day_number
from groundswell.basics.tokens import open_delivery, open_link
from groundswell.pages.shell import style
from groundswell.pages.theming import read_theme
from groundswell.people.own_data import own_data
from groundswell.post import queries as post
from groundswell.post.readers import action_of, kind_of

OPENS_FOR_DAYS = 1
_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


@require_safe
@never_cache
def open_own_data(request: HttpRequest) -> HttpResponse:
    """`/m/open?t=…`: what we hold of whoever got this link by mail a day ago at most; `&as=json` to take it away."""
    link = open_link(settings.GROUNDSWELL.key_folder.tokens, request.GET.get("t", ""))
    if link is None or day_number(datetime.now(UTC)) - link.day > OPENS_FOR_DAYS:
        return _page(request, "pages/own_data_gone.html", {}, 410)
    try:
        person = post.person_of(link.delivery)
        kind = kind_of(link.delivery)
        data = own_data(person) if person is not None and kind == "own-data" else None
        if data is None:
            return _page(request, "pages/own_data_gone.html", {}, 410)
    except (OperationalError, InterfaceError):
        return _page(request, "pages/own_data_later.html", {}, 503)
    if request.GET.get("as") == "json":
        answer = JsonResponse(data.held, json_dumps_params={"ensure_ascii": False, "indent": 1})
        answer["Content-Disposition"] = 'attachment; filename="my-data.json"'
        return answer
    return _page(request, "pages/own_data.html", {"data": data, "held": data.held, "token": request.GET["t"]}, 200)


@require_safe
@never_cache
def open_shares(request: HttpRequest, token: str) -> HttpResponse:
    """`/m/TOKEN/shares`: how many signed by the link of whoever got this thank-you letter, and the link to pass on again.

    Only from a thank-you letter: any other may have been passed on, and must not tell that its first reader signed.
    """
    keys = settings.GROUNDSWELL.key_folder.tokens
    delivery = open_delivery(keys, "unsubscribe", token) or open_delivery(keys, "mine", token)
    try:
        person = post.person_of(delivery) if delivery is not None and kind_of(delivery) == "thanks" else None
        petition = action_of(delivery) if delivery is not None and person is not None else None
        shares = shares_of(person, petition) if person is not None and petition is not None else None
    except (OperationalError, InterfaceError):
        return _page(request, "pages/own_data_later.html", {}, 503)
    return _page(request, "pages/own_shares.html", {"shares": shares}, 200 if shares else 404)


def _page(request: HttpRequest, template: str, context: dict[str, object], status: int) -> HttpResponse:
    name, _ = style(read_theme(settings.GROUNDSWELL.data / "theme").css)
    answer = render(request, template, {**context, "style": name}, status=status)
    answer["Content-Security-Policy"] = _POLICY
    answer["Referrer-Policy"] = "no-referrer"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer
