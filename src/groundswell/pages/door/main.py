"""The door as a Granian application (RSGI), in a process of its own."""

import asyncio
import gc
import os
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Any

from groundswell.basics.processes import end_with_server
from groundswell.pages.door.answers import Answer, Request
from groundswell.pages.door.app import LARGEST_FORM, Door, is_ours, largest
from groundswell.pages.door.config import DoorConfig
from groundswell.pages.door.patience import Patience
from groundswell.pages.door.proxy import OfficeAway, TooLarge, ask

PATIENCE = 15
"""Seconds that a form may take to arrive: a phone on a bad line needs two, and who sends a byte a minute gets an end."""
PHOTO_PATIENCE = 90
"""Seconds for a photo: eight megabytes on a slow line."""
_PHOTOS_AT_ONCE = 4
"""Photos that one process reads at once, so that they can't fill its memory; the others wait within their time."""
LARGEST_UPLOAD = 256 * 1024 * 1024
"""Bytes that staff may send to the office in one request."""


class Application:
    """One per worker process; the door is made when the first request comes."""

    def __init__(self) -> None:
        self._door: Door | None = None
        self._photos = asyncio.Semaphore(_PHOTOS_AT_ONCE)
        self._patience = Patience()

    @property
    def door(self) -> Door:
        """The door of this process."""
        if self._door is None:
            self._door = Door(DoorConfig.read(Path(os.environ["GROUNDSWELL_DOOR"])))
            # What is loaded by now stays for ever: looking through it for rubbish, as Python does now and then, would keep
            # everyone who signs in that moment waiting.
            gc.collect()
            gc.freeze()
        return self._door

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        if scope.proto != "http":
            protocol.close(403)  # nothing here speaks WebSocket
            return
        door, path, method, headers = self._door or self.door, scope.path, scope.method, scope.headers
        ours = is_ours(path)
        announced = headers.get("content-length")
        limit = largest(path) if ours else LARGEST_UPLOAD
        if announced and (not announced.isdigit() or int(announced) > limit):
            self._say(method, protocol, door.too_large())
            return
        try:
            if not ours:
                await self._office(scope, protocol, limit)
                return
            languages = headers.get("accept-language") or ""
            if method == "POST":
                # A body that says its length is held to it by the server; one that does not is measured as it comes.
                reading = protocol() if announced is not None else _joined(protocol, limit)
                if limit > LARGEST_FORM:
                    async with self._photos:
                        body = await self._patience.wait(reading, PHOTO_PATIENCE)
                else:
                    body = await self._patience.wait(reading, PATIENCE)
                request = Request(
                    method, path, scope.query_string, headers.get("content-type") or "", body=body, languages=languages,
                    network=door.networks.of(self._client(scope)),
                )  # fmt: skip
            else:
                request = Request(
                    method, path, scope.query_string, accepts_gzip="gzip" in (headers.get("accept-encoding") or ""),
                    if_none_match=headers.get("if-none-match") or "", languages=languages, span=headers.get("range") or "",
                )  # fmt: skip
            self._say(method, protocol, await door.answer(request))
        except TooLarge:
            self._say(method, protocol, door.too_large())
        except TimeoutError:
            self._say(method, protocol, door.small.too_slow())

    async def _office(self, scope: Any, protocol: Any, limit: int) -> None:
        headers = list(scope.headers.items())
        if scope.authority and "host" not in scope.headers:
            headers.append(("host", scope.authority))  # HTTP/2 has it beside the headers (RFC 9113 8.3.1)
        body, length = _bounded(protocol, limit), int(scope.headers.get("content-length", "0"))
        if scope.method in ("GET", "HEAD"):
            body, length = _pieces(b""), 0
        elif "content-length" not in scope.headers:
            whole = b"".join([piece async for piece in body])  # of unknown length: measured first
            body, length = _pieces(whole), len(whole)
        socket = self.door.config.office_socket
        try:
            target = (scope.path, scope.query_string)
            status, answered, content = await ask(socket, scope.method, target, headers, body, length)
        except OfficeAway:
            self._say(scope.method, protocol, self.door.away())
            return
        async with aclosing(content):
            # The reader may leave before the end; that is no error of ours.
            with suppress(ConnectionError, RuntimeError):
                stream = protocol.response_stream(status, answered)
                async for piece in content:
                    await stream.send_bytes(piece)

    def _client(self, scope: Any) -> str:
        """Who asks: the far end of the connection, or what the operator's own proxy says it is."""
        if self.door.config.behind_proxy:
            forwarded: str = (scope.headers.get("x-forwarded-for") or "").rpartition(",")[2].strip()
            return forwarded
        return str(scope.client)

    @staticmethod
    def _say(method: str, protocol: Any, answer: Answer) -> None:
        headers = answer.all_headers()
        if method == "HEAD":
            if answer.status != 304 and all(name != "content-length" for name, _ in headers):
                size = answer.file.stat().st_size if answer.file else len(answer.body)
                headers = [*headers, ("content-length", str(size))]
            protocol.response_empty(answer.status, headers)
        elif answer.file and answer.span:
            protocol.response_file_range(answer.status, headers, str(answer.file), *answer.span)
        elif answer.file:
            protocol.response_file(answer.status, headers, str(answer.file))
        elif answer.body:
            protocol.response_bytes(answer.status, headers, answer.body)
        else:
            protocol.response_empty(answer.status, headers)


async def _joined(protocol: Any, limit: int) -> bytes:
    return b"".join([piece async for piece in _bounded(protocol, limit)])


async def _bounded(protocol: Any, limit: int) -> AsyncIterator[bytes]:
    """The body's pieces as they come; `TooLarge` once they are more than `limit` bytes together."""
    size = 0
    async for piece in protocol:
        size += len(piece)
        if size > limit:
            raise TooLarge
        yield bytes(piece)


async def _pieces(whole: bytes) -> AsyncIterator[bytes]:
    if whole:
        yield whole


end_with_server()
# The thread that seals and syncs a group takes turns with the one that reads forms. At Python's own five milliseconds a turn,
# a group waits for its turn twice, and that was most of the slowest hundredth's time; at one, the turns themselves cost a third.
sys.setswitchinterval(0.003)
application = Application()
