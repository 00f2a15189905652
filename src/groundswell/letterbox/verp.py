"""Which delivery row a mail is about: signed tokens in addresses we made (MAIL.md 22; purposes of `basics.tokens`).

The envelope is asked first, then the headers in which receivers repeat it, then the letter that came back. A token
can't be forged, but a letter can be forwarded: only the first two prove that the mail answers our own letter.
"""

import re

from groundswell.basics.ids import DeliveryId
from groundswell.basics.tokens import TokenKeys, open_delivery
from groundswell.letterbox.mime import Headers

_REPEATED = ("x-envelope-to", "envelope-to", "x-original-to", "delivered-to", "x-forwarded-to", "x-rcpt-to", "to", "cc")
_TOKEN = re.compile(r"(?<![a-z2-7])[a-z2-7]{40}(?![a-z2-7])", re.IGNORECASE)
_CARRIERS = ("return-path", "list-unsubscribe", "message-id", "x-envelope-from", "errors-to", "sender", "references")
_MOST_TRIES = 12


def our_addresses(headers: Headers, envelope_to: str | None) -> list[str]:
    """The addresses this mail was sent to, the envelope's first."""
    found = [envelope_to] if envelope_to else []
    for name in _REPEATED:
        found.extend(value for value in headers.every(name)[:5])
    return found


def token_for(prefix: str, places: list[str]) -> str | None:
    """The token behind `prefix+` in the first of `places` that has one; any letter case."""
    mark = f"{prefix.lower()}+"
    for place in places:
        low = place[:4000].lower()
        at = low.find(mark)
        while at >= 0:
            token = low[at + len(mark) : at + len(mark) + 40]
            if _TOKEN.fullmatch(token) and (at == 0 or low[at - 1] in "<\"' ,;:("):
                return token
            at = low.find(mark, at + 1)
    return None


def delivery_of(keys: TokenKeys | None, purpose: str, token: str | None) -> DeliveryId | None:
    """The row, where the token is ours and of this purpose."""
    return open_delivery(keys, purpose, token) if keys and token else None


def in_original(keys: TokenKeys | None, originals: list[Headers]) -> DeliveryId | None:
    """The row that the returned letter names in its own headers (Return-Path, List-Unsubscribe, Message-ID)."""
    if keys is None:
        return None
    tries = 0
    for headers in originals[:3]:
        for name in _CARRIERS:
            for token in _TOKEN.findall(headers.get(name)[:2000]):
                tries += 1
                if tries > _MOST_TRIES:
                    return None
                for purpose in ("bounce", "unsubscribe", "message"):
                    row = open_delivery(keys, purpose, token)
                    if row is not None:
                        return row
    return None
