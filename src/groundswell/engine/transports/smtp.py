"""SMTP to a relay: connections kept open, the envelope pipelined in one write (RFC 2920), every reply accounted for."""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote, urlsplit

from groundswell.basics.result import Refused
from groundswell.engine.outcome import Reply, judge
from groundswell.engine.transports.base import Envelope, HandingOver

_CONNECT, _GREETING, _REPLY, _AFTER_DATA = 30.0, 300.0, 300.0, 600.0  # seconds, RFC 5321 4.5.3.2


@dataclass(frozen=True, slots=True)
class Relay:
    """Where letters are handed over, and how."""

    host: str
    port: int
    security: Literal["none", "starttls", "tls"] = "none"
    user: str = ""
    password: str = ""

    @classmethod
    def parse(cls, url: str) -> "Relay":
        """From `smtp://`, `smtp+starttls://` or `smtps://` with `user:password@host:port`; `Refused` otherwise."""
        parts = urlsplit(url.strip())
        kinds: dict[str, tuple[Literal["none", "starttls", "tls"], int]] = {
            "smtp": ("none", 25), "smtp+starttls": ("starttls", 587), "smtps": ("tls", 465),
        }  # fmt: skip
        if parts.scheme not in kinds or not parts.hostname:
            raise Refused.because(
                "relay", "The setting GROUNDSWELL_SMTP names no relay.", "It should look like smtp://127.0.0.1:25."
            )
        security, port = kinds[parts.scheme]
        return cls(parts.hostname, parts.port or port, security, unquote(parts.username or ""), unquote(parts.password or ""))


class _Lost(Exception):
    """The connection is gone or talks nonsense."""


class _Connection:
    def __init__(self, relay: Relay, helo: str) -> None:
        self._relay, self._helo = relay, helo
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._extensions: set[str] = set()

    async def open(self) -> None:
        if self._writer is not None:
            return
        tls = ssl.create_default_context() if self._relay.security == "tls" else None
        try:
            self._reader, self._writer = await asyncio.wait_for(
                asyncio.open_connection(self._relay.host, self._relay.port, ssl=tls), _CONNECT
            )
            code, text = await self._reply(_GREETING)
            if code != 220:
                raise _Lost(f"greeting {code} {text}")
            await self._hello()
            if self._relay.security == "starttls":
                await self._starttls()
            if self._relay.user:
                await self._authenticate()
        except (TimeoutError, OSError, _Lost) as error:
            await self.close()
            raise _Lost(str(error) or type(error).__name__) from None

    async def send(self, envelope: Envelope, handing_over: HandingOver) -> Reply:
        """Hand one letter over. `_Lost` before its end was written means: not sent, may be tried elsewhere."""
        commands = [f"MAIL FROM:<{envelope.mail_from}>", f"RCPT TO:<{envelope.rcpt_to}>", "DATA"]
        if "SIZE" in self._extensions:
            commands[0] += f" SIZE={len(envelope.data)}"
        if "PIPELINING" in self._extensions:
            self._write("".join(f"{command}\r\n" for command in commands).encode())
            replies = [await self._reply(_REPLY) for _ in commands]
        else:
            replies = []
            for command in commands:
                self._write(f"{command}\r\n".encode())
                replies.append(await self._reply(_REPLY))
                if replies[-1][0] >= 400:
                    break
        first_no = next(((code, text) for code, text in replies if code >= 400), None)
        if first_no is not None or replies[-1][0] != 354:
            if replies[-1][0] == 354:
                # DATA was taken although the recipient was not (RFC 2920 3.1): end it empty.
                self._write(b".\r\n")
                await self._reply(_AFTER_DATA)
            else:
                self._write(b"RSET\r\n")
                await self._reply(_REPLY)
            code, text = first_no or replies[-1]
            return judge(envelope.delivery, code, text)
        self._write(envelope.data)
        handing_over(envelope.delivery)
        self._write(b".\r\n")
        try:
            code, text = await self._reply(_AFTER_DATA)
        except (TimeoutError, _Lost, OSError):
            await self.close()
            return Reply(envelope.delivery, "uncertain", 0, "the reply to a letter handed over was lost")
        return judge(envelope.delivery, code, text)

    async def close(self) -> None:
        writer, self._writer, self._reader = self._writer, None, None
        if writer is not None:
            with suppress(OSError):
                writer.write(b"QUIT\r\n")
                writer.close()
                await asyncio.wait_for(writer.wait_closed(), 2)

    async def _hello(self) -> None:
        self._write(f"EHLO {self._helo}\r\n".encode())
        code, text = await self._reply(_REPLY)
        if code != 250:
            raise _Lost(f"EHLO answered {code}")
        self._extensions = {line.split(" ")[0].upper() for line in text.split("\n")[1:]}

    async def _starttls(self) -> None:
        if "STARTTLS" not in self._extensions:
            raise _Lost("the relay offers no STARTTLS")
        self._write(b"STARTTLS\r\n")
        if (await self._reply(_REPLY))[0] != 220 or self._writer is None:
            raise _Lost("STARTTLS was refused")
        await self._writer.start_tls(ssl.create_default_context(), server_hostname=self._relay.host)
        await self._hello()

    async def _authenticate(self) -> None:
        secret = base64.b64encode(f"\0{self._relay.user}\0{self._relay.password}".encode()).decode()
        self._write(f"AUTH PLAIN {secret}\r\n".encode())
        if (await self._reply(_REPLY))[0] != 235:
            raise _Lost("the relay refused our name or password")

    def _write(self, data: bytes) -> None:
        if self._writer is None:
            raise _Lost("closed")
        self._writer.write(data)

    async def _reply(self, seconds: float) -> tuple[int, str]:
        if self._reader is None:
            raise _Lost("closed")
        lines: list[str] = []
        while True:
            try:
                line = await asyncio.wait_for(self._reader.readline(), seconds)
            except (TimeoutError, OSError, ValueError) as error:
                raise _Lost(type(error).__name__) from None
            if not line.endswith(b"\n") or not line[:3].isdigit():
                raise _Lost("the connection ended" if not line else "the relay talks nonsense")
            lines.append(line[4:].decode("utf-8", "replace").strip())
            if line[3:4] != b"-":
                return int(line[:3]), "\n".join(lines)


class SmtpTransport:
    """Hands letters to one relay over a few kept connections."""

    def __init__(self, relay: Relay, *, connections: int = 4, helo: str = "localhost") -> None:
        self._connections = [_Connection(relay, helo) for _ in range(connections)]

    async def send(self, envelopes: Sequence[Envelope], *, handing_over: HandingOver) -> AsyncIterator[Reply]:
        """One reply per envelope, as they come. A relay that can't be reached gives `retry` for all that is left."""
        waiting = list(reversed(envelopes))
        replies: asyncio.Queue[Reply] = asyncio.Queue()

        async def work(connection: _Connection) -> None:
            while waiting:
                envelope = waiting.pop()
                try:
                    await connection.open()
                    await replies.put(await connection.send(envelope, handing_over))
                except _Lost as lost:
                    await connection.close()
                    await replies.put(judge(envelope.delivery, 421, str(lost)))

        workers = [asyncio.create_task(work(connection)) for connection in self._connections]
        try:
            for _ in envelopes:
                yield await replies.get()
        finally:
            for worker in workers:
                worker.cancel()

    async def close(self) -> None:
        """End every connection politely."""
        for connection in self._connections:
            await connection.close()
