"""The wire of an SMTP connection: bytes out, whole replies in, and an end that is always noticed."""

import asyncio
import time
from typing import cast

Answer = tuple[int, bytes]
"""A reply's code, and its text with the lines of a long one joined."""


class Lost(Exception):
    """The connection is gone, or talks nonsense. The words are ours or the relay's, without a person."""


class Wire(asyncio.Protocol):
    """Replies as they come in; whoever waits for so many of them is woken once."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.transport: asyncio.Transport | None = None
        self.ended: str = ""
        self.deadline = 0.0
        self._rest = b""
        self._text: list[bytes] = []
        self._wanted = 0
        self._waiter: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        lines = (self._rest + data).split(b"\n") if self._rest else data.split(b"\n")
        self._rest = lines.pop()
        if len(self._rest) > 4096:
            return self._end("the relay talks nonsense")
        for line in lines:
            code = line[:3]
            if not code.isdigit():
                return self._end("the relay talks nonsense")
            if line[3:4] == b"-":
                self._text.append(line[4:].rstrip())
                if len(self._text) > 500:
                    return self._end("the relay talks nonsense")
                continue
            text = line[4:].rstrip()
            if self._text:
                text, self._text = b"\n".join((*self._text, text)), []
            self.answers.append((int(code), text))
        if self._waiter is not None and len(self.answers) >= self._wanted:
            self._wake()
        return None

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(type(exc).__name__ if exc else "the relay ended the connection")

    def wait_for(self, count: int, seconds: float) -> asyncio.Future[None]:
        """Done when `count` replies are there, or the connection has ended."""
        self._waiter = asyncio.get_running_loop().create_future()
        self._wanted, self.deadline = count, time.monotonic() + seconds
        if self.ended or len(self.answers) >= count:
            self._wake()
        return self._waiter or _done()

    def watch(self, now: float) -> None:
        """Give up where a reply is overdue."""
        if self._waiter is not None and now > self.deadline:
            self._end("the relay did not answer in time")

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
        self._waiter = None

    def _end(self, why: str) -> None:
        self.ended = self.ended or why
        if self.transport is not None:
            self.transport.abort()
        self._wake()


def _done() -> asyncio.Future[None]:
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    future.set_result(None)
    return future
