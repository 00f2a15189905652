"""Two things at a time: the next batch is made while the last one is used, in two threads.

The database is asked in the caller's thread by `fed`, and used in it by `one_ahead`: a connection belongs to one thread.
"""

import contextvars
import queue
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Final, TypeVar, cast

T = TypeVar("T")
R = TypeVar("R")

_END: Final = object()


class _Handing:
    """Hands items from one thread to another, one waiting at most; either side may end it, and the other hears of it."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[object] = queue.Queue(maxsize=1)
        self._ended = threading.Event()

    def end(self) -> None:
        """Nothing is taken any more."""
        self._ended.set()

    def put(self, item: object) -> bool:
        """False where nobody takes it any more."""
        while not self._ended.is_set():
            try:
                self._waiting.put(item, timeout=0.2)
            except queue.Full:
                continue
            return True
        return False

    def get(self) -> object:
        return self._waiting.get()


class _Failed:
    def __init__(self, error: BaseException) -> None:
        self.error = error


def one_ahead(source: Iterator[T]) -> Generator[T, None, None]:
    """The items of `source`, each made in a thread while the one before is used. An error of `source` is raised at its place.

    At most three items are in memory: in use, waiting, being made. Closing the iterator ends the thread.
    """
    handing = _Handing()

    def make() -> None:
        try:
            for item in source:
                if not handing.put(item):
                    return
            handing.put(_END)
        except BaseException as error:  # noqa: BLE001 (raised again where the items are used)
            handing.put(_Failed(error))

    thread = _started(make, "one ahead")
    try:
        yield from _taken(handing)
    finally:
        handing.end()
        thread.join()


def fed(source: Iterable[T], use: Callable[[Iterator[T]], R]) -> R:
    """What `use` makes of the items of `source`: it runs in a thread, and each item is made here while it uses the one before.

    At most three items are in memory. An error on either side ends both, and is raised here.
    """
    handing = _Handing()
    made: list[R] = []
    failed: list[BaseException] = []

    def work() -> None:
        try:
            made.append(use(_taken(handing)))
        except BaseException as error:  # noqa: BLE001 (raised again in the caller's thread)
            failed.append(error)
        finally:
            handing.end()

    thread = _started(work, "fed")
    try:
        for item in source:
            if not handing.put(item):
                break
        handing.put(_END)
    except BaseException as error:
        handing.put(_Failed(error))
        thread.join()
        raise
    thread.join()
    if failed:
        raise failed[0]
    return made[0]


def _taken(handing: _Handing) -> Generator[T, None, None]:
    while (item := handing.get()) is not _END:
        if isinstance(item, _Failed):
            raise item.error
        yield cast(T, item)


def _started(work: Callable[[], None], name: str) -> threading.Thread:
    thread = threading.Thread(target=contextvars.copy_context().run, args=[work], name=name, daemon=True)
    thread.start()
    return thread
