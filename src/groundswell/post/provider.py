"""A provider's API instead of a relay, through django-anymail: for hosts that let no SMTP out."""

import asyncio
import email
import email.policy
from email.message import EmailMessage
from typing import Any

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from django.core.mail import EmailMultiAlternatives

from groundswell.engine.outcome import Reply, judge
from groundswell.engine.transports.base import Envelope, Halt, Supply

_OURS = frozenset({"from", "to", "subject", "mime-version", "content-type", "reply-to", "dkim-signature", "date"})
"""Headers that the API takes as fields of its own, or the provider writes itself (it signs with its own key)."""


class AnymailTransport:
    """Hands letters to a django-anymail backend, a few at a time. A request whose answer is lost is `uncertain`."""

    def __init__(self, backend: Any, *, at_once: int = 4) -> None:
        self._backend, self._at_once = backend, at_once

    async def send(self, supply: Supply) -> None:
        """Hand over what the supply has."""
        async with asyncio.TaskGroup() as group:
            for _ in range(self._at_once):
                group.create_task(self._work(supply))

    async def close(self) -> None:
        """End the session."""
        await asyncio.to_thread(self._backend.close)

    async def _work(self, supply: Supply) -> None:
        while await supply.more():
            envelope = supply.take()
            if envelope is None:
                continue
            try:
                supply.begun(envelope.delivery)
            except Halt:
                supply.give_back(envelope)
                return
            supply.answered(await asyncio.to_thread(self._one, envelope))

    def _one(self, envelope: Envelope) -> Reply:
        message = as_django(envelope)
        try:
            self._backend.send_messages([message])
        except AnymailRecipientsRefused:
            return Reply(envelope.delivery, "refused", 550, "the provider refused the recipient")
        except AnymailAPIError as error:
            code = error.status_code
            if code is None:
                return Reply(envelope.delivery, "uncertain", 0, "the provider's answer was lost")
            return judge(envelope.delivery, 451 if code in (408, 429) or code >= 500 else 550, f"the provider answered {code}")
        except AnymailError as error:
            return Reply(envelope.delivery, "refused", 554, type(error).__name__)
        status = getattr(message, "anymail_status", None)
        known = set(getattr(status, "status", None) or {"queued"})
        if known <= {"sent", "queued", "unknown"}:
            return Reply(envelope.delivery, "accepted", 250, str(getattr(status, "message_id", "") or "")[:100])
        return Reply(envelope.delivery, "refused", 550, f"the provider said {', '.join(sorted(map(str, known)))}")


def as_django(envelope: Envelope) -> EmailMultiAlternatives:
    """The letter as Django's message: the same text, HTML, pictures and list headers."""
    read = email.message_from_bytes(envelope.data, policy=email.policy.default)
    text, page = read.get_body(("plain",)), read.get_body(("html",))
    message = EmailMultiAlternatives(
        subject=str(read["subject"]), body=str(text.get_content()) if isinstance(text, EmailMessage) else "",
        from_email=str(read["from"]), to=[envelope.rcpt_to], reply_to=[str(read["reply-to"])],
        headers={name: str(value) for name, value in read.items() if name.lower() not in _OURS},
    )  # fmt: skip
    if isinstance(page, EmailMessage):
        message.attach_alternative(str(page.get_content()), "text/html")
    message.envelope_sender = envelope.mail_from  # type: ignore[attr-defined] # anymail's name for the Return-Path
    return message
