"""What is measured beside us in the same run: OpenSSL's bare signatures, Postfix's own sender, and the receiver of both."""

import asyncio
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/lib/postfix/sbin"))


def rsa_per_s(seconds: int = 3) -> float:
    """RSA-2048 signatures a second that OpenSSL makes on one core, doing nothing else.

    By the clock on the wall, as our own letters are counted: without `-elapsed` it counts only the time that it was let
    run, and on a busy machine nothing could stand beside that.
    """
    command = ["openssl", "speed", "-elapsed", "-seconds", str(seconds), "rsa2048"]
    spoken = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for line in spoken.splitlines():
        if found := re.match(r"rsa\s+2048 bits\s+[\d.]+s\s+[\d.]+s(?:\s+[\d.]+s\s+[\d.]+s)?\s+([\d.]+)", line):
            return float(found.group(1))
    raise RuntimeError("openssl speed does not say how fast it signs")


@contextmanager
def receiver() -> Iterator[tuple[int, str]]:
    """A receiver that throws letters away, in a process of its own: its port, and which one it is."""
    port = _free_port()
    sink = shutil.which("smtp-sink", path=PATH)
    if sink:
        as_user = ["-u", "nobody"] if os.geteuid() == 0 else []
        process = subprocess.Popen([sink, *as_user, f"127.0.0.1:{port}", "200"], cwd="/tmp")  # noqa: S108 (it writes nothing)
    else:
        process = subprocess.Popen([sys.executable, "-m", "groundswell.cli.bench_mailing.peers", str(port)])
    try:
        _wait_for(port)
        yield port, "Postfix smtp-sink" if sink else "our own receiver (Postfix's smtp-sink is not installed)"
    finally:
        process.terminate()
        process.wait()


def smtp_source_per_s(port: int, size: int, letters: int = 20_000) -> float | None:
    """Letters a second from Postfix's smtp-source to the same receiver over eight kept connections; None without it."""
    source = shutil.which("smtp-source", path=PATH)
    if not source:
        return None
    began = time.perf_counter()
    subprocess.run(
        [source, "-d", "-s", "8", "-m", str(letters), "-l", str(size), "-f", "a@example.org", "-t", "b@example.org",
         f"127.0.0.1:{port}"],
        check=True,
    )  # fmt: skip
    return letters / (time.perf_counter() - began)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError("the receiver did not start")


class _Sink(asyncio.Protocol):
    """Takes everything, keeps nothing."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._rest, self._in_letter = b"", False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]
        transport.write(b"220 sink\r\n")  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        data = self._rest + data
        out = b""
        while True:
            if self._in_letter:
                end = data.find(b"\r\n.\r\n")
                if end < 0:
                    self._rest = data[-4:]
                    break
                data, self._in_letter = data[end + 5 :], False
                out += b"250 taken\r\n"
                continue
            line, found, rest = data.partition(b"\r\n")
            if not found:
                self._rest = data
                break
            data, verb = rest, line[:4].upper()
            if verb == b"EHLO":
                out += b"250-sink\r\n250-8BITMIME\r\n250 PIPELINING\r\n"
            elif verb == b"DATA":
                out += b"354 go\r\n"
                self._in_letter = True
                data = b"\r\n" + data  # a letter may begin with its end
            else:
                out += b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n"
        if out and self._transport:
            self._transport.write(out)


async def _serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(_Sink, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
