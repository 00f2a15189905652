"""Svix's webhook signature (docs.svix.com/receiving/verifying-payloads/how-manual): HMAC-SHA-256 over id, time and body."""

import base64
import binascii
import hmac
import time
from typing import Any

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.webhooks.base import AnymailCoreWebhookView
from django.http import HttpRequest

SECONDS = 300
"""How far a report's time may be from ours: an old one that was overheard is not taken again."""


def signature(secret: str, message_id: str, timestamp: str, body: bytes) -> bytes:
    """The signature, raw. `secret` as the provider shows it: `whsec_` and base64."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return hmac.digest(key, f"{message_id}.{timestamp}.".encode() + body, "sha256")


class SignedBySvix(AnymailCoreWebhookView):  # type: ignore[misc]
    """Checks the signature, where a secret is set."""

    svix_secret: str = ""

    def __init__(self, **kwargs: Any) -> None:
        self.svix_secret = kwargs.pop("svix_secret", "")
        self.warn_if_no_basic_auth = False
        super().__init__(signing_secret=None, **kwargs)

    def validate_request(self, request: HttpRequest) -> None:
        """Refuse what is not signed, badly signed, or old."""
        if not self.svix_secret:
            return
        headers = request.headers
        message_id, timestamp = headers.get("svix-id", ""), headers.get("svix-timestamp", "")
        expected = signature(self.svix_secret, message_id, timestamp, request.body)
        given = [part.partition(",")[2] for part in headers.get("svix-signature", "").split() if part.startswith("v1,")]
        fresh = timestamp.isdigit() and abs(time.time() - int(timestamp)) <= SECONDS
        if not fresh or not any(hmac.compare_digest(expected, _decoded(each)) for each in given):
            raise AnymailWebhookValidationFailure("Resend webhook called with a wrong, old or missing signature")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
