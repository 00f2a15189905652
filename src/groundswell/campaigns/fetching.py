"""Fetching a source from the web: one address, with limits, to public machines only, kept as it was answered (WARC).

The address is somebody's text, so it is not trusted (server-side request forgery, CWE-918): its name is looked up once, every
address it has must be public, and the connection goes to that very address; each redirect is looked at the same way.
"""

import http.client
import ipaddress
import socket
import ssl
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Literal
from urllib.parse import SplitResult, urljoin, urlsplit
from uuid import uuid4

from groundswell.basics.result import Refused
from groundswell.campaigns.evidence import LARGEST

SECONDS, HOPS = 60.0, 5
_PIECE = 2**16
_GONE, _FOREVER, _ELSEWHERE = (404, 410), (301, 308), (301, 302, 303, 307, 308)
_WRAPPED = tuple(ipaddress.ip_network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
"""IPv6 addresses that hold one of IPv4 (NAT64, 6to4, Teredo): a gateway would lead to it, wherever that is."""
Guard = Callable[[str, int], str]
"""Host and port → the address to connect to, or `Refused`."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `kept`: a copy is in `warc`; `gone`: 404 or 410; `unreached`: no answer that says anything."""

    result: Literal["kept", "gone", "unreached"]
    words: str
    moved_to: str = ""
    """Where the address leads for good, if it says so."""
    warc: Callable[[], Iterator[bytes]] | None = None
    body: IO[bytes] | None = None
    content_type: str = ""


def public_only(host: str, port: int) -> str:
    """The address of a public machine, on the web's own ports; everything else is refused."""
    if port not in (80, 443):
        raise _refused(f"port {port} is none of the web's")
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        raise Refused.because(
            "fetch-name", f"The name {host[:80]} is not known.", "Note the address as gone if it stays so."
        ) from None
    for text in found:
        address = ipaddress.ip_address(text.partition("%")[0])
        address = getattr(address, "ipv4_mapped", None) or address
        if not address.is_global or address.is_multicast or any(address in network for network in _WRAPPED):
            raise _refused("it leads to a private network")
    return sorted(found, key=lambda text: (":" in text, text))[0]


def fetch(
    url: str, *, user_agent: str, now: datetime, guard: Guard = public_only, most: int = LARGEST, seconds: float = SECONDS
) -> Answer:
    """Ask for the address and follow it. `Refused` for what is no web address, leads inside, is too large or too slow."""
    ends, forever, asked = time.monotonic() + seconds, True, url
    for _ in range(HOPS + 1):
        parts = _web(asked)
        connection = _Connection(parts, guard, ends)
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            headers = {"User-Agent": user_agent, "Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close"}
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            place = response.headers.get("Location", "")
            if response.status in _ELSEWHERE and place:
                forever = forever and response.status in _FOREVER
                asked = urljoin(asked, place)
                continue
            moved = asked if asked != url and forever else ""
            if response.status in _GONE:
                return Answer("gone", f"answered {response.status}", moved)
            if response.status != 200:
                return Answer("unreached", f"answered {response.status} {response.reason}"[:200], moved)
            body = _read(response, ends, most)
            if connection.late:
                body.close()
                raise TimeoutError
            kind = response.headers.get("Content-Type", "")
            return Answer("kept", f"{body.tell()} bytes", moved, _warc(asked, response, body, now), body, kind)
        except (OSError, http.client.HTTPException) as error:
            if connection.late or isinstance(error, TimeoutError):
                raise Refused.because(
                    "fetch-slow", f"It took longer than {seconds:.0f} seconds; nothing was kept.", "Try later, or upload a copy."
                ) from None
            return Answer("unreached", f"no answer ({type(error).__name__})")
        finally:
            connection.end()
    return Answer("unreached", f"it leads on more than {HOPS} times")


class _Connection(http.client.HTTPConnection):
    """Connects to the address that was looked at, and shows the name to TLS; the clock runs for all of it."""

    def __init__(self, parts: SplitResult, guard: Guard, ends: float) -> None:
        self._name, self._secure = str(parts.hostname), parts.scheme == "https"
        port = parts.port or (443 if self._secure else 80)
        super().__init__(self._name, port, timeout=_left(ends))
        self._address = guard(self._name, port)
        self._ends, self.late = ends, False
        self._alarm: threading.Timer | None = None

    def connect(self) -> None:
        held = self.sock = socket.create_connection((self._address, self.port), self.timeout)

        def cut() -> None:
            # A byte now and then would keep every single wait short and all of them endless.
            self.late = True
            with suppress(OSError):
                held.shutdown(socket.SHUT_RDWR)

        self._alarm = threading.Timer(_left(self._ends), cut)
        self._alarm.daemon = True
        self._alarm.start()
        if self._secure:
            held = self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self._name)

    def end(self) -> None:
        """Close it, and the clock with it."""
        if self._alarm is not None:
            self._alarm.cancel()
        self.close()


def _read(response: http.client.HTTPResponse, ends: float, most: int) -> IO[bytes]:
    body = tempfile.TemporaryFile()  # noqa: SIM115 (the caller reads it; it is gone when nobody holds it)
    try:
        while piece := response.read1(_PIECE):
            _left(ends)
            body.write(piece)
            if body.tell() > most:
                raise Refused.because(
                    "copy-too-large", f"It is larger than {most // 2**20} MB; nothing was kept.", "Keep the part that shows it."
                )
        if response.length:
            raise http.client.IncompleteRead(b"", response.length)
    except BaseException:
        body.close()
        raise
    return body


def _warc(url: str, response: http.client.HTTPResponse, body: IO[bytes], now: datetime) -> Callable[[], Iterator[bytes]]:
    """The answer as a WARC response record (ISO 28500), in pieces. The body stands as read, without its chunks."""
    lines = [f"HTTP/1.1 {response.status} {response.reason}"]
    for name, value in response.headers.items():
        shown = f"X-Archive-Orig-{name}" if name.lower() == "transfer-encoding" else name
        lines.append(f"{shown}: {' '.join(value.split())}")
    head = ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "replace")
    size = body.seek(0, 2)
    record = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: {now:%Y-%m-%dT%H:%M:%SZ}\r\n"
        f"WARC-Record-ID: <urn:uuid:{uuid4()}>\r\nContent-Type: application/http;msgtype=response\r\n"
        f"Content-Length: {len(head) + size}\r\n\r\n"
    ).encode()

    def pieces() -> Iterator[bytes]:
        yield record + head
        body.seek(0)
        while piece := body.read(2**20):
            yield piece
        yield b"\r\n\r\n"

    return pieces


def _web(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _refused("it is none of the web") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise _refused("it is none of the web")
    if parts.username or parts.password or any(sign <= " " or sign > "~" for sign in url):
        raise _refused("it holds a password, a space or a sign that no address has")
    return parts


def _left(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _refused(why: str) -> Refused:
    return Refused.because("fetch-refused", f"This address is not fetched: {why}.", "Save a copy yourself and upload it.")
