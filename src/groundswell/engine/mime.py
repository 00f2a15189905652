"""The bytes of a message: header values, and 7-bit quoted-printable that no relay needs to touch after signing.

By construction the body is its own relaxed canonical form (RFC 6376 3.4.4): no runs of white space, none at a line's
end. It also holds no line that begins with a dot or `From `, so that nothing between us and the reader rewrites it.
"""

import base64
import re

_LIMIT = 75
_SAFE = {byte: chr(byte) for byte in range(33, 127) if byte != ord("=")}
_ENCODED = [_SAFE.get(byte, f"={byte:02X}") for byte in range(256)]
_ATOM = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]*")
_BREAKS = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")


def quoted_printable(text: str) -> str:
    """RFC 2045 6.7 of `text` in UTF-8, lines of at most 76 characters with CRLF; ends without a line break of its own.

    Meant to be joined to other pieces by soft line breaks, so it always starts a line.
    """
    return "\r\n".join(_encode_line(line) for line in re.sub(r"\r\n?", "\n", text).split("\n"))


def _encode_line(line: str) -> str:
    lines: list[str] = []
    current = ""
    raw = line.encode("utf-8", "replace")
    for at, byte in enumerate(raw):
        piece = _ENCODED[byte]
        if byte == 0x20 and current and not current.endswith(" ") and at + 1 < len(raw):
            piece = " "
        elif byte == 0x2E and not current:
            piece = "=2E"  # a dot that starts a line would need stuffing (RFC 5321 4.5.2)
        elif byte == 0x46 and not current and raw[at : at + 5] == b"From ":
            piece = "=46"
        if len(current) + len(piece) > _LIMIT:
            lines.append(current + "=")
            current = "=2E" if piece == "." else "=20" if piece == " " else piece
        else:
            current += piece
    if current.endswith(" "):
        current = current[:-1] + "=20"
    return "\r\n".join([*lines, current])


def header_text(value: str) -> str:
    """Free text for a header: line breaks become spaces; anything beyond ASCII becomes encoded words (RFC 2047)."""
    value = _BREAKS.sub(" ", value)
    if value.isascii() and "=?" not in value:
        return fold(value)
    return "\r\n ".join(_words(value))


def mailbox(name: str, address: str) -> str:
    """`Name <address>` with the name quoted or encoded as it needs (RFC 5322 3.4, RFC 2047 5)."""
    name = " ".join(_BREAKS.sub(" ", name).split())
    if not name:
        return f"<{address}>"
    if not name.isascii() or "=?" in name:
        return f"{header_text(name)} <{address}>"
    if _ATOM.fullmatch(name):
        return f"{name} <{address}>"
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{address}>'


def fold(value: str, first: int = 60, rest: int = 76) -> str:
    """ASCII text folded at spaces (RFC 5322 2.2.3); a word longer than a line stays whole, below 998 octets."""
    lines, current, limit = [], "", first
    for word in value.split(" "):
        if current and len(current) + 1 + len(word) > limit:
            lines.append(current)
            current, limit = word, rest
        else:
            current = f"{current} {word}" if current else word
    return "\r\n ".join([*lines, current])


def _words(value: str) -> list[str]:
    words, current = [], ""
    for character in value:
        # 75 characters in all (RFC 2047 2) leave 45 bytes of UTF-8 inside `=?utf-8?b?…?=`.
        if len((current + character).encode("utf-8", "replace")) > 42:
            words.append(current)
            current = ""
        current += character
    return [f"=?utf-8?b?{base64.b64encode(word.encode('utf-8', 'replace')).decode()}?=" for word in [*words, current]]
