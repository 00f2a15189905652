"""Words from a mail, fit to be kept: no address, no number, not even the name before the @. Pure."""

import re

_ADDRESS = re.compile(r"[^\s<>\"'(),;:]{1,64}@[^\s<>\"'(),;:]{1,255}")
_PHONE = re.compile(r"\+\d[\d ().-]{6,18}\d")
_SPACE = re.compile(r"[\x00-\x20\x7f]+")


def scrub(words: str, *addresses: str, most: int = 300) -> str:
    """`words` with every address struck out, and with the local parts of `addresses` where they stand alone."""
    text = _PHONE.sub("[number]", _ADDRESS.sub("[address]", words))
    for address in addresses:
        local = address.rpartition("@")[0]
        if len(local) >= 3:
            text = re.sub(rf"(?<![\w.]){re.escape(local)}(?![\w])", "[address]", text, flags=re.IGNORECASE)
    return _SPACE.sub(" ", text).strip()[:most]
