"""The door as a Granian application (RSGI), in a process of its own."""

import os
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Any

from groundswell.pages.door.answers import Answer, Request
from groundswell.pages.door.app import LARGEST_FORM, Door, is_ours
from groundswell.pages.door.config import DoorConfig
from groundswell.pages.door.proxy import OfficeAway, TooLarge, ask

LARGEST_UPLOAD = 32 * 1024 * 1024
"""Bytes that staff may send to the office in one request."""


class Application:
    """One per worker process; the door is made when the first request comes."""

    def __init__(self) -> None:
        self._door: Door | None = None

    @property
    def door(self) -> Door:
        """The door of this process."""
        if self._door is None:
            self._door = Door(DoorConfig.read(Path(os.environ["GROUNDSWELL_DOOR"])))
        return self._door

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        if scope.proto != "http":
            protocol.close(403)  # nothing here speaks WebSocket
            return
        headers = {name.lower(): value for name, value in scope.headers.items()}
        announced = headers.get("content-length", "0")
        limit = LARGEST_FORM if is_ours(scope.path) else LARGEST_UPLOAD
        if not announced.isdigit() or int(announced) > limit:
            self._say(scope, protocol, self.door.too_large())
            return
        try:
            if is_ours(scope.path):
                body = b"".join([piece async for piece in _bounded(protocol, limit)]) if scope.method == "POST" else b""
                request = Request(
                    scope.method, scope.path, scope.query_string, headers.get("content-type", ""),
                    "gzip" in headers.get("accept-encoding", ""), body, headers.get("if-none-match", ""),
                )  # fmt: skip
                self._say(scope, protocol, await self.door.answer(request))
            else:
                await self._office(scope, protocol, limit)
        except TooLarge:
            self._say(scope, protocol, self.door.too_large())

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
            self._say(scope, protocol, self.door.away())
            return
        async with aclosing(content):
            # The reader may leave before the end; that is no error of ours.
            with suppress(ConnectionError, RuntimeError):
                stream = protocol.response_stream(status, answered)
                async for piece in content:
                    await stream.send_bytes(piece)

    @staticmethod
    def _say(scope: Any, protocol: Any, answer: Answer) -> None:
        headers = answer.all_headers()
        if scope.method == "HEAD" and answer.status != 304:
            headers.append(("content-length", str(len(answer.body))))
        if scope.method == "HEAD" or not answer.body:
            protocol.response_empty(answer.status, headers)
        else:
            protocol.response_bytes(answer.status, headers, answer.body)


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


application = Application()
