"""A person's answer, passed on to the sender's own mailbox: our From, their Reply-To, their mail attached as it came.

Queued in the database with the deed, handed to the relay by the worker: a relay that is down loses nothing. Loops are
cut four ways: the mail says it was made by a program and that we passed it on, it is never sent to an address whose mail
comes in here, automatic mail is not forwarded at all, and bounces of it go to an address that answers nobody.
"""

import base64
import smtplib
import ssl
from datetime import datetime, timedelta
from email.utils import format_datetime

from django.conf import settings
from django.db import transaction

from groundswell.engine.mime import header_text, mailbox
from groundswell.engine.sign import Signer
from groundswell.engine.transports.smtp import Relay
from groundswell.inbox import house
from groundswell.inbox.models import Forward, Incoming, State
from groundswell.inbox.spool import Piece, opened
from groundswell.inbox.understanding import LOOP
from groundswell.letterbox.mime import take_apart
from groundswell.letterbox.prose import notification
from groundswell.post import returns
from groundswell.post.wiring import signer_for

FORWARDS_A_DAY = 1000
GIVE_UP = timedelta(days=4)
_SECONDS = 60
RETURNS_TO = "forwarded"
"""Local part of the envelope sender: what comes back to it is kept for a person, and forwarded to nobody."""


def queue(row: Incoming, piece: Piece, writer: str, sent: returns.Sent | None, now: datetime) -> str:
    """Queue the answer for the sender's mailbox; returns why not, or empty. In the caller's transaction."""
    sender = (sent.from_address, sent.reply_to, sent.sender_name) if sent else returns.newest_sender()
    if sender is None:
        return "an answer, and no sender to forward it to"
    from_address, reply_to, name = sender
    target = settings.GROUNDSWELL.answers_to or reply_to
    if not target or house.is_ours(target):
        return "the sender's mailbox leads back here; name another with GROUNDSWELL_ANSWERS_TO"
    if writer.lower() in (target.lower(), from_address.lower()):
        return "written by the sender's own mailbox"
    if Forward.objects.filter(queued_at__gt=now - timedelta(days=1)).count() >= FORWARDS_A_DAY:
        return "too many answers today to forward"
    message = compose(piece, writer=writer, target=target, from_address=from_address, name=name, mark=row.key, now=now)
    envelope_from = f"{RETURNS_TO}@{settings.GROUNDSWELL.bounce_domain}"
    sealed = house.seal(Piece("mail", piece.way, message, envelope_to=target, envelope_from=envelope_from))
    Forward.objects.get_or_create(incoming=row, defaults={"sealed": sealed, "queued_at": now, "due_at": now})
    return ""


def compose(
    piece: Piece, *, writer: str, target: str, from_address: str, name: str, mark: str, now: datetime
) -> bytes:  # fmt: skip
    """The message to the sender's mailbox, DKIM-signed where the domain has a key; 8-bit only inside what came."""
    mail = take_apart(piece.content)
    subject = mail.headers.text("subject") or "An answer to our letter"
    text, _ = notification(mail)
    words = f"{writer} answered a letter of yours. A reply to this mail goes to them; their mail is attached as it came.\n\n"
    boundary = f"=_{mark[:40]}"
    domain = from_address.rpartition("@")[2]
    headers = [
        ("From", mailbox(f"{name} (an answer)" if name else "An answer", from_address)),
        ("To", f"<{target}>"), ("Reply-To", f"<{writer}>"), ("Subject", header_text(subject[:400])),
        ("Date", format_datetime(now)), ("Message-ID", f"<answer.{mark[:40]}@{domain}>"), ("MIME-Version", "1.0"),
        ("Auto-Submitted", "auto-generated"), ("X-Loop", target), (LOOP, "yes"),
        ("Content-Type", f'multipart/mixed; boundary="{boundary}"'),
    ]  # fmt: skip
    body = b"".join(
        (
            f'--{boundary}\r\nContent-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: base64\r\n\r\n'.encode(),
            base64.encodebytes((words + text[:100_000]).encode("utf-8", "replace")).replace(b"\n", b"\r\n"),
            f"\r\n--{boundary}\r\n".encode(), _attached(piece.content), f"\r\n--{boundary}--\r\n".encode(),
        )
    )  # fmt: skip
    signer: Signer | None = signer_for(domain)
    signature = signer.header(headers, relaxed_body(body)) if signer else ""
    return (signature + "".join(f"{key}: {value}\r\n" for key, value in headers) + "\r\n").encode("utf-8", "replace") + body


def relaxed_body(body: bytes) -> bytes:
    """RFC 6376 3.4.4: runs of white space become one space, none at a line's end, no empty lines at the end."""
    lines = [b" ".join(line.replace(b"\t", b" ").split(b" ")).rstrip(b" ") for line in body.split(b"\r\n")]
    squeezed = [b" ".join(part for part in line.split(b" ") if part) for line in lines]
    kept = [(b" " if raw[:1] == b" " and line else b"") + line for raw, line in zip(lines, squeezed, strict=True)]
    while kept and not kept[-1]:
        kept.pop()
    return b"".join(line + b"\r\n" for line in kept)


def send_due(*, now: datetime) -> int:
    """Hand over what waits; returns how many the relay took. One at a time, each in its own transaction."""
    taken = 0
    due = Forward.objects.filter(sent_at=None, failed="", due_at__lte=now).order_by("due_at").values_list("pk", flat=True)
    for pk in list(due[:100]):
        taken += _send(pk, now)
    return taken


def _send(pk: int, now: datetime) -> bool:
    with transaction.atomic():
        row = Forward.objects.select_for_update(skip_locked=True).filter(pk=pk, sent_at=None, failed="").first()
        if row is None or row.sealed is None:
            return False
        piece = opened(house.private_keys(), bytes(row.sealed))
        row.attempts += 1
        try:
            hand_over(piece)
        except smtplib.SMTPResponseException as error:
            _not_taken(row, now, f"{error.smtp_code}", for_good=500 <= error.smtp_code < 600)
        except smtplib.SMTPRecipientsRefused as refused:
            codes = [code for code, _ in refused.recipients.values()]
            _not_taken(row, now, f"{codes[0]}" if codes else "refused", for_good=all(code >= 500 for code in codes))
        except (OSError, smtplib.SMTPException) as error:
            _not_taken(row, now, type(error).__name__, for_good=False)
        else:
            row.sent_at, row.sealed = now, None
            row.save()
            return True
    return False


def _not_taken(row: Forward, now: datetime, why: str, *, for_good: bool) -> None:
    if not for_good and now - row.queued_at < GIVE_UP:
        row.due_at = now + timedelta(minutes=min(5 * 3 ** min(row.attempts - 1, 6), 720))
        row.save()
        return
    # The sender's mailbox does not take it: then a person reads it in the office.
    Incoming.objects.filter(pk=row.incoming_id).update(
        state=State.KEPT, sealed=row.sealed, outcome=f"an answer that the sender's mailbox did not take ({why})"
    )
    row.failed, row.sealed = why[:120] or "not taken", None
    row.save()


def hand_over(piece: Piece) -> None:
    """One message to the first relay of the settings; whatever smtplib raises."""
    relay = Relay.parse(settings.GROUNDSWELL.smtp.split(",")[0].partition("#")[0])
    context = ssl.create_default_context()
    if relay.security == "tls":
        client: smtplib.SMTP = smtplib.SMTP_SSL(relay.host, relay.port, timeout=_SECONDS, context=context)
    else:
        client = smtplib.SMTP(relay.host, relay.port, timeout=_SECONDS)
    with client:
        if relay.security == "starttls":
            client.starttls(context=context)
        if relay.user:
            client.login(relay.user, relay.password)
        client.ehlo_or_helo_if_needed()
        options = ["BODY=8BITMIME"] if client.has_extn("8bitmime") else []
        client.sendmail(piece.envelope_from, [piece.envelope_to], piece.content, mail_options=options)


def _attached(original: bytes) -> bytes:
    lines = original.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    if b"\x00" not in original and max(len(line) for line in lines) <= 998:
        head = b'Content-Type: message/rfc822\r\nContent-Disposition: attachment; filename="answer.eml"\r\n'
        return head + b"Content-Transfer-Encoding: 8bit\r\n\r\n" + b"\r\n".join(lines)
    head = b'Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="answer.eml"\r\n'
    return head + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(original).replace(b"\n", b"\r\n")
