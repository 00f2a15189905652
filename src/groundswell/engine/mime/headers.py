"""Header values: free text (RFC 2047), mailboxes (RFC 5322 3.4), folding. Nothing here can end a line by itself.

Every fold stands for one space of the unfolded value, so the relaxed canonical form is known without parsing.
"""

import base64
import re

_PREFERRED = 76
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_PLAIN = re.compile(r"[!-~]{1,70}(?: [!-~]{1,70})*")
_BREAKS = re.compile(r"(?:\r\n|[\x00-\x1f\x7f\x80-\x9f\u2028\u2029])")
_BIDI = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_Q_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")


def flat(value: str) -> str:
    """One line: line breaks and other control characters become spaces; marks that turn the text round are dropped."""
    if value.isprintable():
        return value
    return _BIDI.sub("", _BREAKS.sub(" ", value))


def header_text(value: str, *, used: int = 9) -> str:
    """Free text for a header, folded. `used` counts the characters before it on its first line (`Subject: ` has 9)."""
    value = flat(value)
    if "=?" not in value and (not value or _PLAIN.fullmatch(value)):
        return fold(value, used=used)
    return "\r\n ".join(encoded_words(value, used=used))


def mailbox(name: str, address: str, *, used: int = 6) -> str:
    """`Name <address>` with the name quoted or encoded as it needs (RFC 5322 3.4, RFC 2047 5)."""
    name = " ".join(flat(name).split())
    if not name:
        return address
    if "=?" in name or not _PLAIN.fullmatch(name):
        phrase = "\r\n ".join(encoded_words(name, used=used))
    elif _ATOM.fullmatch(name):
        phrase = fold(name, used=used)
    else:
        phrase = fold('"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"', used=used)
    return f"{phrase}\r\n <{address}>" if len(phrase) + len(address) + used > _PREFERRED else f"{phrase} <{address}>"


def fold(value: str, *, used: int = 9) -> str:
    """ASCII text folded at spaces (RFC 5322 2.2.3); a word longer than a line stays whole."""
    lines: list[str] = []
    current, left = "", _PREFERRED - used
    for word in value.split(" "):
        if current and len(current) + 1 + len(word) > left:
            lines.append(current)
            current, left = word, _PREFERRED - 1
        else:
            current = f"{current} {word}" if current else word
    return "\r\n ".join([*lines, current])


def encoded_words(value: str, *, used: int) -> list[str]:
    """Encoded words of at most 75 characters, each whole in itself (RFC 2047 2), in the shorter of both encodings."""
    raw = value.encode("utf-8", "replace")
    as_q = sum(1 if byte in _Q_SAFE or byte == 0x20 else 3 for byte in raw) <= len(raw) * 4 / 3
    words: list[str] = []
    current = b""
    left = _PREFERRED - 1 - max(used - 1, 1) - 12
    for character in value:
        grown = current + character.encode("utf-8", "replace")
        if current and len(_spelled(grown, as_q)) > left:
            words.append(current.decode())
            grown, left = grown[len(current) :], 75 - 12
        current = grown
    return [f"=?utf-8?{'q' if as_q else 'b'}?{_spelled(word.encode(), as_q)}?=" for word in [*words, current.decode()]]


def _spelled(raw: bytes, as_q: bool) -> str:
    if not as_q:
        return base64.b64encode(raw).decode()
    return "".join(chr(byte) if byte in _Q_SAFE else "_" if byte == 0x20 else f"={byte:02X}" for byte in raw)
