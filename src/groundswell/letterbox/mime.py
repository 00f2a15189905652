"""A mail's headers and leaves, read in one bounded pass. Never raises: what is broken is read as it stands.

Python's own parser builds a tree for faithful rewriting and slows down with depth. A letterbox needs less: headers,
texts, the machine-readable parts, and where the returned original begins (RFC 2045, 2046, 6522).
"""

import binascii
import re
from dataclasses import dataclass, field

from groundswell.letterbox import charsets

MOST_BYTES = 4_000_000
"""Read of any mail, from its start: reports stand before what they return."""
_MOST_PARTS = 120
_DEEPEST = 14
_LONGEST_TEXT = 96_000
_LONGEST_HEAD = 64_000

_PARAMETER = re.compile(r';\s*([a-zA-Z0-9\-*]{1,40})\s*=\s*("[^"]{0,500}"?|[^;\s]{0,500})')
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,40})\?([bBqQ])\?([^?]{0,2000})\?=(?:\s+(?==\?))?")
_OPENING = re.compile(rb"\s{0,8}--([^\n]{1,200}?)[ \t]*\n(?:[Cc]ontent-|\n)")


class Headers:
    """A header block: the first value of each name is what readers ask for; `all` keeps every one."""

    __slots__ = ("_first", "all")

    def __init__(self, block: str) -> None:
        self.all: list[tuple[str, str]] = []
        self._first: dict[str, str] = {}
        for line in block.replace("\n\t", " ").replace("\n ", " ").split("\n"):
            name, colon, value = line.partition(":")
            if colon and name and " " not in name.rstrip():
                name = name.rstrip().lower()
                value = value.strip()
                self.all.append((name, value))
                self._first.setdefault(name, value)

    def get(self, name: str) -> str:
        """The first value under `name` (lower case), unfolded, or empty."""
        return self._first.get(name, "")

    def every(self, name: str) -> list[str]:
        """Every value under `name`, in order."""
        return [value for each, value in self.all if each == name] if name in self._first else []

    def text(self, name: str) -> str:
        """The first value with encoded words read (RFC 2047)."""
        return unword(self.get(name))

    def __contains__(self, name: str) -> bool:
        return name in self._first

    def __len__(self) -> int:
        return len(self.all)


@dataclass(slots=True)
class Part:
    """A leaf: its type, its headers, its bytes as they came. `level` counts the messages it is enclosed in."""

    kind: str
    headers: Headers
    body: bytes
    level: int

    def text(self) -> str:
        """The first 96,000 bytes as text, transfer encoding and charset undone."""
        raw = undo_transfer(self.body[: _LONGEST_TEXT * 2], self.headers.get("content-transfer-encoding"))
        return charsets.decode(raw[:_LONGEST_TEXT], parameters(self.headers.get("content-type")).get("charset", ""))


@dataclass(slots=True)
class Mail:
    """A mail taken apart: its own headers, its leaves in order, the heads of the messages it returns."""

    headers: Headers
    kind: str
    parts: list[Part] = field(default_factory=list)
    originals: list[Headers] = field(default_factory=list)


def take_apart(raw: bytes) -> Mail:
    """The mail in `raw`, whatever its line ends; at most 4 MB, 120 parts and 14 levels of it are looked at."""
    data = _lines_ended(raw[:MOST_BYTES]).removeprefix(b"\xef\xbb\xbf").lstrip(b"\n ")
    if data.startswith((b"From ", b">From ")):
        data = data.partition(b"\n")[2]
    headers, body = _split(data)
    kind, params = _type(headers)
    mail = Mail(headers, kind)
    _visit(mail, kind, params, headers, body, 0, 0)
    return mail


def head_of(raw: bytes) -> Headers:
    """The mail's own headers alone, as `take_apart` reads them."""
    data = _lines_ended(raw[:_LONGEST_HEAD]).removeprefix(b"\xef\xbb\xbf").lstrip(b"\n ")
    return _split(data.partition(b"\n")[2] if data.startswith((b"From ", b">From ")) else data)[0]


def parameters(value: str) -> dict[str, str]:
    """The parameters of a Content-Type (RFC 2045 5.1; RFC 2231 continuations joined)."""
    found: dict[str, str] = {}
    for name, text in _PARAMETER.findall(value[:2000]):
        key = name.lower().partition("*")[0]
        found[key] = found.get(key, "") + text.strip('"') if "*" in name else text.strip('"')
    return found


def undo_transfer(body: bytes, encoding: str) -> bytes:
    """`body` without base64 or quoted-printable; as it is where that was only claimed."""
    how = encoding.strip().lower()
    if how.startswith("base64"):
        kept = b"".join(body.split())
        try:
            return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))
        except binascii.Error:
            try:
                return binascii.a2b_base64(kept[: len(kept) // 4 * 4])
            except binascii.Error:
                return body
    if how.startswith("quoted"):
        return binascii.a2b_qp(body)
    return body


def unword(value: str) -> str:
    """A header value with its encoded words read (RFC 2047); anything malformed stays as it is."""
    if "=?" not in value:
        return value
    return _ENCODED_WORD.sub(_read_word, value[:8000])


def _read_word(match: re.Match[str]) -> str:
    charset, how, text = match.groups()
    raw = text.encode("latin-1", "ignore")
    raw = undo_transfer(raw, "base64") if how in "bB" else binascii.a2b_qp(raw, header=True)
    return charsets.decode(raw, charset.partition("*")[0])


def _lines_ended(raw: bytes) -> bytes:
    if b"\r" not in raw:
        return raw
    data = raw.replace(b"\r\n", b"\n")
    if b"\r" in data:
        # "\r\r\n" is one line end written twice over; any other bare CR ends a line too (old Macs, broken gateways).
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data


def _split(data: bytes) -> tuple[Headers, bytes]:
    if data.startswith((b"\n", b"{", b"<")):  # no header begins so: a body alone, such as JSON or HTML
        return Headers(""), data[1:] if data[:1] == b"\n" else data
    first = data[:400].partition(b"\n")[0]
    if b":" not in first or b" " in first.partition(b":")[0].rstrip():
        return Headers(""), data
    end = data.find(b"\n\n")
    head, body = (data, b"") if end < 0 else (data[:end], data[end + 2 :])
    head = head[:_LONGEST_HEAD]
    try:
        block = head.decode("utf-8")
    except UnicodeDecodeError:
        block = charsets.decode(head, "")
    return Headers(block), body


def _type(headers: Headers, default: str = "text/plain") -> tuple[str, dict[str, str]]:
    value = headers.get("content-type")
    if not value:
        return default, {}
    kind = value.partition(";")[0].strip().lower()
    return (kind or default), parameters(value)


def _visit(mail: Mail, kind: str, params: dict[str, str], headers: Headers, body: bytes, level: int, depth: int) -> None:
    if len(mail.parts) + len(mail.originals) >= _MOST_PARTS:
        return
    if depth < _DEEPEST:
        if kind.startswith("multipart/"):
            pieces = _pieces(body, params.get("boundary", ""))
            if pieces:
                _visit_pieces(mail, pieces, level, depth, "message/rfc822" if kind == "multipart/digest" else "text/plain")
                return
            kind = "text/plain"
        elif kind in {"message/rfc822", "message/global", "text/rfc822", "message/news"}:
            inner = undo_transfer(body[:MOST_BYTES], headers.get("content-transfer-encoding")).lstrip(b"\n ")
            if b"\r" in inner:
                inner = _lines_ended(inner)
            if inner.startswith((b"From ", b">From ")):
                inner = inner.partition(b"\n")[2]
            inner_headers, inner_body = _split(inner)
            if len(inner_headers):
                mail.originals.append(inner_headers)
                inner_kind, inner_params = _type(inner_headers)
                _visit(mail, inner_kind, inner_params, inner_headers, inner_body, level + 1, depth + 1)
            return
        elif "rfc822-headers" in kind or kind == "message/global-headers":
            inner = undo_transfer(body[:_LONGEST_HEAD], headers.get("content-transfer-encoding")).lstrip(b"\n ")
            mail.originals.append(_split(_lines_ended(inner))[0])
            return
        elif kind == "text/plain" and (opening := _OPENING.match(body[:600])):
            # A multipart whose header was lost or rewritten on the way.
            pieces = _pieces(body, opening.group(1).decode("latin-1"))
            if len(pieces) > 1:
                _visit_pieces(mail, pieces, level, depth, "text/plain")
                return
    mail.parts.append(Part(kind, headers, body, level))


def _visit_pieces(mail: Mail, pieces: list[bytes], level: int, depth: int, default: str) -> None:
    for number, piece in enumerate(pieces):
        if number == 0:
            if piece.strip():
                mail.parts.append(Part("preamble", Headers(""), piece, level))
            continue
        headers, body = _split(piece)
        kind, params = _type(headers, default)
        _visit(mail, kind, params, headers, body, level, depth + 1)


def _pieces(body: bytes, boundary: str) -> list[bytes]:
    """What stands before the first boundary line, then each part; empty when the boundary never comes."""
    mark = b"\n--" + boundary.encode("utf-8", "replace").rstrip()
    if not boundary:
        opening = _OPENING.match(body[:2000])
        if not opening:
            return []
        mark = b"\n--" + opening.group(1)
    body = b"\n" + body
    pieces: list[bytes] = []
    start = 0
    while len(pieces) < _MOST_PARTS:
        at = body.find(mark, start if not pieces else start - 1)
        while at >= 0 and body[at + len(mark) : at + len(mark) + 1] not in b" \t\n-":
            at = body.find(mark, at + 1)
        if at < 0:
            break
        pieces.append(body[start:at] if at > start else b"")
        line_end = body.find(b"\n", at + 1)
        if line_end < 0 or body.startswith(b"--", at + len(mark)):
            return pieces
        start = line_end + 1
    if pieces:
        pieces.append(body[start:])
    return pieces
