"""Signed, opaque tokens: what a link, a Return-Path and an unsubscribe address carry instead of an address.

A token is `key id (1 byte) | AES-256-SIV(payload)` in URL-safe text. SIV (RFC 5297) is deterministic, so the same
delivery gets the same token and the same Message-ID on a second try; it hides what it carries and cannot be forged.
The purpose is authenticated: an unsubscribe token opens no page, a link token unsubscribes nobody.
"""

import base64
import binascii
import re
import struct
from binascii import b2a_base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from groundswell.basics.ids import ActionId, DeliveryId

KEY_BYTES = 64
"""AES-256-SIV takes two 256-bit keys as one string."""


class TokenKeys:
    """The ring of token keys. `current` seals; every key of the ring opens, so that rotation breaks no sent letter."""

    def __init__(self, ring: Mapping[int, bytes], current: int) -> None:
        if current not in ring:
            raise ValueError(f"token key {current} is not in the ring")
        self._ciphers = {key_id: AESSIV(key) for key_id, key in ring.items()}
        self._current = current
        self._prefix, self._sealing = bytes((current,)), self._ciphers[current].encrypt

    def seal(self, purpose: bytes, payload: bytes) -> bytes:
        """`payload`, hidden and signed for `purpose`: 17 bytes longer. Same input, same bytes."""
        return self._prefix + self._sealing(payload, [purpose])

    def open(self, purpose: bytes, sealed: bytes) -> bytes | None:
        """The payload, or None for anything that was not sealed here for this purpose."""
        if len(sealed) < 18:
            return None
        cipher = self._ciphers.get(sealed[0])
        if cipher is None:
            return None
        try:
            return cipher.decrypt(sealed[1:], [purpose])
        except InvalidTag:
            return None


@dataclass(frozen=True, slots=True)
class Link:
    """What the link behind an ask carries. `hint` is the masked person: three letters, enough to say "A… at e…".

    `position` is the ask's place in the letter (`body-1`, `body-2`, `ps`); `day` is `clock.day_number` of issue.
    The hint rides in the token so that the page can greet its reader without a database or a vault.
    """

    delivery: DeliveryId
    action: ActionId
    day: int
    position: str
    hint: str = ""


_LINK = struct.Struct(">QIH")
_BEFORE = "~"
"""Between what stands before a token in clear and the token: in no token, and in no need of quoting in an address or a letter."""
_POSITION = re.compile("[a-z0-9-]{1,16}")
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_DIGITS = b"abcdefghijklmnopqrstuvwxyz234567" + bytes(224)


def seal_link(keys: TokenKeys, link: Link) -> str:
    """The token of a single link, URL-safe, about 60 characters; its position is inside."""
    payload = _LINK.pack(link.delivery, link.action, link.day) + f"{link.position}\x00{link.hint}".encode()
    return base64.urlsafe_b64encode(keys.seal(b"link", payload)).rstrip(b"=").decode()


def seal_links(keys: TokenKeys, delivery: DeliveryId, action: ActionId, day: int, positions: Sequence[str], hint: str) -> list[str]:
    """The tokens of all links of one letter: for mailings of millions, where each is sealed once and not once per link.

    The position stands before the token in clear, so that a link that was cut short opens nothing. Who changes it by hand
    changes where in the letter they seem to have clicked.
    """
    payload = _LINK.pack(delivery, action, day) + b"\x00" + hint.encode()
    sealed = _BEFORE + b2a_base64(keys.seal(b"link", payload), newline=False).translate(_URL_SAFE, b"=").decode()
    return [position + sealed for position in positions]


def open_link(keys: TokenKeys, text: str) -> Link | None:
    """The link's content, or None: a token cut short, changed, foreign or of another purpose says nothing."""
    outside, before, sealed = text.rpartition(_BEFORE)
    payload = keys.open(b"link", _unbase64(sealed))
    if payload is None:
        return None
    delivery, action, day = _LINK.unpack_from(payload)
    inside, _, hint = payload[_LINK.size :].decode().partition("\x00")
    if before and (inside or not _POSITION.fullmatch(outside)):
        return None
    return Link(DeliveryId(delivery), ActionId(action), day, outside or inside, hint)


def seal_delivery(keys: TokenKeys, purpose: str, delivery: DeliveryId) -> str:
    """A delivery row's token for `purpose` (`bounce`, `unsubscribe`, `mine`): 40 characters of lower-case base32.

    Base32 because a local part may come back in another case; 40 characters fit the 64 that RFC 5321 4.5.3.1.1 allows
    with a prefix to spare.
    """
    return seal_deliveries(keys, (purpose.encode(),), delivery)[0]


def seal_deliveries(keys: TokenKeys, purposes: Sequence[bytes], delivery: DeliveryId) -> list[str]:
    """The tokens of a row for several purposes, as `seal_delivery` would write each: for mailings of millions."""
    payload, seal = delivery.to_bytes(8, "big"), keys.seal
    digits = _base32(b"".join([seal(purpose, payload) for purpose in purposes]))
    return [digits[at : at + 40] for at in range(0, len(digits), 40)]


def _base32(raw: bytes) -> str:
    """`raw` (a multiple of five bytes) in lower-case base32. For a letter's three tokens in a third of the time that
    the library's own takes, which is written in Python as well and goes digit by digit.

    All digits at once: the number is halved, and the halves moved apart, until every five bits have a byte of their own.
    """
    number = int.from_bytes(raw, "big")
    width, steps = _apart(len(raw) * 8 // 5)
    for low, high, by in steps:
        number = number & low | (number & high) << by
    return number.to_bytes(width, "big")[width - len(raw) * 8 // 5 :].translate(_DIGITS).decode()


@lru_cache(maxsize=16)
def _apart(digits: int) -> tuple[int, tuple[tuple[int, int, int], ...]]:
    """How many bytes `digits` are worked on in, and for each halving: what stays, what moves up, and by how many bits."""
    width = 1 << (digits - 1).bit_length()
    steps, half = [], width // 2
    while half:
        low = sum(((1 << half * 5) - 1) << lane * half * 16 for lane in range(width // half // 2))
        steps.append((low, low << half * 5, half * 3))
        half //= 2
    return width, tuple(steps)


def open_delivery(keys: TokenKeys, purpose: str, text: str) -> DeliveryId | None:
    """The delivery row that a token of this purpose names, in any letter case; else None."""
    try:
        sealed = base64.b32decode(text.upper() + "=" * (-len(text) % 8))
    except (binascii.Error, ValueError):
        return None
    payload = keys.open(purpose.encode(), sealed)
    if payload is None or len(payload) != 8:
        return None
    return DeliveryId(struct.unpack(">Q", payload)[0])


def seal_page(keys: TokenKeys, key: bytes, until: int) -> str:
    """The token of a target's page: its key (16 bytes) and the second (Unix time) until which it opens."""
    payload = key + struct.pack(">Q", until)
    return base64.urlsafe_b64encode(keys.seal(b"target page", payload)).rstrip(b"=").decode()


def open_page(keys: TokenKeys, text: str) -> tuple[bytes, int] | None:
    """Key and last second of a target's page, or None for anything that was not sealed here as one."""
    payload = keys.open(b"target page", _unbase64(text))
    return None if payload is None or len(payload) != 24 else (payload[:16], struct.unpack(">Q", payload[16:])[0])


def _unbase64(text: str) -> bytes:
    try:
        return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
