"""The desk between the books and the relays: claims rows ahead, writes letters as they are asked for, records in groups.

One thread beside the sender speaks with the database, so that SMTP never waits for it; letters are written in the
sender's own thread, one between two replies, and signed wherever there is time (`ahead`).
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from groundswell.basics.clock import Clock
from groundswell.basics.ids import DeliveryId
from groundswell.basics.result import Refused
from groundswell.engine.outcome import Reply
from groundswell.engine.transports.base import Envelope, Halt
from groundswell.post.ahead import Ahead, Written
from groundswell.post.handover_log import HandoverLog
from groundswell.post.operations.claiming import Claimed

SMALLEST, LARGEST = 50, 1000
"""Rows claimed at a time: about two seconds' worth, so that a pause or a more urgent letter is heard of soon."""
FIRST = 500
"""Before the pace is known; what was claimed and not begun goes back within a second of a pause."""
GROUP, GROUP_SECONDS = 500, 0.5
"""Replies are recorded in groups of so many, or after so long."""


@dataclass(slots=True)
class Due:
    """A claimed row whose letter can be written: `write` gives its envelope, and what signs it."""

    claimed: Claimed
    write: Callable[[], Written]


class Books(Protocol):
    """What the desk needs of the database. Each call may wait for it to come back, and runs in the desk's thread."""

    def fetch(self, limit: int) -> Sequence[Due]: ...
    def record(self, replies: Sequence[Reply], attempts: Mapping[DeliveryId, int]) -> None: ...
    def release(self, deliveries: Sequence[DeliveryId], due: datetime) -> None: ...
    def may_go_on(self) -> bool: ...
    def allowance(self) -> tuple[int, float]:
        """How many letters may be claimed now, and how many seconds until more may be (speed, warm-up, quiet hours)."""


class Sending:
    """A transport's supply for the time of one `deliver`."""

    def __init__(self, books: Books, log: HandoverLog, executor: Executor, clock: Clock, *, most: int | None = None,
                 seen: Callable[[int], None] = lambda _: None, go_on: Callable[[], bool] = lambda: True) -> None:  # fmt: skip
        self._books, self._log, self._executor, self._clock, self._seen = books, log, executor, clock, seen
        self._go_on = go_on
        self._waiting: deque[Due] = deque()
        self._back: list[Envelope] = []
        self._ahead = Ahead()
        self._attempts: dict[DeliveryId, int] = {}
        self._replies: list[Reply] = []
        self._left = most
        self._batch = FIRST
        self._dry = self._stopped = False
        self._news = asyncio.Event()
        self._filling: asyncio.Task[None] | None = None
        self._recording: asyncio.Task[None] | None = None
        self._ticking: asyncio.Task[None] | None = None
        self._failure: BaseException | None = None  # of the books: nothing more can be recorded
        self._halted: OSError | None = None  # of the log: nothing more may be begun
        self.taken = 0
        self.counts: dict[str, int] = {}

    # What a transport calls

    def take(self) -> Envelope | None:
        """The next letter, written a moment ago, and signed where it is to be."""
        if self._stopped:
            return None
        if self._back:
            return self._back.pop()
        if self._ahead.is_low:
            self._write_ahead()
        if self._ahead.failure is not None:
            self._failure = self._failure or self._ahead.failure
            self.stop()
            return None
        return self._ahead.take()

    def _write_ahead(self) -> None:
        """Some letters, one after the other: what writes them is still at hand for the second."""
        while self._waiting and not self._ahead.is_full:
            due = self._waiting.popleft()
            if len(self._waiting) < self._batch >> 1:
                self._fill_up()
            try:
                envelope, seal = due.write()
            except Refused as refused:
                # One row that can't be written must not keep the others waiting for ever.
                words = f"5.1.3 {refused.problems[0].message}"
                self.answered(Reply(due.claimed.delivery, "refused", 553, words))
                continue
            self._ahead.put(envelope, seal)

    async def more(self) -> bool:
        """Wait until there is a letter at hand; False where there will be none."""
        self._flush()
        while True:
            if self._failure is not None or self._stopped:
                return False
            if self._back or self._waiting or self._ahead.at_hand:
                return True
            if self._ahead.held:
                await asyncio.sleep(0.0005)  # the last ones are being signed
                continue
            if self._dry and self._filling is None:
                return False
            self._fill_up()
            self._news.clear()
            await self._news.wait()

    def begun(self, delivery: DeliveryId) -> None:
        """Into the log before the letter's end goes out."""
        try:
            self._log.begun(delivery)
        except OSError as error:
            self._halt(error)
            raise Halt from None

    def answered(self, reply: Reply) -> None:
        """Into the log, and with others into the books."""
        if reply.state == "uncertain":
            self._log.doubtful(reply.delivery)
        else:
            accepted = reply.state == "accepted"
            self._log.answered(reply.delivery, accepted=accepted)
            self.taken += accepted
        self.counts[reply.state] = self.counts.get(reply.state, 0) + 1
        self._replies.append(reply)
        if len(self._replies) >= GROUP and self._recording is None:
            self._recording = asyncio.get_running_loop().create_task(self._record())

    def give_back(self, envelope: Envelope) -> None:
        """It may go another way."""
        self._back.append(envelope)
        self._news.set()

    # The desk's own life

    async def open(self) -> None:
        """Begin: from now on groups are recorded in time."""
        self._ticking = asyncio.get_running_loop().create_task(self._tick())

    async def close(self, *, due: datetime) -> None:
        """Record what was answered, give back what was not handed over (ready again at `due`)."""
        if self._ticking is not None:
            self._ticking.cancel()
        for task in (self._filling, self._recording):
            if task is not None:
                await asyncio.wait([task])
        while self._replies and self._failure is None:
            await self._record()
        self._back += self._ahead.close()
        rest = [envelope.delivery for envelope in self._back] + [due_.claimed.delivery for due_ in self._waiting]
        self._back.clear()
        self._waiting.clear()
        if rest and self._failure is None:
            await self._in_books(lambda: self._books.release(rest, due))
        self._flush()
        error = self._failure or self._halted
        if error is not None:
            raise error

    def stop(self) -> None:
        """Take no more; what is on its way ends as it ends."""
        self._stopped = True
        self._news.set()

    def _flush(self) -> None:
        try:
            self._log.flush()
        except OSError as error:
            self._halt(error)

    def _halt(self, error: OSError) -> None:
        self._halted = error
        self.stop()

    def _fill_up(self) -> None:
        if self._filling is None and not self._dry and self._failure is None:
            self._filling = asyncio.get_running_loop().create_task(self._fill())

    async def _fill(self) -> None:
        try:
            limit, wait = await self._in_books(self._books.allowance)
            limit = min(limit, self._batch if self._left is None else min(self._batch, self._left))
            if limit <= 0 and wait:
                await asyncio.sleep(wait)
                return
            began = time.monotonic()
            batch = await self._in_books(lambda: self._books.fetch(limit)) if limit > 0 else None
            if batch is None or (not batch and limit > 0):
                self._dry = True
                return
            for due in batch:
                self._attempts[due.claimed.delivery] = due.claimed.attempts
            self._waiting.extend(batch)
            if self._left is not None:
                self._left -= len(batch)
            # Rows come much faster than letters leave, or the batch is too small to be worth asking for.
            slow = time.monotonic() - began > 1.0
            self._batch = max(SMALLEST, self._batch // 2) if slow else self._batch
        except BaseException as error:  # noqa: BLE001 (kept, and raised by `close` once the transport has ended)
            self._failure = error
        finally:
            self._filling = None
            self._news.set()

    async def _record(self) -> None:
        replies, self._replies = self._replies, []
        try:
            self._flush()
            await self._in_books(lambda: self._books.record(replies, self._attempts))
            deliveries = [reply.delivery for reply in replies]
            self._log.recorded(deliveries)
            for delivery in deliveries:
                self._attempts.pop(delivery, None)
            self._seen(len(replies))
        except BaseException as error:  # noqa: BLE001 (as above; the log keeps what the books could not take)
            self._replies = replies + self._replies
            self._failure = error
            self._news.set()
        finally:
            self._recording = None

    async def _tick(self) -> None:
        while True:
            before = self.taken
            await asyncio.sleep(GROUP_SECONDS)
            rate = (self.taken - before) / GROUP_SECONDS
            self._batch = max(SMALLEST, min(LARGEST, int(rate * 2)))
            if self._replies and self._recording is None:
                self._recording = asyncio.get_running_loop().create_task(self._record())
            try:
                if not self._go_on() or not await self._in_books(self._books.may_go_on):
                    self.stop()
            except Exception as error:  # noqa: BLE001 (raised by `close`)
                self._failure = error
                self._news.set()
                return

    async def _in_books(self, call: Callable[[], "object"]):  # type: ignore[no-untyped-def]
        return await asyncio.get_running_loop().run_in_executor(self._executor, call)


def soon(now: datetime) -> datetime:
    """When rows that a relay would not even hear of are due again."""
    return now + timedelta(minutes=1)
