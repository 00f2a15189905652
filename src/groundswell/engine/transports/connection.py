"""One kept SMTP connection (RFC 5321). The next envelope travels behind the last letter's dot (RFC 2920).

A letter then costs one write and one read: `letter . MAIL RCPT DATA` there, four replies back.
"""

import asyncio
import base64
import ssl
from contextlib import suppress

from groundswell.engine.outcome import Reply, judge
from groundswell.engine.transports.base import Envelope, Halt, Supply
from groundswell.engine.transports.relay import Relay
from groundswell.engine.transports.wire import Answer, Lost, Wire

_CONNECT, _GREETING, _REPLY, _AFTER_DATA = 30.0, 300.0, 300.0, 600.0  # seconds, RFC 5321 4.5.3.2


class Connection:
    """Hands letters to one relay, one after the other."""

    def __init__(self, relay: Relay, helo: str) -> None:
        self.relay, self._helo = relay, helo
        self._wire: Wire | None = None
        self._extensions: dict[str, str] = {}
        self._size_limit = 0
        self.progress = 0
        """How many letters this connection had an answer for: one that gets none is not worth opening again."""

    @property
    def is_open(self) -> bool:
        """Whether letters can go this way without a new connection."""
        return self._wire is not None and not self._wire.ended

    def watch(self, now: float) -> None:
        """Called now and then: ends a connection whose relay has fallen silent."""
        if self._wire is not None:
            self._wire.watch(now)

    async def open(self) -> None:
        """Connect, greet, secure, log in; `Lost` with the reason where any of it fails. Nothing to do when open."""
        if self.is_open:
            return
        self._drop()
        try:
            await asyncio.wait_for(self._connect(), _CONNECT)
            await self._expect(220, _GREETING, "the relay does not greet")
            await self._hello()
            if self.relay.security == "starttls":
                await self._starttls()
            if self.relay.user:
                await self._authenticate()
        except (OSError, TimeoutError, Lost) as error:
            self._drop()
            raise Lost(_words(error)) from None

    async def work(self, supply: Supply) -> None:
        """Hand over letters as long as the supply has one at hand and the relay stays. Returns, or `Lost`."""
        invited: Envelope | None = None
        try:
            while True:
                if invited is None:
                    envelope = self._next(supply)
                    if envelope is None:
                        return
                    invited = await self._offer(envelope, supply)
                else:
                    envelope, invited = invited, None
                    invited = await self._letter(envelope, supply)
        except (Lost, Halt):
            self._drop()
            raise

    async def close(self) -> None:
        """Say goodbye."""
        if self.is_open:
            with suppress(Lost, OSError):
                self._write(b"QUIT\r\n")
                await asyncio.wait_for(self._answers(1, 2.0), 2.0)
        self._drop()

    def _next(self, supply: Supply) -> Envelope | None:
        """The next letter that this relay can take at all; what it can't take is answered here."""
        while (envelope := supply.take()) is not None:
            if not envelope.rcpt_to.isascii() and "SMTPUTF8" not in self._extensions:
                # RFC 6531 3.2: never downgraded, never guessed at.
                words = "5.6.7 the relay takes no addresses beyond ASCII (SMTPUTF8)"
                supply.answered(Reply(envelope.delivery, "refused", 553, words))
            elif self._size_limit and len(envelope.data) > self._size_limit:
                supply.answered(Reply(envelope.delivery, "refused", 552, "5.3.4 the letter is larger than the relay takes"))
            else:
                return envelope
        return None

    async def _offer(self, envelope: Envelope, supply: Supply) -> Envelope | None:
        """Say from whom and to whom; gives the envelope back where the relay now waits for the letter itself."""
        try:
            self._write(self._commands(envelope))
            if "PIPELINING" in self._extensions:
                replies = await self._answers(3, _REPLY)
            else:
                replies = await self._answers(1, _REPLY)
                for command in (self._rcpt(envelope), b"DATA\r\n"):
                    if replies[-1][0] >= 400:
                        break
                    self._write(command)
                    replies += await self._answers(1, _REPLY)
            return await self._judged(envelope, supply, replies)
        except _NotSaid as lost:
            raise Lost(str(lost)) from None
        except Lost:
            supply.give_back(envelope)
            raise

    async def _letter(self, envelope: Envelope, supply: Supply) -> Envelope | None:
        """Write the letter, and the next one's commands behind its dot; returns that next one if it was invited."""
        following = self._next(supply) if "PIPELINING" in self._extensions else None
        wire = self._wire
        if wire is None or wire.transport is None or wire.ended:
            supply.give_back(envelope)
            self._give_back(following, supply)
            raise Lost(wire.ended if wire else "closed")
        try:
            supply.begun(envelope.delivery)
        except Halt:
            supply.give_back(envelope)
            self._give_back(following, supply)
            raise
        if following is None:
            wire.transport.write(b"%b.\r\n" % envelope.data)
            await wire.wait_for(1, _AFTER_DATA)
        else:
            wire.transport.write(b"%b.\r\n%b" % (envelope.data, self._commands(following)))
            await wire.wait_for(4, _AFTER_DATA)
        if not wire.answers:
            supply.answered(Reply(envelope.delivery, "uncertain", 0, "the reply to a letter handed over was lost"))
            self._give_back(following, supply)
            raise Lost(wire.ended)
        code, text = wire.answers[0]
        self.progress += 1
        supply.answered(judge(envelope.delivery, code, text.decode("utf-8", "replace")))
        replies, wire.answers = wire.answers[1:], []
        if code == 421 or (following is not None and len(replies) < 3):
            self._give_back(following, supply)
            raise Lost(_said([(code, text)]) if code == 421 else _said(replies) or wire.ended)
        if following is None:
            return None
        try:
            return await self._judged(following, supply, replies)
        except _NotSaid as lost:
            raise Lost(str(lost)) from None
        except Lost:
            supply.give_back(following)
            raise

    async def _judged(self, envelope: Envelope, supply: Supply, replies: list[Answer]) -> Envelope | None:
        """The envelope where the relay invited its letter, None where the relay said no. `Lost`: nothing was said of it."""
        last = replies[-1][0]
        no = next((reply for reply in replies if not 200 <= reply[0] < 400), None)
        if no is None and last == 354:
            return envelope
        code, text = no or replies[-1]
        if code == 421:
            # Said of the connection, not of the letter (RFC 5321 3.8): the letter goes another way.
            raise Lost(_said([(code, text)]))
        self.progress += 1
        supply.answered(judge(envelope.delivery, code, text.decode("utf-8", "replace")))
        try:
            if last == 354:
                # DATA was taken although the recipient was not (RFC 2920 3.1): end it empty.
                self._write(b".\r\n")
                await self._answers(1, _AFTER_DATA)
            else:
                self._write(b"RSET\r\n")
                await self._answers(1, _REPLY)
        except Lost as lost:
            raise _NotSaid(str(lost)) from None
        return None

    def _commands(self, envelope: Envelope) -> bytes:
        ways = " SMTPUTF8" if not envelope.rcpt_to.isascii() else ""
        size = f" SIZE={len(envelope.data)}" if "SIZE" in self._extensions else ""
        mail = f"MAIL FROM:<{envelope.mail_from}>{size}{ways}\r\n"
        if "PIPELINING" not in self._extensions:
            return mail.encode()
        return f"{mail}RCPT TO:<{envelope.rcpt_to}>\r\nDATA\r\n".encode()

    @staticmethod
    def _rcpt(envelope: Envelope) -> bytes:
        return f"RCPT TO:<{envelope.rcpt_to}>\r\n".encode()

    @staticmethod
    def _give_back(envelope: Envelope | None, supply: Supply) -> None:
        if envelope is not None:
            supply.give_back(envelope)

    async def _connect(self) -> None:
        context = self._tls() if self.relay.security == "tls" else None
        _, self._wire = await asyncio.get_running_loop().create_connection(Wire, self.relay.host, self.relay.port, ssl=context)

    async def _hello(self) -> None:
        self._write(f"EHLO {self._helo}\r\n".encode())
        (code, text), *_ = await self._answers(1, _REPLY)
        if code != 250:
            raise Lost(f"EHLO was answered {code}")
        words = [line.upper().partition(" ") for line in text.decode("ascii", "replace").split("\n")[1:]]
        self._extensions = {name: rest for name, _, rest in words}
        limit = self._extensions.get("SIZE", "")
        self._size_limit = int(limit) if limit.isdigit() else 0

    async def _starttls(self) -> None:
        if "STARTTLS" not in self._extensions:
            raise Lost("the relay offers no STARTTLS")
        self._write(b"STARTTLS\r\n")
        await self._expect(220, _REPLY, "the relay refused STARTTLS")
        wire = self._wire
        if wire is None or wire.transport is None:
            raise Lost("the connection ended")
        # What was said before the handshake is forgotten (RFC 3207 4.2), and no plain word counts after it.
        loop = asyncio.get_running_loop()
        secure = await asyncio.wait_for(
            loop.start_tls(wire.transport, wire, self._tls(), server_hostname=self.relay.host), _CONNECT
        )
        if secure is None or wire.answers or wire.ended:
            raise Lost("STARTTLS failed")
        wire.transport = secure
        await self._hello()

    async def _authenticate(self) -> None:
        methods = self._extensions.get("AUTH", "").split()
        user, password = self.relay.user, self.relay.password
        if "PLAIN" in methods or not methods:
            secret = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
            self._write(f"AUTH PLAIN {secret}\r\n".encode())
        elif "LOGIN" in methods:
            for word in ("AUTH LOGIN", base64.b64encode(user.encode()).decode()):
                self._write(f"{word}\r\n".encode())
                await self._expect(334, _REPLY, "the relay refused our name or password")
            self._write(base64.b64encode(password.encode()) + b"\r\n")
        else:
            raise Lost("the relay offers neither AUTH PLAIN nor LOGIN")
        await self._expect(235, _REPLY, "the relay refused our name or password")

    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.relay.ca or None)

    def _write(self, data: bytes) -> None:
        if self._wire is None or self._wire.transport is None or self._wire.ended:
            raise Lost(self._wire.ended if self._wire else "closed")
        self._wire.transport.write(data)

    async def _answers(self, count: int, seconds: float) -> list[Answer]:
        wire = self._wire
        if wire is None:
            raise Lost("closed")
        await wire.wait_for(count, seconds)
        if len(wire.answers) < count:
            raise Lost(_said(wire.answers) or wire.ended)
        answers, wire.answers = wire.answers[:count], wire.answers[count:]
        return answers

    async def _expect(self, code: int, seconds: float, otherwise: str) -> None:
        found, text = (await self._answers(1, seconds))[0]
        if found != code:
            raise Lost(f"{otherwise}: {found} {text.decode('utf-8', 'replace')}"[:200])

    def _drop(self) -> None:
        wire, self._wire = self._wire, None
        if wire is not None and wire.transport is not None:
            wire.transport.close()


class _NotSaid(Exception):
    """The connection ended after the letter had been answered: there is nothing to give back."""


def _said(answers: list[Answer]) -> str:
    return f"{answers[-1][0]} {answers[-1][1].decode('utf-8', 'replace')}" if answers else ""


def _words(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"TLS failed: {error.reason or 'broken'}"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
