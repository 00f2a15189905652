"""Everything that is not public goes to the office over a unix socket: one request, one connection, streamed back."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "proxy-authorization", "expect"})
# An address names a person; the office never needs a visitor's.
_DROPPED = frozenset({"x-forwarded-for", "x-real-ip", "forwarded", "content-length"})


class OfficeAway(Exception):
    """The office does not answer; the public door stays open."""


async def ask(
    socket: Path, method: str, target: str, headers: list[tuple[str, str]], body: bytes
) -> tuple[int, list[tuple[str, str]], AsyncIterator[bytes]]:
    """Status, headers and body of the office's answer."""
    try:
        reader, writer = await asyncio.wait_for(asyncio.open_unix_connection(str(socket)), 5)
    except (OSError, TimeoutError) as error:
        raise OfficeAway(type(error).__name__) from None
    head = [f"{method} {target} HTTP/1.1", "Connection: close", f"Content-Length: {len(body)}"]
    head += [f"{name}: {value}" for name, value in headers if name.lower() not in _HOP | _DROPPED]
    try:
        writer.write(("\r\n".join(head) + "\r\n\r\n").encode("latin-1") + body)
        raw = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 60)
    except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        writer.close()
        raise OfficeAway(type(error).__name__) from None
    first, *lines = raw.decode("latin-1").rstrip().split("\r\n")
    pairs = [(name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    lower = {name.lower(): value for name, value in pairs}
    chunked = lower.get("transfer-encoding", "").lower() == "chunked"

    async def content() -> AsyncIterator[bytes]:
        try:
            while True:
                if chunked:
                    size = int((await reader.readline()).split(b";")[0] or b"0", 16)
                    if size == 0:
                        break
                    yield await reader.readexactly(size)
                    await reader.readline()
                else:
                    piece = await reader.read(65536)
                    if not piece:
                        break
                    yield piece
        finally:
            writer.close()

    kept = [(name, value) for name, value in pairs if name.lower() not in _HOP and name.lower() != "content-length"]
    return int(first.split(" ")[1]), kept, content()
