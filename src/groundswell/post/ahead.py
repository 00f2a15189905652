"""Letters written a little ahead of the wire, and signed beside it: the signature is the dearest part of a letter.

Whoever is free signs: the threads here, and the sender itself where none is ready. Nothing of a letter that waits here
has been handed over.
"""

import os
from collections import deque
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread

from groundswell.engine.transports.base import Envelope

DEPTH = 12
"""Letters written ahead at most, of some thirty kilobytes each."""
LOW = 4
"""So few, and more are written: several in a row cost a tenth less each than one between two replies."""
Unsealed = tuple[Envelope, Callable[[], bytes]]
"""A letter on its way, without its bytes, and what makes them."""
Written = tuple[Envelope, Callable[[], bytes] | None]
"""The same, or a letter that needs no signature: it has its bytes already."""


class Ahead:
    """The letters of one sender between being written and being taken."""

    def __init__(self, threads: int | None = None) -> None:
        self._threads_wanted = min(2, (os.cpu_count() or 1) - 1) if threads is None else threads
        self._unsealed: SimpleQueue[Unsealed | None] = SimpleQueue()
        self._sealed: deque[Envelope] = deque()
        self._threads: list[Thread] = []
        self.failure: BaseException | None = None
        self.held = 0
        """Letters in here: waiting, being signed, or signed."""

    @property
    def is_full(self) -> bool:
        """Whether enough is written ahead."""
        return self.held >= DEPTH

    @property
    def is_low(self) -> bool:
        """Whether it is time to write more."""
        return self.held <= LOW

    @property
    def at_hand(self) -> bool:
        """Whether `take` gives one now."""
        return bool(self._sealed) or not self._unsealed.empty()

    def put(self, envelope: Envelope, seal: Callable[[], bytes] | None) -> None:
        """To be signed soon; or, without a seal, ready as it is."""
        self.held += 1
        if seal is None:
            self._sealed.append(envelope)
            return
        if len(self._threads) < self._threads_wanted:
            self._threads.append(Thread(target=self._sign, name="signing", daemon=True))
            self._threads[-1].start()
        self._unsealed.put((envelope, seal))

    def take(self) -> Envelope | None:
        """A letter that is ready; signs one where none is. None where all that is left is being signed this moment."""
        try:
            envelope = self._sealed.popleft()
        except IndexError:
            try:
                found = self._unsealed.get_nowait()
            except Empty:
                return None
            if found is None:
                return None
            envelope, seal = found
            envelope.data = seal()
        self.held -= 1
        return envelope

    def close(self) -> list[Envelope]:
        """End the threads; what was not taken."""
        left: list[Envelope] = []
        while not self._unsealed.empty():
            try:
                found = self._unsealed.get_nowait()
            except Empty:
                break
            if found is not None:
                left.append(found[0])
        for _ in self._threads:
            self._unsealed.put(None)
        for thread in self._threads:
            thread.join()
        left += self._sealed
        self._sealed.clear()
        self._threads.clear()
        self.held = 0
        return left

    def _sign(self) -> None:
        while (found := self._unsealed.get()) is not None:
            envelope, seal = found
            try:
                envelope.data = seal()
            except BaseException as error:  # noqa: BLE001 (raised by the sender, which ends then)
                self.failure = error
            self._sealed.append(envelope)
