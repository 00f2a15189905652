"""What comes to the public door and what goes out of it: plain values, whatever server carries them."""

import hashlib
from dataclasses import dataclass, field

_HEADERS = [
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
]


@dataclass(slots=True)
class Answer:
    """What the door says. `office` means: not ours, ask the office."""

    status: int
    body: bytes = b""
    kind: str = "text/html; charset=utf-8"
    headers: list[tuple[str, str]] = field(default_factory=list)
    office: bool = False

    def all_headers(self) -> list[tuple[str, str]]:
        """With the headers that every page of ours carries."""
        return [("content-type", self.kind), *self.headers, *_HEADERS]


@dataclass(frozen=True, slots=True)
class Request:
    """One request, with its body read (bounded by the caller) and its path decoded once, by the server."""

    method: str
    path: str
    query: str = ""
    content_type: str = ""
    accepts_gzip: bool = False
    body: bytes = b""
    if_none_match: str = ""


def seen_before(request: Request, answer: Answer) -> Answer:
    """`answer` with its ETag, or 304 where the reader already has these bytes (RFC 9110 13.1.2)."""
    etag = f'"{hashlib.sha256(answer.body).hexdigest()[:24]}"'
    headers = [*answer.headers, ("etag", etag)]
    known = {tag.strip().removeprefix("W/") for tag in request.if_none_match.split(",")}
    if etag in known or "*" in known:
        return Answer(304, b"", answer.kind, headers)
    return Answer(answer.status, answer.body, answer.kind, headers)
