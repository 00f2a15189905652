"""Delivering a letter: claim, open addresses in memory, render, sign, hand over, record.

The mailroom's only caller.
"""

import asyncio
import gc
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections

from groundswell.basics.clock import Clock
from groundswell.basics.ids import LetterId
from groundswell.basics.result import Refused
from groundswell.engine.transports.base import Transport, Unreachable
from groundswell.people import mailroom
from groundswell.post import operations
from groundswell.post.desk import Desk
from groundswell.post.handover_log import HandoverLog
from groundswell.post.recipients import PostOffice, message_id
from groundswell.post.sending import Sending, soon

__all__ = ["PostOffice", "deliver", "message_id"]


def deliver(
    *, letter_id: LetterId, office: PostOffice, transport: Transport, clock: Clock,
    seen: Callable[[int], None] = lambda _: None, most: int | None = None, go_on: Callable[[], bool] = lambda: True,
) -> int:  # fmt: skip
    """Hand over every due row of a letter (at most `most`); returns how many the relay took.

    Once `go_on` says no (it is asked twice a second), nothing more is begun, and what is on its way ends as it ends. Safe to
    run in several processes, and to repeat after any crash: what a dead sender left is put right first.
    `Refused` where no relay takes letters: the rows are ready again.
    """
    operations.recover(folder=office.logs, now=clock())
    log = HandoverLog(office.logs)
    executor = _executor()
    in_order = False
    thresholds = gc.get_threshold()
    # A batch is thousands of small things that live for a second: looking for cycles among them found none and took a
    # tenth of the time. Memory stays bounded: what a letter needs is freed by counting, and rounds come all the same.
    gc.set_threshold(100_000, 20, 100)
    try:
        desk = Desk(letter_id, office, log.owner, clock, mailroom.cards)
        sending = partial(Sending, desk, log, executor, clock, most=most, seen=seen, go_on=go_on)
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            taken = runner.run(_deliver(sending(), transport, clock))
            while desk.forgotten() and most is None and go_on():
                taken += runner.run(_deliver(sending(), transport, clock))
        in_order = True
    finally:
        gc.set_threshold(*thresholds)
        executor.submit(connection.close) if isinstance(executor, ThreadPoolExecutor) else None
        executor.shutdown()
        with suppress(OSError):  # a full disk: what it could not write is in the books already, or stays in doubt
            log.close(in_order=in_order)
    return taken


async def _deliver(sending: Sending, transport: Transport, clock: Clock) -> int:
    unreachable: Unreachable | None = None
    await sending.open()
    try:
        await transport.send(sending)
    except Unreachable as error:
        unreachable = error
    finally:
        now = clock()
        await sending.close(due=soon(now) if unreachable else now)
        await transport.close()
    if unreachable is not None:
        raise Refused.because(
            "relay-unreachable",
            f"No mail relay takes letters: {unreachable}. {sending.taken} were taken before; nothing is lost.",
            "Look at the relay (`groundswell doctor`), then send again: it goes on where it was.",
        )
    return sending.taken


class _Inline(Executor):
    """Runs at once, on the caller's own connection: within its transaction another one would not see its rows."""

    def __init__(self) -> None:
        self._connection = connections[DEFAULT_DB_ALIAS]

    def submit(self, call: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        connections[DEFAULT_DB_ALIAS] = self._connection  # an event loop has connections of its own
        try:
            future.set_result(call(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 (handed to whoever awaits the future)
            future.set_exception(error)
        return future


def _executor() -> Executor:
    return _Inline() if connection.in_atomic_block else ThreadPoolExecutor(1, thread_name_prefix="books")


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop  # noqa: PLC0415 (faster where it is installed; the same without)
    except ImportError:
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory
