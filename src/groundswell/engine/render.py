"""From a letter and one person to signed bytes: everything constant is encoded once, only slots are filled."""

import hashlib
import html as escaping
import re
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime

from groundswell.engine.message import CLOSE, OPEN, Letter, Recipient
from groundswell.engine.mime import fold, header_text, mailbox, quoted_printable
from groundswell.engine.sign import Signer

_SLOT = re.compile(f"{OPEN}([^{CLOSE}]*){CLOSE}")
_SOFT = "=\r\n"
_BREAKS = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")


class Prepared:
    """A letter ready for many: `render` gives the bytes of one, complete and signed."""

    def __init__(self, letter: Letter, signer: Signer | None) -> None:
        self.letter = letter
        self._signer = signer
        digest = hashlib.sha256(letter.html.encode() + letter.text.encode()).hexdigest()
        self._boundary = f"=_{digest[:40]}"
        self._text = _pieces(letter.text)
        self._html = _pieces(letter.html)
        self._plain_subject = None if OPEN in letter.subject else header_text(letter.subject)

    def render(self, recipient: Recipient, *, date: datetime) -> bytes:
        """The message for one person: headers, both parts, signature. Same input, same bytes."""
        letter, sender = self.letter, self.letter.sender
        values = self._values(recipient)
        headers: list[tuple[str, str]] = [
            ("Date", format_datetime(date)),
            ("From", mailbox(f"{sender.name}, {sender.organisation}", sender.from_address)),
            ("To", f"<{recipient.address}>"),
            ("Reply-To", f"<{sender.reply_to}>"),
            ("Subject", self._plain_subject or header_text(_filled(letter.subject, values))),
            ("Message-ID", recipient.message_id),
            ("MIME-Version", "1.0"),
            ("Content-Type", f'multipart/alternative;\r\n boundary="{self._boundary}"'),
        ]
        if letter.kind == "mailing":
            headers += [
                ("List-ID", fold(f"{_ascii(sender.organisation)} <{sender.list_id}>")),
                ("List-Unsubscribe", f"<{recipient.unsubscribe_url}>,\r\n <mailto:{recipient.unsubscribe_mail}>"),
                ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
                ("Feedback-ID", f"{letter.action.id}:{letter.language}:mailing:{sender.feedback_id}"),
                ("Precedence", "list"),
            ]
        else:
            headers += [("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "OOF, AutoReply")]
        body = self._body(values)
        head = "".join(f"{name}: {value}\r\n" for name, value in headers)
        signature = self._signer.header(headers, body) if self._signer else ""
        return f"{signature}{head}\r\n".encode() + body

    def _body(self, values: dict[str, str]) -> bytes:
        part = "Content-Type: {}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        return "".join(
            (
                f"--{self._boundary}\r\n", part.format("text/plain"), _joined(self._text, values, _flat), "\r\n",
                f"--{self._boundary}\r\n", part.format("text/html"), _joined(self._html, values, _escaped), "\r\n",
                f"--{self._boundary}--\r\n",
            )
        ).encode()  # fmt: skip

    def _values(self, recipient: Recipient) -> dict[str, str]:
        values = {f"link:{position}": address for position, address in recipient.links.items()}
        values["unsubscribe"] = recipient.unsubscribe_url
        for field, fallback in self.letter.fallbacks.items():
            values[field] = recipient.fields.get(field) or fallback
        return values


def preview(letter: Letter, values: dict[str, str]) -> tuple[str, str]:
    """Both bodies as `values` would fill them, HTML first; a field without a value takes its fallback."""
    full = {**letter.fallbacks, **values}
    html = _SLOT.sub(lambda found: _escaped(full.get(found[1], "#")), letter.html)
    return html, _filled(letter.text, full)


def _pieces(body: str) -> list[tuple[str, str]]:
    """The body as (encoded constant, name of the slot behind it); the last one has no slot."""
    parts = _SLOT.split(body)
    names = [*parts[1::2], ""]
    return [(quoted_printable(constant), name) for constant, name in zip(parts[::2], names, strict=True)]


def _joined(pieces: list[tuple[str, str]], values: dict[str, str], escape: Callable[[str], str]) -> str:
    """Constants and values, each on lines of its own, joined by soft breaks that vanish on decoding."""
    out: list[str] = []
    for constant, name in pieces:
        out.append(constant)
        if name:
            out.append(_SOFT if constant and not constant.endswith("\r\n") else "")
            value = quoted_printable(escape(values.get(name, "")))
            out.append(value + _SOFT if value else "")
    return "".join(out)


def _filled(text: str, values: dict[str, str]) -> str:
    return _SLOT.sub(lambda found: _flat(values.get(found[1], "")), text)


def _flat(value: str) -> str:
    return _BREAKS.sub(" ", value)


def _escaped(value: str) -> str:
    return escaping.escape(_flat(value))


def _ascii(text: str) -> str:
    return " ".join(re.sub(r"[^A-Za-z0-9 .-]+", " ", text).split())
