"""The door as a Granian application (RSGI), in a process of its own."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from groundswell.pages.door.app import LARGEST_FORM, Answer, Door, Request
from groundswell.pages.door.config import DoorConfig
from groundswell.pages.door.proxy import OfficeAway, ask

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
        headers = {name.lower(): value for name, value in scope.headers.items()}
        ours = scope.path.startswith(("/a/", "/u/", "/record/", "/assets/")) or scope.path == "/"
        limit = LARGEST_FORM if ours else LARGEST_UPLOAD
        body = b""
        if scope.method not in ("GET", "HEAD"):
            read = await _bounded(protocol, limit)
            if read is None:
                self._say(scope, protocol, self.door.too_large())
                return
            body = read
        request = Request(
            scope.method, scope.path, scope.query_string, headers.get("content-type", ""),
            "gzip" in headers.get("accept-encoding", ""), body,
        )  # fmt: skip
        answer = await self.door.answer(request)
        if not answer.office:
            self._say(scope, protocol, answer)
            return
        await self._office(scope, protocol, body)

    async def _office(self, scope: Any, protocol: Any, body: bytes) -> None:
        target = f"{scope.path}?{scope.query_string}" if scope.query_string else scope.path
        try:
            status, headers, content = await ask(
                self.door.config.office_socket, scope.method, target, list(scope.headers.items()), body
            )
        except OfficeAway:
            self._say(scope, protocol, self.door.away())
            return
        await _stream(protocol, status, headers, content)

    @staticmethod
    def _say(scope: Any, protocol: Any, answer: Answer) -> None:
        protocol.response_bytes(answer.status, answer.all_headers(), b"" if scope.method == "HEAD" else answer.body)


async def _bounded(protocol: Any, limit: int) -> bytes | None:
    body = bytearray()
    async for piece in protocol:
        body += piece
        if len(body) > limit:
            return None
    return bytes(body)


async def _stream(protocol: Any, status: int, headers: list[tuple[str, str]], content: AsyncIterator[bytes]) -> None:
    stream = protocol.response_stream(status, headers)
    async for piece in content:
        await stream.send_bytes(piece)


application = Application()
