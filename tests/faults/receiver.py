"""A mail receiver that keeps a ledger and can be told to misbehave: `python -m tests.faults.receiver PORT LEDGER [BEHAVIOUR]`.

A letter's Message-ID is in the ledger before its 250 is said: whoever counts there counts what a receiver holds.
SIGUSR1 cuts every connection at once, at whatever point each is.
"""

import asyncio
import os
import re
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_ID = re.compile(rb"(?im)^message-id:[ \t]*<([^>\r\n]+)>")
_END = b"\r\n.\r\n"
REFUSALS = {
    "451": b"451 4.3.0 later\r\n", "421": b"421 4.7.0 too much\r\n", "550": b"550 5.7.1 no\r\n", "552": b"552 5.3.4 too big\r\n",
    "garbage": b"\x00\xff what?\r\n",
}  # fmt: skip


class Receiver(asyncio.Protocol):
    """One connection. Answers each command as it comes, pipelined or not."""

    living: set["Receiver"] = set()

    def __init__(self, ledger: int, behaviour: str) -> None:
        self._ledger, self._behaviour = ledger, behaviour
        self._data = b""
        self._in_letter = False
        self._letters = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.living.add(self)
        if self._behaviour == "no-greeting":
            self.transport.abort()
        else:
            self.say(b"554 not you\r\n" if self._behaviour == "unwelcome" else b"220 ledger\r\n")

    def connection_lost(self, exc: Exception | None) -> None:
        self.living.discard(self)

    def say(self, words: bytes) -> None:
        if self._behaviour == "slow":
            asyncio.get_running_loop().call_later(0.02, self.transport.write, words)
        else:
            self.transport.write(words)

    def data_received(self, data: bytes) -> None:
        self._data += data
        while self._data:
            if self._in_letter:
                if self._behaviour == "mid-letter" and len(self._data) > 500:
                    self._data = b""
                    return self.transport.abort()
                if self._data.startswith(b".\r\n"):
                    letter, self._data = b"", self._data[3:]
                else:
                    at = self._data.find(_END)
                    if at < 0:
                        return None
                    letter, self._data = self._data[:at], self._data[at + 5 :]
                self._in_letter = False
                self._taken(letter)
                continue
            line, found, rest = self._data.partition(b"\r\n")
            if not found:
                return None
            self._data = rest
            self._command(line[:4].upper())
        return None

    def _command(self, verb: bytes) -> None:
        if verb == b"EHLO":
            self.say(b"250-ledger\r\n250-PIPELINING\r\n250-SMTPUTF8\r\n250 SIZE 5000000\r\n")
        elif verb == b"DATA":
            if self._behaviour == "drop-after-data":
                self._data = b""
                return self.transport.abort()
            self._in_letter = True
            self.say(b"354 go\r\n")
        elif verb == b"QUIT":
            self.say(b"221 bye\r\n")
        elif verb == b"RCPT" and self._behaviour in REFUSALS and self._behaviour != "552":
            self.say(REFUSALS[self._behaviour])
        else:
            self.say(b"250 ok\r\n")
        return None

    def _taken(self, letter: bytes) -> None:
        if self._behaviour == "552":
            return self.say(REFUSALS["552"])
        self._letters += 1
        found = _ID.search(letter[:4000])
        if found:
            os.write(self._ledger, found.group(1) + b"\n")
        if self._behaviour == "reply-lost" and self._letters % 5 == 0:
            return self.transport.abort()
        return self.say(b"250 2.0.0 kept\r\n")


@contextmanager
def receiving(port: int, ledger: Path, behaviour: str = "good") -> Iterator[None]:
    """A receiver in a thread of this process, for the time of a test."""
    ready, loop = threading.Event(), asyncio.new_event_loop()
    descriptor = os.open(ledger, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    async def serve() -> None:
        server = await loop.create_server(lambda: Receiver(descriptor, behaviour), "127.0.0.1", port)
        ready.set()
        try:
            await server.serve_forever()
        except asyncio.CancelledError:
            for one in list(Receiver.living):
                one.transport.abort()

    task = loop.create_task(serve())
    thread = threading.Thread(target=lambda: loop.run_until_complete(task))
    thread.start()
    assert ready.wait(10)
    try:
        yield
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join()
        loop.close()
        os.close(descriptor)


async def _serve(port: int, ledger: Path, behaviour: str) -> None:
    loop = asyncio.get_running_loop()
    descriptor = os.open(ledger, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    loop.add_signal_handler(signal.SIGUSR1, lambda: [one.transport.abort() for one in list(Receiver.living)])
    server = await loop.create_server(lambda: Receiver(descriptor, behaviour), "127.0.0.1", port)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "good"))
