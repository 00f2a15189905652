"""The mailbox page of demo and development: what arrived, as a mail program would show it."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from groundswell.inbox.mailbox import Mailbox


def _mailbox() -> Mailbox:
    if not settings.GROUNDSWELL.is_local:
        raise Http404
    return Mailbox(settings.GROUNDSWELL.mailbox_folder)


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """The newest letters, and how many there are."""
    mailbox = _mailbox()
    names = mailbox.names()
    letters = [letter for name in names[:100] if (letter := mailbox.read(name))]
    return render(request, "office/mailbox.html", {"letters": letters, "total": len(names)})


@require_safe
def letter(request: HttpRequest, name: str) -> HttpResponse:
    """One letter: headers, HTML in a frame without rights, text beside it."""
    found = _mailbox().read(name)
    if found is None:
        raise Http404
    return render(request, "office/letter.html", {"letter": found})


@require_safe
@xframe_options_sameorigin
def letter_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part alone."""
    found = _mailbox().read(name)
    if found is None:
        raise Http404
    response = HttpResponse(found.html)
    response["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-top-navigation-by-user-activation allow-popups"
    )
    return response
