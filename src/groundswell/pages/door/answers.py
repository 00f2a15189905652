"""What comes to the public door and what goes out of it: plain values, whatever server carries them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

Headers = list[tuple[str, str]]
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
)
_COMMON = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), browsing-topics=()"),
]
_HEADERS = [
    ("content-security-policy", _POLICY.format(ancestors="'none'")),
    *_COMMON,
    ("cross-origin-resource-policy", "same-origin"),
]
_FRAMED = [("content-security-policy", _POLICY.format(ancestors="*")), *_COMMON, ("cross-origin-resource-policy", "cross-origin")]


_ONWARD = [("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer"), ("cache-control", "no-store")]


@dataclass(slots=True)
class Answer:
    """What the door says; not changed once it was said. `office` means: not ours, ask the office."""

    status: int
    body: bytes = b""
    kind: str = "text/html; charset=utf-8"
    headers: Sequence[tuple[str, str]] = ()
    office: bool = False
    framed: bool = False
    """Made to stand in a frame on another site (the embedded form)."""
    file: Path | None = None
    """A file that is sent from the disk as it lies there, because it may be large; `body` is empty then."""
    span: tuple[int, int] | None = None
    """Only these bytes of the file, the second not among them."""
    _all: Headers = field(default_factory=list, repr=False, compare=False)

    def all_headers(self) -> Headers:
        """With the headers that every page of ours carries; made once, as an answer may be given a million times."""
        if not self._all:
            common = _FRAMED if self.framed else _HEADERS
            self._all = [("content-type", self.kind), *self.headers, *common]
        return self._all


@dataclass(slots=True)
class Request:
    """One request, with its body read (bounded by the caller) and its path decoded once, by the server.

    Nobody changes it. It is not frozen because that would make it several times as dear, at every signature.
    """

    method: str
    path: str
    query: str = ""
    content_type: str = ""
    accepts_gzip: bool = False
    body: bytes = b""
    if_none_match: str = ""
    span: str = ""
    """The Range header, as it came."""
    languages: str = ""
    """Accept-Language, as it came."""
    network: bytes = b""
    """A keyed hash of the network it came from, of today only; never the address."""


def see_other(address: str) -> Answer:
    """Go on to this address of ours, by GET (303, RFC 9110 15.4.4).

    It has no content, so it carries only the headers that say something of what follows: at the busiest answer of the door each
    of the others costs a hundredth of it.
    """
    headers = [("location", address), *_ONWARD]
    return Answer(303, headers=headers, _all=headers)


def etag(body: bytes) -> str:
    """The entity tag of these bytes."""
    return f'"{hashlib.sha256(body).hexdigest()[:24]}"'


def tagged(answer: Answer) -> Answer:
    """`answer` with its ETag."""
    return Answer(answer.status, answer.body, answer.kind, [*answer.headers, ("etag", etag(answer.body))], framed=answer.framed)


def seen_before(request: Request, answer: Answer) -> Answer:
    """`answer`, which has its ETag, or 304 where the reader already has these bytes (RFC 9110 13.1.2)."""
    if not request.if_none_match:
        return answer
    mine = next(value for name, value in answer.headers if name == "etag")
    known = {tag.strip().removeprefix("W/") for tag in request.if_none_match.split(",")}
    if mine in known or "*" in known:
        return Answer(304, b"", answer.kind, answer.headers, framed=answer.framed)
    return answer
