"""Our own mail receiver: bounces, goodbyes and answers, by SMTP, into the spool. A process of its own, without a database.

It takes mail for addresses that we made, and for nobody else: a token must open (`b+…`, `u+…`), or the address is one of
a few fixed ones; the rest is refused at RCPT, so that it is no relay and backscatters nothing. "250" is said when the
disk has the mail.
"""

import asyncio
import ipaddress
import json
import os
import signal
import ssl
import sys
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

from groundswell.basics.tokens import TokenKeys, open_delivery
from groundswell.inbox.spool import Piece, Spool

DESKS = ("postmaster", "abuse", "fbl", "forwarded")
"""Local parts that are always taken at the bounce domain: RFC 2142's, complaint reports, and bounces of what we forward."""
MOST_RECIPIENTS = 20
MOST_STRANGERS = 8
"""Unknown recipients a connection may try before it is shown out."""
LARGEST = 10 * 1024 * 1024
"""Bytes of one mail. A mail is held in memory until it is whole: this, times the connections, is what strangers can take."""
MOST_BYTES_A_MINUTE = 200 * 1024 * 1024
"""Bytes that one network may bring in a minute."""
MOST_CONNECTIONS = 100
MOST_PER_NETWORK = 20
SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class MxConfig:
    """Everything the receiver needs, as `up` hands it over in a file of mode 600. No key here opens what it takes in."""

    host: str
    port: int
    spool: str
    intake_public: str
    intake_key_id: int
    token_keys: dict[str, str]
    token_current: int
    bounce_domain: str
    addresses: list[str]
    per_minute: int
    certificate: str = ""
    key: str = ""
    most_bytes: int = LARGEST

    def write(self, path: Path) -> None:
        """Put it where the receiver's process reads it."""
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(asdict(self), file)

    @classmethod
    def read(cls, path: Path) -> "MxConfig":
        """What `write` wrote."""
        return cls(**json.loads(path.read_text()))

    @property
    def tokens(self) -> TokenKeys:
        """The token keys, ready."""
        return TokenKeys({int(key): bytes.fromhex(value) for key, value in self.token_keys.items()}, self.token_current)


@dataclass(slots=True)
class Gate:
    """How much one network brings: connections at once, mails and bytes in the last minute. Knows networks, not hosts."""

    per_minute: int
    clock: Callable[[], float] = time.monotonic
    open_now: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    brought: dict[str, deque[tuple[float, int]]] = field(default_factory=lambda: defaultdict(deque))

    def enter(self, network: str) -> bool:
        """A connection more, or False where there are enough."""
        if sum(self.open_now.values()) >= MOST_CONNECTIONS or self.open_now[network] >= MOST_PER_NETWORK:
            return False
        self.open_now[network] += 1
        return True

    def leave(self, network: str) -> None:
        """A connection less."""
        self.open_now[network] -= 1
        if self.open_now[network] <= 0:
            del self.open_now[network]

    def bring(self, network: str, size: int = 0) -> bool:
        """A mail of `size` bytes more, or False where the last minute had enough."""
        now, lately = self.clock(), self.brought[network]
        while lately and lately[0][0] <= now - 60:
            lately.popleft()
        if len(lately) >= self.per_minute or sum(each for _, each in lately) + size > MOST_BYTES_A_MINUTE:
            return False
        lately.append((now, size))
        if len(self.brought) > 10_000:
            fresh = {key: value for key, value in self.brought.items() if value and value[-1][0] > now - 60}
            self.brought = defaultdict(deque, fresh)
        return True


def network_of(peer: Any) -> str:
    """The /24 (IPv4) or /64 (IPv6) that a peer comes from."""
    try:
        address = ipaddress.ip_address(str(peer[0]).partition("%")[0])
    except (ValueError, TypeError, IndexError):
        return "unknown"
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    return str(ipaddress.ip_network(f"{address}/{24 if address.version == 4 else 64}", strict=False))


class Addresses:
    """Which recipients are ours."""

    def __init__(self, config: MxConfig) -> None:
        self._tokens, self._domain = config.tokens, config.bounce_domain.lower()
        self._fixed = {address.lower() for address in config.addresses} | {f"{desk}@{self._domain}" for desk in DESKS}

    def take(self, address: str) -> bool:
        """True for an address that we made, or one of the fixed ones."""
        low = address.strip("<> ").lower()
        if low in self._fixed or low == "postmaster":  # RFC 5321 4.5.1: also without a domain
            return True
        local, _, domain = low.rpartition("@")
        kind, _, token = local.partition("+")
        if domain != self._domain or kind not in ("b", "u"):
            return False
        return open_delivery(self._tokens, {"b": "bounce", "u": "unsubscribe"}[kind], token) is not None


class Receiving:
    """aiosmtpd's handler: who may be written to, and the mail into the spool."""

    def __init__(self, spool: Spool, addresses: Addresses, gate: Gate) -> None:
        self._spool, self._addresses, self._gate = spool, addresses, gate

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        """Ours, or refused at once."""
        if not self._addresses.take(address):
            session.strangers = getattr(session, "strangers", 0) + 1
            if session.strangers > MOST_STRANGERS:
                server.transport.close()
                return "421 4.7.0 Too many unknown recipients"
            return "550 5.1.1 No such address here"
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients at once"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """On the disk, then acknowledged: once for each recipient."""
        if not self._gate.bring(network_of(session.peer), len(envelope.content)):
            return "451 4.7.1 More mail than we take at once, please try again later"
        for recipient in envelope.rcpt_tos:
            piece = Piece("mail", "smtp", envelope.content, recipient.strip("<> "), envelope.mail_from or "")
            try:
                await asyncio.to_thread(self._spool.keep, piece)
            except (OSError, ValueError):
                return "452 4.3.1 It could not be kept, please try again later"
        return "250 2.0.0 Ok, kept"

    async def handle_exception(self, error: Exception) -> str:
        """Never a traceback on the wire, and never a lost mail: the other side tries again."""
        sys.stderr.write(f"inbound mail: {type(error).__name__}\n")
        return "451 4.3.0 Please try again later"


class Session(SMTP):
    """One connection, counted at the gate; real servers' bounces have longer lines than RFC 5321 allows."""

    line_length_limit = 1_000_000
    gate: Gate
    _network = ""

    def connection_made(self, transport: Any) -> None:
        """Let in, or shown out with a reason."""
        if not self._network:
            network = network_of(transport.get_extra_info("peername"))
            if not self.gate.enter(network):
                transport.write(b"421 4.7.0 Too many connections, please try again later\r\n")
                transport.close()
                self._refused = True
                return
            self._network = network
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """One less."""
        if getattr(self, "_refused", False):
            return
        if self._network and self.transport is not None:
            self.gate.leave(self._network)
        super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        """Nothing is heard of who was shown out."""
        if not getattr(self, "_refused", False):
            super().data_received(data)

    def eof_received(self) -> bool | None:
        """Dito."""
        return None if getattr(self, "_refused", False) else super().eof_received()


async def listen(config: MxConfig, gate: Gate | None = None) -> asyncio.Server:
    """The server, listening."""
    spool = Spool(Path(config.spool), public_key=bytes.fromhex(config.intake_public), key_id=config.intake_key_id)
    gate = gate or Gate(config.per_minute)
    handler = Receiving(spool, Addresses(config), gate)
    loop = asyncio.get_running_loop()
    tls = None
    if config.certificate:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(config.certificate, config.key or None)

    def session() -> Session:
        made = Session(
            handler, hostname=config.bounce_domain, ident="ESMTP", enable_SMTPUTF8=True, loop=loop, tls_context=tls,
            data_size_limit=config.most_bytes, timeout=SECONDS, command_call_limit={"RCPT": 1000, "*": 200},
        )  # fmt: skip
        made.gate = gate
        return made

    return await loop.create_server(session, config.host, config.port, backlog=128)


async def serve(config: MxConfig) -> None:
    """Take mail until told to end."""
    server = await listen(config)
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    async with server:
        await ended.wait()


if __name__ == "__main__":
    asyncio.run(serve(MxConfig.read(Path(sys.argv[1]))))
