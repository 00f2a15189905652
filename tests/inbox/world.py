"""What the inbox's tests share: people, a letter that went to them, and mails as real servers write them."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings

from groundswell.basics.boxes import public_half
from groundswell.basics.ids import DeliveryId, LetterId, PersonRef
from groundswell.basics.tokens import seal_delivery
from groundswell.engine.compile import compile_appeal
from groundswell.inbox.models import Incoming
from groundswell.inbox.operations.apply import apply_due
from groundswell.inbox.operations.take import take
from groundswell.inbox.spool import Piece, Spool
from groundswell.post import operations as post
from groundswell.post.models import Delivery, State
from tests.engine.test_letter import ACTION, APPEAL, SENDER, SOURCES
from tests.people.test_people import supporter


def keys() -> "object":
    return settings.GROUNDSWELL.key_folder.tokens


def spool_in(folder: Path) -> Spool:
    ring = settings.GROUNDSWELL.key_folder.ring("intake")
    return Spool(folder, public_key=public_half(ring.current_key), key_id=ring.current)


FIRST = LetterId(0)


@dataclass
class World:
    """A letter, and who got it."""

    now: datetime
    folder: Path
    letter_id: LetterId = FIRST
    people: dict[str, PersonRef] = field(default_factory=dict)
    rows: dict[str, DeliveryId] = field(default_factory=dict)

    def send_to(self, *addresses: str, state: State = State.ACCEPTED, key: str = "mailing:x", kind: str = "mailing") -> "World":
        letter = compile_appeal(APPEAL, sender=SENDER, sources=SOURCES, action=ACTION).letter
        assert letter is not None
        self.letter_id = post.lodge(key=key, letter=letter, kind=kind, action=None, now=self.now)
        for address in addresses:
            self.people.setdefault(address, supporter(self.now, address))
            post.address(letter_id=self.letter_id, persons=[(self.people[address], "")], now=self.now)
            row = Delivery.objects.get(letter_id=self.letter_id, person_id=self.people[address])
            Delivery.objects.filter(pk=row.pk).update(state=state)
            self.rows[address] = DeliveryId(row.pk)
        return self

    def bounce_address(self, address: str) -> str:
        return f"b+{seal_delivery(keys(), 'bounce', self.rows[address])}@{settings.GROUNDSWELL.bounce_domain}"

    def goodbye_address(self, address: str) -> str:
        return f"u+{seal_delivery(keys(), 'unsubscribe', self.rows[address])}@{settings.GROUNDSWELL.bounce_domain}"

    def message_id(self, address: str) -> str:
        return f"<{seal_delivery(keys(), 'message', self.rows[address])}@news.example.org>"

    def state(self, address: str) -> str:
        return State(Delivery.objects.get(pk=self.rows[address]).state).label

    def comes_in(self, content: bytes | str, to: str = "", *, now: datetime | None = None) -> Incoming:
        """Through the spool, taken and applied; gives back its row."""
        raw = content.encode() if isinstance(content, str) else content
        piece = Piece("mail", "smtp", raw.replace(b"\n", b"\r\n"), envelope_to=to)
        spool_in(self.folder).keep(piece)
        take(folder=self.folder, now=now or self.now)
        apply_due(now=now or self.now)
        return Incoming.objects.get(key=piece.key)


def dsn(to: str, recipient: str, status: str, diagnostic: str, action: str = "failed") -> str:
    """A delivery status notification as Postfix writes it (RFC 3464)."""
    return f"""From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {to}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="A1B2C3.1700000000/mx.example.net"
Message-Id: <20261124090000.A1B2C3@mx.example.net>

This is a MIME-encapsulated message.

--A1B2C3.1700000000/mx.example.net
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.net.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

                   The mail system

<{recipient}>: host mx.example.net[192.0.2.1] said: {diagnostic} (in reply to RCPT TO command)

--A1B2C3.1700000000/mx.example.net
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
X-Postfix-Queue-ID: A1B2C3
Arrival-Date: Tue, 24 Nov 2026 09:00:00 +0000 (UTC)

Final-Recipient: rfc822; {recipient}
Original-Recipient: rfc822;{recipient}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.example.net
Diagnostic-Code: smtp; {diagnostic}

--A1B2C3.1700000000/mx.example.net--
"""


DEAD = ("5.1.1", "550 5.1.1 <{}>: Recipient address rejected: User unknown in virtual mailbox table")
FULL = ("5.2.2", "552 5.2.2 <{}>: Mailbox full, quota exceeded")
SPAM = ("5.7.1", "554 5.7.1 Message rejected as spam by content scanner")


def dead(world: World, address: str) -> Incoming:
    to = world.bounce_address(address)
    return world.comes_in(dsn(to, address, DEAD[0], DEAD[1].format(address)), to)


def complaint(to: str, recipient: str, original: str = "") -> str:
    """A feedback report as a provider sends it (RFC 5965)."""
    return f"""From: <fbl@provider.example>
To: <{to}>
Subject: FW: a letter
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="part"

--part
Content-Type: text/plain; charset="US-ASCII"

This is an email abuse report for an email message received from IP 192.0.2.9.

--part
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: SomeGenerator/1.0
Version: 1
Original-Mail-From: <{to}>
Original-Rcpt-To: <{recipient}>
Source-IP: 192.0.2.9

--part
Content-Type: message/rfc822

{original or "From: <lucia@news.example.org>"}
Subject: A letter

Hello
--part--
"""


def holiday(to: str, writer: str) -> str:
    return f"""From: {writer}
To: {to}
Subject: Automatic reply: A letter
Auto-Submitted: auto-replied
X-Auto-Response-Suppress: All

I am out of the office until Monday.
"""


def answer(to: str, writer: str, message_id: str, text: str = "Thank you, I wrote to them as well.") -> str:
    return f"""From: "A Reader" <{writer}>
To: {to}
Subject: Re: A letter
In-Reply-To: {message_id}
References: {message_id}
Message-ID: <answer-1@reader.example>
Content-Type: text/plain; charset=utf-8

{text}

> the letter
"""
