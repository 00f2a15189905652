"""The header of a letter: what is the same for all is written and made canonical once, the rest per person."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from groundswell.basics.result import Problem, Refused
from groundswell.engine import mime
from groundswell.engine.message import LIST_KINDS, Letter, Recipient
from groundswell.engine.sign import SIGNED, canonical_value

_ONE_LINE = re.compile(r"[ -~]*")
_ADDRESS = re.compile(r'(?:[^\x00-\x20\x7f<>()\[\]\\,;:@"]+|"[^\x00-\x1f\x7f"\\]*")@[^\x00-\x20\x7f<>()\\,;:@"]+')


@dataclass(frozen=True, slots=True)
class Head:
    """`before` and `after` are constant header lines; `canonical` is theirs, in relaxed form, as far as it is signed.

    `names` are the signed fields in the order of their canonical lines: first the constant ones, then the personal.
    """

    before: bytes
    after: bytes
    canonical: bytes
    names: tuple[str, ...]
    has_list: bool
    subject: Callable[[Recipient], str] | None
    """Writes the subject where it holds a slot; None where it is constant."""

    def written(self, recipient: Recipient, date: str) -> tuple[bytes, bytes]:
        """This person's header lines, and the canonical form of what is signed of them, both complete with CRLF.

        `Refused` where one of them is no single address or word: nothing may end a header line but we.
        """
        to, message_id = recipient.address, recipient.message_id
        url, mail = recipient.unsubscribe_url, recipient.unsubscribe_mail
        if not _ADDRESS.fullmatch(to) or not _ONE_LINE.fullmatch(f"{message_id}{url}{mail}"):
            raise Refused.because("header-broken", "An address or id of this row would break the letter's header.")
        raw = f"Date: {date}\r\nTo: {to}\r\nMessage-ID: {message_id}\r\n"
        canonical = f"date:{date}\r\nto:{to}\r\nmessage-id:{message_id}\r\n"
        if self.has_list:
            raw += f"List-Unsubscribe: <{url}>,\r\n <mailto:{mail}>\r\n"
            canonical += f"list-unsubscribe:<{url}>, <mailto:{mail}>\r\n"
        if self.subject is not None:
            subject = self.subject(recipient)
            raw += f"Subject: {subject}\r\n"
            canonical += "subject:" + subject.replace("\r\n ", " ") + "\r\n"
        # Only an address with a local part beyond ASCII makes this anything but ASCII (RFC 6532).
        return raw.encode(), canonical.encode()


def write_head(letter: Letter, *, boundary: str, campaign: str, subject_of: Callable[[Recipient], str]) -> Head:
    """The head of every copy of this letter."""
    constant_subject = all(isinstance(piece, str) for piece in letter.subject)
    before = _before(letter, boundary)
    if constant_subject:
        before.append(("Subject", mime.header_text("".join(str(piece) for piece in letter.subject))))
    after = _after(letter, campaign)
    has_list = letter.kind in LIST_KINDS
    signed = [(name, value) for name, value in (*before, *after) if name.lower() in SIGNED]
    personal = ["date", "to", "message-id"]
    if has_list:
        personal.append("list-unsubscribe")
    if not constant_subject:
        personal.append("subject")
    return Head(
        before=_lines(before),
        after=_lines(after),
        canonical=b"".join(name.lower().encode() + b":" + canonical_value(value.encode()) + b"\r\n" for name, value in signed),
        names=(*(name for name, _ in signed), *personal),
        has_list=has_list,
        subject=None if constant_subject else subject_of,
    )


def _before(letter: Letter, boundary: str) -> list[tuple[str, str]]:
    sender = letter.sender
    return [
        ("From", mime.mailbox(_speaker(letter), _wire(sender.from_address))),
        ("Reply-To", _wire(sender.reply_to)),
        ("MIME-Version", "1.0"),
        ("Content-Type", f'multipart/alternative;\r\n boundary="{boundary}"'),
    ]


def _speaker(letter: Letter) -> str:
    """Who speaks: one of the organisation, or somebody whose own letter comes by way of it."""
    by_way_of = " via " if letter.kind == "outreach" else ", "
    return f"{letter.sender.name}{by_way_of}{letter.sender.organisation}"


def _after(letter: Letter, campaign: str) -> list[tuple[str, str]]:
    sender = letter.sender
    feedback = mime.feedback_id(campaign, sender.organisation, letter.kind, sender.feedback_id)
    if letter.kind == "outreach":  # a person wrote it, and may be answered (RFC 3834 5)
        return [("Feedback-ID", feedback)]
    if letter.kind not in LIST_KINDS:
        return [
            ("Feedback-ID", feedback),
            ("Auto-Submitted", "auto-generated"),
            ("X-Auto-Response-Suppress", "OOF, AutoReply"),
        ]
    return [
        ("List-ID", mime.list_id(sender.organisation, sender.list_id)),
        ("List-Unsubscribe-Post", mime.POST),
        ("Feedback-ID", feedback),
        ("Precedence", "list"),
    ]


def _wire(address: str) -> str:
    found = mime.on_the_wire(address)
    return address if isinstance(found, Problem) else found.shown


def _lines(headers: Sequence[tuple[str, str]]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in headers).encode()
