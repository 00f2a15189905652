"""Everything that is not public goes to the office over a unix socket: one request, one connection, streamed both ways."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "proxy-authorization", "expect"})
# An address names a person; the office never needs a visitor's.
_DROPPED = frozenset({"x-forwarded-for", "x-real-ip", "forwarded", "content-length", "cookie"})
_PATIENCE = 60
"""Seconds that the office may take for the next piece."""
_BROKEN = (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError)

Headers = list[tuple[str, str]]


class OfficeAway(Exception):
    """The office does not answer; the public door stays open."""


class TooLarge(Exception):
    """More bytes came than this place takes."""


async def ask(
    socket: Path, method: str, target: tuple[str, str], headers: Headers, body: AsyncIterator[bytes], length: int
) -> tuple[int, Headers, AsyncGenerator[bytes, None]]:
    """Status, headers and body of the office's answer. `target` is the path, decoded, and the query, as it came.

    `body` holds `length` bytes: the office's gateway (WSGI) reads no body that does not say its length.
    """
    try:
        reader, writer = await asyncio.wait_for(asyncio.open_unix_connection(str(socket)), 5)
    except (OSError, TimeoutError) as error:
        raise OfficeAway(type(error).__name__) from None
    try:
        writer.write(_head(method, target, headers, length))
        await _send(writer, body)
        raw = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _PATIENCE)
        first, *lines = raw.decode("latin-1").rstrip().split("\r\n")
        status = int(first.split(" ")[1])
    except (*_BROKEN, IndexError) as error:
        writer.close()
        raise OfficeAway(type(error).__name__) from None
    except BaseException:
        writer.close()
        raise
    pairs = [(name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    chunked = any(name.lower() == "transfer-encoding" and value.lower() == "chunked" for name, value in pairs)
    # Its length is kept, so that an answer the office broke off is seen to be broken off.
    return status, [(name, value) for name, value in pairs if name.lower() not in _HOP], _content(reader, writer, chunked=chunked)


def _head(method: str, target: tuple[str, str], headers: Headers, length: int) -> bytes:
    path, query = target
    # The server hands the path over decoded: a line break in it must not become one in what we write (request smuggling).
    line = quote(path, safe="/:@!$&'()*+,;=~") + (f"?{query}" if query else "")
    kept = [(name, value) for name, value in headers if name.lower() not in _HOP | _DROPPED]
    cookies = [value for name, value in headers if name.lower() == "cookie"]
    if cookies:
        kept.append(("Cookie", "; ".join(cookies)))  # HTTP/2 may split them, HTTP/1.1 may not (RFC 9113 8.2.3)
    kept += [("Connection", "close"), ("Content-Length", str(length))]
    lines = [f"{method} {line} HTTP/1.1", *(f"{name}: {value}" for name, value in kept)]
    if any(character in text for text in lines for character in "\r\n\x00"):
        raise ValueError("a line break in a header")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def _send(writer: asyncio.StreamWriter, body: AsyncIterator[bytes]) -> None:
    # An office that answers before it has read everything closes its end; its answer is still to be read.
    with suppress(ConnectionError):
        async for piece in body:
            writer.write(piece)
            await asyncio.wait_for(writer.drain(), _PATIENCE)


async def _content(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, chunked: bool) -> AsyncGenerator[bytes, None]:
    try:
        while chunked:
            size = int((await reader.readline()).split(b";")[0], 16)
            if size == 0:
                return
            yield await reader.readexactly(size)
            await reader.readline()
        while piece := await reader.read(65536):
            yield piece
    except (ValueError, asyncio.IncompleteReadError) as error:
        raise OfficeAway(type(error).__name__) from None
    finally:
        writer.close()
