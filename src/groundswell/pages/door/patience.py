"""An end to reading what comes too slowly: who sends a byte a minute must not keep a place for ever.

One look a second for all that is being read. A timer of its own for each, as `asyncio.timeout` sets it, costs a tenth of what
a signature costs, and hardly one of them is ever needed.
"""

import asyncio
from collections.abc import Awaitable

_LOOK = 1.0
"""Seconds between two looks: how much longer than its time something may take."""


class Patience:
    """Waits for what is read, up to its time. For one event loop."""

    def __init__(self) -> None:
        self._until: dict[asyncio.Task[object], float] = {}
        self._late: set[asyncio.Task[object]] = set()
        self._looking = False

    async def wait(self, reading: Awaitable[bytes], seconds: float) -> bytes:
        """What was read; `TimeoutError` once it took more than `seconds`, and the reading is ended."""
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        if task is None:
            raise RuntimeError("there is patience only inside a task")
        self._until[task] = loop.time() + seconds
        if not self._looking:
            self._looking = True
            loop.call_later(_LOOK, self._look)
        try:
            return await reading
        except asyncio.CancelledError:
            # Only our own: whoever else ends this task (a server that stops) means all of it.
            if task in self._late and task.uncancel() == 0:
                raise TimeoutError from None
            raise
        finally:
            del self._until[task]
            self._late.discard(task)

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        for task, until in self._until.items():
            if until < now and task not in self._late:
                self._late.add(task)
                task.cancel()
        self._looking = bool(self._until)
        if self._looking:
            loop.call_later(_LOOK, self._look)
