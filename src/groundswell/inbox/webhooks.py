"""Where mail providers report. What they say goes into the spool like any mail: acknowledged when the disk has it.

POST only, proven by signature or password (see `providers`), exempt from CSRF because no browser ever comes here.
"""

import json
import logging
import warnings
from typing import Any

from anymail.exceptions import AnymailInsecureWebhookWarning, AnymailNotSupportedWarning, AnymailWebhookValidationFailure
from anymail.signals import inbound, tracking
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt

from groundswell.inbox import house, provider_events, providers
from groundswell.inbox.spool import Piece

_LOG = logging.getLogger(__name__)
for _category in (AnymailNotSupportedWarning, AnymailInsecureWebhookWarning):  # each report is proven, one way or the other
    warnings.filterwarnings("ignore", category=_category)


@csrf_exempt
def take(request: HttpRequest, secret: str, name: str, what: str) -> HttpResponse:
    """One report of a provider. 404 for a wrong address, 403 unproven, 400 unreadable, 503 where the disk refuses."""
    view = providers.view_of(name, what) if constant_time_compare(secret, providers.path_secret()) else None
    if view is None:
        return HttpResponse(status=404)
    view.setup(request)
    try:
        answer: HttpResponse = view.dispatch(request)
    except AnymailWebhookValidationFailure:
        _LOG.warning("a report from %s was refused: wrong or missing signature or password", name)
        return HttpResponse(status=403)
    except OSError as error:
        _LOG.error("a report from %s could not be kept: %s", name, type(error).__name__)
        return HttpResponse(status=503)
    except Exception as error:  # noqa: BLE001 (its text may repeat an address; the provider tries again)
        _LOG.warning("a report from %s could not be read: %s", name, type(error).__name__)
        return HttpResponse(status=400)
    return answer


@receiver(tracking, dispatch_uid="groundswell.inbox")
def report(sender: Any, event: Any, esp_name: str, **_: Any) -> None:
    """A provider's word on one letter."""
    if event.event_type not in provider_events.TOLD:
        return
    raw = event.esp_event
    content = provider_events.pack(esp=esp_name, event=event, body=json.dumps(raw, default=str))
    once = f"{esp_name}|{event.event_id}|{event.event_type}|{event.recipient}" if event.event_id else ""
    house.spool().keep(Piece("event", "webhook", content, once=once))


@receiver(inbound, dispatch_uid="groundswell.inbox")
def mail(sender: Any, event: Any, esp_name: str, **_: Any) -> None:
    """A mail that a provider took in for us."""
    message = event.message
    if message is None:
        return
    piece = Piece(
        "mail",
        "webhook",
        message.as_bytes(),
        envelope_to=message.envelope_recipient or "",
        envelope_from=message.envelope_sender or "",
    )
    house.spool().keep(piece)
