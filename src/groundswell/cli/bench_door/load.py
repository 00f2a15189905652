"""A load client for the door: many kept-open connections, every signature by another person, latencies counted honestly.

`python load.py PORT TARGET …` prints one JSON object. It is its own process so that it takes its own core's time and is
measured like any visitor. At a given rate (open loop) a request's time counts from when it was due, not from when a
connection was free: a stalled server can't hide its queue.
"""

import gc
import json
import select
import socket
import subprocess
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from groundswell.cli.bench_door.metronome import apart_from

BODY = b"name=Ada+Lovelace&email=p%012d%%40example.org&country=GB&postcode=SW1A&consent=yes&source=bench&text_version=1"


@dataclass(slots=True)
class Tally:
    """What came back."""

    good: int = 0
    bad: int = 0
    times: list[tuple[float, float]] = field(default_factory=list)
    """When each was due and when its answer was there, on the monotonic clock."""


def measure(  # noqa: PLR0912, PLR0915 (one loop, kept in one piece: every call in it would be measured too)
    *, port: int, path: str, connections: int, seconds: float, first: int, rate: float = 0.0, get: bool = False
) -> Tally:
    """Ask for `seconds` and wait for what is under way. `rate` per second, or as fast as answers come where it is 0."""
    size = len(BODY % 0)
    head = (
        f"GET {path} HTTP/1.1\r\nHost: bench\r\nAccept-Encoding: gzip\r\n\r\n" if get else
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {size}\r\n\r\n"
    ).encode()  # fmt: skip
    wanted = b"HTTP/1.1 200" if get else b"HTTP/1.1 303"
    tally = Tally()
    poll = select.epoll()
    sockets: dict[int, socket.socket] = {}
    for _ in range(connections):
        one = socket.create_connection(("127.0.0.1", port), 10)
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        one.setblocking(False)
        sockets[one.fileno()] = one
        poll.register(one, select.EPOLLIN)
    idle = deque(sockets)
    since: dict[int, float] = {}
    missing: dict[int, int] = {}
    number, sent = first, 0
    began = time.perf_counter()
    ends = began + seconds
    while True:
        now = time.perf_counter()
        if now < ends:
            due = int((now - began) * rate) - sent if rate else len(idle)
            while idle and due > 0:
                file = idle.popleft()
                since[file] = began + sent / rate if rate else now
                sockets[file].send(head if get else head + BODY % number)
                number, sent, due = number + 1, sent + 1, due - 1
        elif not since or now > ends + 20:
            break
        for file, _ in poll.poll(0.001 if rate else 0.05):
            answer = sockets[file].recv(262144)
            if file not in since:
                continue  # the tail of an answer that was counted by its head
            if file in missing:
                missing[file] -= len(answer)
                if missing[file] > 0 and answer:
                    continue
                del missing[file]
            elif not answer:
                poll.unregister(file)
                since.pop(file, None)
                tally.bad += 1
                continue
            else:
                good = answer.startswith(wanted)
                tally.good, tally.bad = tally.good + good, tally.bad + (not good)
                rest = _rest(answer) if get or not good else 0
                if rest > 0:
                    missing[file] = rest
                    continue
            tally.times.append((since.pop(file), time.perf_counter()))
            idle.append(file)
    for one in sockets.values():
        one.close()
    return tally


def _rest(answer: bytes) -> int:
    """Bytes of this answer that have not come yet."""
    head, _, body = answer.partition(b"\r\n\r\n")
    at = head.lower().find(b"content-length:")
    return int(head[at + 15 :].split(b"\r\n", 1)[0]) - len(body) if at >= 0 else 0


def percentile(times: list[float], share: float) -> float:
    """The time, in milliseconds, that this share of them did not exceed."""
    ordered = sorted(times) or [0.0]
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000, 2)


def summary(tally: Tally, seconds: float) -> dict[str, float]:
    """Rate and percentiles in milliseconds."""
    times = [ended - began for began, ended in tally.times]
    return {
        "good": tally.good, "bad": tally.bad, "per_s": round(tally.good / seconds, 1), "p50_ms": percentile(times, 0.5),
        "p99_ms": percentile(times, 0.99), "max_ms": percentile(times, 1.0),
    }  # fmt: skip


def main(asked: dict[str, Any]) -> dict[str, Any]:
    """Measure as asked; with `machine`, also how long the machine itself stood still, and what is left of the times without it."""
    gc.disable()  # the client's own tidying up would count as the door's
    if not asked.pop("machine", False):
        return summary(measure(**asked), asked["seconds"])
    words = [sys.executable, "-m", "groundswell.cli.bench_door.metronome", str(asked["seconds"])]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as metronome:
        tally = measure(**asked)
        said, _ = metronome.communicate()
    still: list[tuple[float, float]] = json.loads(said)
    seen = summary(tally, asked["seconds"])
    seen["machine_stood_still"] = round(sum(end - begin for begin, end in still) / asked["seconds"], 4)
    seen["p99_apart_ms"] = percentile(apart_from(tally.times, still), 0.99)
    return seen


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(json.loads(sys.argv[1]))) + "\n")
