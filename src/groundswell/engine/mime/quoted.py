"""Quoted-printable that no relay needs to touch after signing (RFC 2045 6.7).

By construction the body is its own relaxed canonical form (RFC 6376 3.4.4): no runs of white space, none at a line's
end. It also holds no line that begins with a dot or `From `, so that nothing between us and the reader rewrites it.
"""

import re

_LINE = 75
_ENCODED = [chr(byte) if 33 <= byte < 127 and byte != 0x3D else f"={byte:02X}" for byte in range(256)]
_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_PLAIN = re.compile(rb"[!-<>-~]+(?: [!-<>-~]+)*")
_WORD = re.compile(rb"[!-~]+")
_ADDRESS = re.compile(r"[A-Za-z0-9:/.?=_~%+-]+")
_UNSAFE = re.compile(rb"[^!-<>-~]")
# Two less than a line holds, so that a dot or an F that comes to stand first can still be written as three characters.
_ROOM = 73


def quoted_printable(text: str) -> bytes:
    """`text` in UTF-8, lines of at most 76 characters with CRLF; it starts a line and ends none of its own."""
    return "\r\n".join(_encode_line(line) for line in _BREAKS.sub("\n", text).split("\n")).encode("ascii")


def quoted_value(text: str) -> bytes:
    """A slot's value, free of line breaks, as lines of its own: what follows must begin with a break, soft or hard."""
    raw = text.encode("utf-8", "replace")
    if _WORD.fullmatch(raw):
        raw = raw.replace(b"=", b"=3D")  # nearly always a link: nothing else to spell
    elif not _PLAIN.fullmatch(raw) or len(raw) > _ROOM:
        raw = _UNSAFE.sub(lambda found: b"=%02X" % found.group()[0], raw)
    return _guarded(raw) if len(raw) <= _ROOM else _cut(raw)


def quoted_address(text: str) -> bytes | None:
    """A web address as `quoted_value` writes it, the same in text and in HTML; None for one that HTML would have to escape."""
    if not _ADDRESS.fullmatch(text):
        return None
    raw = text.encode().replace(b"=", b"=3D")
    return _guarded(raw) if len(raw) <= _ROOM else _cut(raw)


def _cut(raw: bytes) -> bytes:
    lines, start, end = [], 0, len(raw)
    while end - start > _ROOM:
        # Never between the three characters of one byte.
        cut = start + _ROOM
        cut -= 1 if raw[cut - 1] == 0x3D else 2 if raw[cut - 2] == 0x3D else 0
        lines.append(_guarded(raw[start:cut]))
        start = cut
    return b"=\r\n".join([*lines, _guarded(raw[start:])])


def _guarded(line: bytes) -> bytes:
    if line.startswith((b".", b"From")):
        return b"=%02X" % line[0] + line[1:]
    return line


def _encode_line(line: str) -> str:
    lines: list[str] = []
    current = ""
    raw = line.encode("utf-8", "replace")
    for at, byte in enumerate(raw):
        piece = _ENCODED[byte]
        if byte == 0x20 and current and not current.endswith(" ") and at + 1 < len(raw):
            piece = " "
        if len(current) + len(piece) > _LINE:
            lines.append(current + "=")
            current = ""
        if not current:
            piece = _first(piece, raw, at)
        current += piece
    if current.endswith(" "):
        current = current[:-1] + "=20"
    return "\r\n".join([*lines, current])


def _first(piece: str, raw: bytes, at: int) -> str:
    # A dot would need stuffing (RFC 5321 4.5.2), `From ` is changed by mailbox files, a space may be lost.
    if piece in (".", " ") or (piece == "F" and raw[at : at + 5] == b"From "):
        return f"={ord(piece):02X}"
    return piece
