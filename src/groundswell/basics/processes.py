"""A process that ends with the one that started it, however that one ended (Linux; elsewhere nothing is promised)."""

import ctypes
import multiprocessing
import signal
from contextlib import suppress

_PR_SET_PDEATHSIG = 1
"""prctl(2): the signal that the kernel sends to this process when its parent is gone."""


def end_with_parent(number: int) -> None:
    """Get signal `number` when the parent dies, even by kill -9. To be called in the child; a child of its own must ask again."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number)


def end_with_server() -> None:
    """For a web server's worker process: end when the server's own process is gone. Elsewhere it does nothing."""
    if multiprocessing.parent_process() is not None:
        end_with_parent(signal.SIGTERM)
