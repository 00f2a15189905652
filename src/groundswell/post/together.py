"""A large letter handed over by several processes: one sender keeps one core busy, and a machine has more.

The others claim rows of the same letter as any sender does; the books and the hand-over logs keep them apart. A helper ends
in order as soon as whoever started it is gone: its standard input ends then.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from threading import Event, Thread
from types import TracebackType
from typing import Self

from django.db import connection

from groundswell.basics.clock import Clock
from groundswell.basics.ids import LetterId
from groundswell.engine.transports.base import Transport
from groundswell.engine.transports.smtp import SmtpTransport
from groundswell.post import queries
from groundswell.post.deliver import deliver
from groundswell.post.handover_log import living
from groundswell.post.recipients import PostOffice

WORTH_IT = 20_000
"""Letters that are due from which on another process pays: it takes a second or two to be ready."""
Ways = Callable[[int], Transport]
"""How many senders share the way out → this sender's part of it."""
_PATIENCE = 15.0
"""Seconds that a helper gets for the letters it has on the wire."""
READY, GO, TAKEN = "ready\n", "go\n", "taken "


def deliver_together(
    *, letter_id: LetterId, office: PostOffice, ways: Ways, clock: Clock, helpers: Sequence[str], senders: int,
    seen: Callable[[int], None] = lambda _: None,
) -> int:  # fmt: skip
    """As `deliver`, in up to `senders` processes where so many are worth it; `helpers` is the command that starts another.

    Senders that live already count, of whatever letter. Returns how many the relay took, as far as helpers lived to say so.
    """
    more = 0
    if isinstance(transport := ways(1), SmtpTransport):
        more = _worth(letter_id, office, clock, senders - 1 - len(living(office.logs)))
    if not more:
        return deliver(letter_id=letter_id, office=office, transport=transport, clock=clock, seen=seen)
    with Helpers([*helpers, str(letter_id), str(more + 1)], more, seen) as beside:
        beside.go()
        office = replace(office, senders=more + 1)
        taken = deliver(letter_id=letter_id, office=office, transport=ways(more + 1), clock=clock, seen=seen)
        whole = beside.wait()
    if not whole:  # what a helper held when it died is put right, and goes now
        taken += deliver(letter_id=letter_id, office=office, transport=ways(1), clock=clock, seen=seen)
    return taken + beside.taken


def _worth(letter_id: LetterId, office: PostOffice, clock: Clock, most: int) -> int:
    # A warm-up is of few letters; and within a transaction another process would not see the rows.
    if most < 1 or office.ramp is not None or connection.in_atomic_block:
        return 0
    return min(most, queries.due_up_to(letter_id, clock(), WORTH_IT * most) // WORTH_IT)


@dataclass
class Helpers:
    """So many processes of one command, started and waiting; `go` lets them begin. Left early, they end in order."""

    command: Sequence[str]
    count: int
    seen: Callable[[int], None]
    taken: int = 0
    """Letters that the relay took from those that ended in order."""
    _processes: list["subprocess.Popen[str]"] = field(default_factory=list)
    _readers: list[Thread] = field(default_factory=list)

    def __enter__(self) -> Self:
        for _ in range(self.count):
            # In the process group of whoever started them: what ends a group ends them as well.
            self._processes.append(subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        return self

    def ready(self) -> None:
        """Wait until each of them could begin at once."""
        for process in self._processes:
            if process.stdout is not None:
                process.stdout.readline()

    def go(self) -> None:
        """Begin, each as soon as it is ready."""
        for process in self._processes:
            with suppress(OSError):  # it died already: `wait` says so
                if process.stdin is not None:
                    process.stdin.write(GO)
                    process.stdin.flush()
            thread = Thread(target=self._listen, args=(process,), name="helper", daemon=True)
            thread.start()
            self._readers.append(thread)

    def wait(self) -> bool:
        """Wait until nothing is left for them; False where one ended otherwise than in order."""
        for process in self._processes:
            process.wait()
        for thread in self._readers:
            thread.join()
        return all(process.returncode == 0 for process in self._processes)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for process in self._processes:
            with suppress(OSError):
                if process.stdin is not None:
                    process.stdin.close()
        for process in self._processes:
            _ended(process)
        for thread in self._readers:
            thread.join()
        for process in self._processes:
            if process.stdout is not None:
                process.stdout.close()

    def _listen(self, process: "subprocess.Popen[str]") -> None:
        for line in process.stdout or ():
            number = line.removeprefix(TAKEN).strip()
            if not number.isdigit():
                continue
            if line.startswith(TAKEN):
                self.taken += int(number)
            else:
                self.seen(int(number))


def _ended(process: "subprocess.Popen[str]") -> None:
    """Wait for one that was told to end. A relay may be silent for minutes: nobody waits for that, its log tells the rest."""
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def help_with(*, letter_id: LetterId, office: PostOffice, transport: Transport, clock: Clock) -> None:
    """A helper's own life: say that it is ready, wait for the word, deliver, and end in order when its starter is gone."""
    _say(READY)
    if sys.stdin.readline() != GO:
        return
    alone = Event()
    Thread(target=_hear_the_end, args=(alone,), name="starter", daemon=True).start()
    taken = deliver(
        letter_id=letter_id, office=office, transport=transport, clock=clock, seen=lambda count: _say(f"{count}\n"),
        go_on=lambda: not alone.is_set(),
    )  # fmt: skip
    _say(f"{TAKEN}{taken}\n")


def _hear_the_end(alone: Event) -> None:
    # Not by way of `sys.stdin`, whose lock a thread would still hold when the interpreter ends.
    while os.read(sys.stdin.fileno(), 64):
        pass
    alone.set()


def _say(words: str) -> None:
    with suppress(OSError):  # nobody listens any more
        sys.stdout.write(words)
        sys.stdout.flush()
