"""One batch ahead: the next rows are read and understood while the database writes these."""

import queue
import threading
from collections.abc import Generator, Iterator
from typing import TypeVar

T = TypeVar("T")


def one_ahead(source: Iterator[T]) -> Generator[T, None, None]:
    """The items of `source`, each made while the one before is used. An error of `source` is raised at its place.

    At most three items are in memory: in use, waiting, being made. Closing the iterator ends the thread.
    """
    waiting: queue.Queue[tuple[T | None, BaseException | None]] = queue.Queue(maxsize=1)
    ended = threading.Event()

    def put(item: tuple[T | None, BaseException | None]) -> None:
        while not ended.is_set():
            try:
                waiting.put(item, timeout=0.2)
            except queue.Full:
                continue
            return

    def make() -> None:
        try:
            for item in source:
                put((item, None))
                if ended.is_set():
                    return
            put((None, None))
        except BaseException as error:  # noqa: BLE001 (raised again where the items are used)
            put((None, error))

    thread = threading.Thread(target=make, name="one ahead", daemon=True)
    thread.start()
    try:
        while True:
            item, error = waiting.get()
            if error is not None:
                raise error
            if item is None:
                return
            yield item
    finally:
        ended.set()
        thread.join()
