"""From a letter and one person to signed bytes. Everything constant was encoded once; only slots are filled."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from email.utils import format_datetime
from functools import partial

from groundswell.basics.result import Refused
from groundswell.engine import mime
from groundswell.engine.message import Letter, Recipient
from groundswell.engine.pieces import Slot, filled
from groundswell.engine.render.body import Body
from groundswell.engine.render.head import write_head
from groundswell.engine.render.values import constant_of, escaped, value_of
from groundswell.engine.sign import Signer, aligned
from groundswell.engine.sign.dkim import Seal

_sha256, _quoted, _address = hashlib.sha256, mime.quoted_value, mime.quoted_address


class Prepared:
    """A letter ready for many: `render` gives the bytes of one, complete and signed. Not for two threads at once."""

    def __init__(self, letter: Letter, signers: Signer | Sequence[Signer] | None = (), *, campaign: str = "") -> None:
        self.letter = letter
        self.signers: Sequence[Signer] = (signers,) if isinstance(signers, Signer) else tuple(signers or ())
        _refuse_unaligned(letter, self.signers)
        boundary = f"=_{_sha256(repr((letter.html, letter.text)).encode()).hexdigest()[:32]}"
        self._body = Body(letter, boundary)
        self._head = write_head(letter, boundary=boundary, campaign=campaign or str(letter.action.id), subject_of=self._subject)
        self._seals = [signer.seal(self._head.names, self._head.canonical) for signer in self.signers]
        self._spell = [_speller(slot) for slot in self._body.slots]
        self._date: datetime | None = None
        self._dated = ""

    def render(self, recipient: Recipient, *, date: datetime) -> bytes:
        """The complete message (RFC 5322, CRLF) for one person, signed by every signer. Same input, same bytes.

        Holds no line that begins with a dot: it needs no stuffing on the wire (RFC 5321 4.5.2).
        """
        return self.unsealed(recipient, date=date)()

    def unsealed(self, recipient: Recipient, *, date: datetime) -> Callable[[], bytes]:
        """The same up to the signatures: what is returned makes them and gives the message, once, in any thread."""
        if self.letter.local:
            recipient = replace(recipient, fields=self.letter.placed(recipient.fields))
        if date is not self._date:
            self._date, self._dated = date, format_datetime(date)
        body = self._filled(recipient)
        head, canonical = self._head.written(recipient, self._dated)
        parts = [self._head.before, head, self._head.after, b"\r\n", body]
        if not self._seals:
            return partial(b"".join, parts)
        return partial(_sealed, self._seals, canonical, _sha256(body).digest(), parts)

    def _filled(self, recipient: Recipient) -> bytes:
        constants, places = self._body.program(recipient.fields)
        spelled: list[bytes] = []
        for spell in self._spell:
            spelled += spell(recipient)
        out = list(constants)
        at = 1
        for place in places:
            out[at] = spelled[place]
            at += 2
        return b"".join(out)

    def _subject(self, recipient: Recipient) -> str:
        def one(slot: Slot) -> str:
            constant = constant_of(slot, self.letter)
            return value_of(slot, recipient) if constant is None else constant

        return mime.header_text(filled(self.letter.subject, one, recipient.fields))


def _sealed(seals: Sequence[Seal], canonical: bytes, body_hash: bytes, parts: list[bytes]) -> bytes:
    return b"".join([*(seal(canonical, body_hash) for seal in seals), *parts])


def preview(letter: Letter, values: Mapping[str, str]) -> tuple[str, str]:
    """Both bodies as `values` would fill them, HTML first; a field without a value takes its fallback."""
    fields = letter.placed(values)

    def one(slot: Slot) -> str:
        return constant_of(slot, letter) or fields.get(slot.name) or slot.fallback or "#"

    return (
        filled(letter.html, lambda slot: escaped(mime.flat(one(slot))), fields),
        filled(letter.text, lambda slot: mime.flat(one(slot)), fields),
    )


def subject_line(letter: Letter, values: Mapping[str, str]) -> str:
    """The subject as `values` would fill it."""
    return mime.flat(
        filled(letter.subject, lambda slot: constant_of(slot, letter) or values.get(slot.name) or slot.fallback, values)
    )


def _speller(slot: Slot) -> Callable[[Recipient], tuple[bytes, bytes]]:
    """Writes the slot's value for the text part and for the HTML part; for most values both are the same bytes."""
    if slot.name.startswith("link:"):
        position = slot.name[5:]
        return lambda recipient: _same(recipient.links[position])
    if slot.name == "unsubscribe":
        return lambda recipient: _same(recipient.unsubscribe_url)
    return lambda recipient: _both(value_of(slot, recipient))


def _same(address: str) -> tuple[bytes, bytes]:
    spelled = _address(address)
    return (spelled, spelled) if spelled is not None else _both(address)


def _both(value: str) -> tuple[bytes, bytes]:
    as_text = _quoted(value)
    in_html = escaped(value)
    return as_text, as_text if in_html is value else _quoted(in_html)


def _refuse_unaligned(letter: Letter, signers: Sequence[Signer]) -> None:
    domain = letter.sender.from_address.rpartition("@")[2]
    if signers and not aligned(signers, domain):
        raise Refused.because(
            "signer-unaligned",
            "No DKIM key stands for the domain of the sender's address, so DMARC would fail (RFC 9989).",
            "Make one: groundswell dkim new, for the domain after the @ of the sender profile.",
        )
