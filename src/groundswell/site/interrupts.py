"""Ctrl-C is heard, whatever Python was doing when it came.

Python raises KeyboardInterrupt wherever the main thread happens to be. In a finalizer or a weak reference's callback the
exception is printed as "ignored" and gone: the program runs on as if nobody had asked. So an interrupt here is repeated until
somebody has taken it. Elsewhere it is made into another exception (before Python 3.12, whatever is raised in `__set_name__`
while a class is made becomes a RuntimeError): it is told from a fault by an interrupt that came and that nobody has taken.
"""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

Handler = Callable[[int, FrameType | None], object] | int
_ASKING = (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)
AGAIN = 0.5
"""Seconds until an interrupt that nobody took is raised once more."""
_untaken = threading.Event()


@contextmanager
def insistent_interrupts() -> Iterator[None]:
    """Inside, Ctrl-C raises KeyboardInterrupt again and again until this block or `ignoring_interrupts` is reached.

    Leaves a signal alone that is ignored or somebody else's (a child of the group, a host program), and all off the main thread.
    """
    untouched = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL, signal.SIGALRM: signal.SIG_DFL}
    ours = threading.current_thread() is threading.main_thread()
    numbers = [number for number, usual in untouched.items() if ours and signal.getsignal(number) == usual]
    if not numbers:
        yield
        return
    before, unraisable = [signal.signal(number, _interrupt) for number in numbers], sys.unraisablehook
    sys.unraisablehook = _without_interrupts
    try:
        with plain_interrupts():
            yield
    finally:
        _take()
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
        sys.unraisablehook = unraisable


@contextmanager
def ignoring_interrupts() -> Iterator[None]:
    """A second Ctrl-C does not cut the shutdown short, and the first one is taken. Off the main thread nothing is changed."""
    with _handled(signal.SIG_IGN, signal.SIGINT, signal.SIGTERM) as handled:
        if handled:
            _take()
        yield


@contextmanager
def plain_interrupts() -> Iterator[None]:
    """What leaves this block because of an interrupt that nobody has taken leaves it as KeyboardInterrupt, whatever it became."""
    try:
        yield
    except Exception as error:
        if _untaken.is_set() or _made_of_an_interrupt(error):
            raise KeyboardInterrupt from error
        raise


@contextmanager
def deferring_interrupts() -> Iterator[None]:
    """What must not be cut in two, as starting a child and knowing it: an interrupt inside is raised at the end.

    A signal that is ignored stays ignored, and a child started inside hears signals as always (exec drops handlers).
    """
    came: list[int] = []
    heard = [number for number in _ASKING if signal.getsignal(number) not in (signal.SIG_IGN, signal.SIG_DFL, None)]
    with _handled(lambda number, frame: came.append(number), *heard):
        yield
    if came:
        _interrupt(came[0], None)


@contextmanager
def _handled(handler: Handler, *numbers: signal.Signals) -> Iterator[bool]:
    """These signals with this handler, for the time inside; False off the main thread, where Python sets none."""
    if threading.current_thread() is not threading.main_thread():
        yield False
        return
    before = [signal.signal(number, handler) for number in numbers]
    try:
        yield True
    finally:
        for number, former in zip(numbers, before, strict=True):
            signal.signal(number, former)


def _interrupt(number: int, frame: FrameType | None) -> None:
    _untaken.set()
    signal.setitimer(signal.ITIMER_REAL, AGAIN)
    raise KeyboardInterrupt


def _made_of_an_interrupt(error: BaseException | None) -> bool:
    """Whether it names an interrupt as its cause: also where a shutdown on the way has taken it already."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__
    return error is not None


def _take() -> None:
    signal.setitimer(signal.ITIMER_REAL, 0)
    _untaken.clear()


def _without_interrupts(unraisable: "sys.UnraisableHookArgs") -> None:
    # It was lost where nobody could take it, and comes again: nothing that a person must read.
    if not issubclass(unraisable.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(unraisable)
