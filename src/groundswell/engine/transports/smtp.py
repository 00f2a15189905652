"""SMTP to one or more relays: connections kept open, shared out by weight, every letter accounted for."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress

from groundswell.engine.transports.base import Halt, Supply, Unreachable
from groundswell.engine.transports.connection import Connection
from groundswell.engine.transports.relay import Relay, shares
from groundswell.engine.transports.wire import Lost

__all__ = ["CONNECTIONS", "Relay", "SmtpTransport"]

CONNECTIONS = 8
"""Of one installation to its relays, usually."""
_TRIES = 4
"""Failed connections in a row until a connection gives up; the waits between them double from `patience` seconds."""


class SmtpTransport:
    """Hands letters to relays over kept connections. One relay down is the others' work; all down is `Unreachable`."""

    def __init__(
        self, relays: Relay | Sequence[Relay], *, connections: int = CONNECTIONS, helo: str = "localhost", patience: float = 0.2
    ) -> None:
        chosen = (relays,) if isinstance(relays, Relay) else tuple(relays)
        self._connections = [Connection(relay, helo) for relay in shares(chosen, connections)]
        self._patience = patience

    async def send(self, supply: Supply) -> None:
        """Hand over what the supply has. `Unreachable` names the last reason where every connection gave up."""
        ended: list[str] = []
        watcher = asyncio.create_task(self._watch())
        try:
            async with asyncio.TaskGroup() as group:
                for connection in self._connections:
                    group.create_task(self._keep(connection, supply, ended))
        finally:
            watcher.cancel()
            with suppress(asyncio.CancelledError):
                await watcher
        if len(ended) == len(self._connections):
            raise Unreachable(ended[-1])

    async def close(self) -> None:
        """End every connection politely."""
        await asyncio.gather(*(connection.close() for connection in self._connections))

    async def _keep(self, connection: Connection, supply: Supply, ended: list[str]) -> None:
        failed = 0
        while await supply.more():
            before = connection.progress
            try:
                await connection.open()
                await connection.work(supply)
                failed = 0
            except Halt:
                return
            except Lost as lost:
                failed = failed + 1 if connection.progress == before else 1
                if failed >= _TRIES:
                    ended.append(f"{connection.relay.host}:{connection.relay.port}: {lost}")
                    return
                await asyncio.sleep(self._patience * 2 ** (failed - 1))

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(1)
            now = time.monotonic()
            for connection in self._connections:
                connection.watch(now)
