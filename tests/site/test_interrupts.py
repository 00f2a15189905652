"""Ctrl-C is heard even where Python would drop it."""

import subprocess
import sys

IN_A_FINALIZER = """
import os, signal, sys, time, weakref
from groundswell.site.interrupts import ignoring_interrupts, insistent_interrupts

class Thing:
    pass

signal.signal(signal.SIGINT, signal.default_int_handler)  # a suite started in the background ignores it

try:
    with insistent_interrupts():
        thing = Thing()
        weakref.finalize(thing, lambda: (os.kill(os.getpid(), signal.SIGINT), time.sleep(0.01)))
        del thing  # the interrupt comes in here, and what it raises is lost
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            time.sleep(0.01)
    print("never heard")
except KeyboardInterrupt:
    with ignoring_interrupts():
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(1)  # longer than until the next repetition
    print("heard")
"""


def test_an_interrupt_that_comes_in_a_finalizer_is_heard_and_nothing_is_printed_of_it() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", IN_A_FINALIZER],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (ran.stdout, ran.stderr, ran.returncode) == ("heard\n", "", 0)


IN_THE_MIDDLE = """
import os, signal
from groundswell.site.interrupts import deferring_interrupts, insistent_interrupts

signal.signal(signal.SIGINT, signal.default_int_handler)
done = []
try:
    with insistent_interrupts():
        with deferring_interrupts():
            os.kill(os.getpid(), signal.SIGTERM)
            done.append("whole")
        done.append("never")
except KeyboardInterrupt:
    done.append("then raised")
signal.signal(signal.SIGINT, signal.SIG_IGN)
with deferring_interrupts():
    os.kill(os.getpid(), signal.SIGINT)
print(done, signal.getsignal(signal.SIGINT) == signal.SIG_IGN)
"""


def test_what_must_not_be_cut_in_two_is_ended_first_and_an_ignored_signal_stays_ignored() -> None:
    ran = subprocess.run([sys.executable, "-c", IN_THE_MIDDLE], check=False, capture_output=True, text=True, timeout=60)
    assert (ran.stdout, ran.stderr, ran.returncode) == ("['whole', 'then raised'] True\n", "", 0)


MADE_INTO_ANOTHER = """
import os, signal, time
from groundswell.site.interrupts import ignoring_interrupts, insistent_interrupts, plain_interrupts

class Descriptor:
    def __set_name__(self, owner, name):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(1)

def made_into_another():
    try:
        class Holder:  # before Python 3.12 this is a RuntimeError
            field = Descriptor()
    except BaseException as error:
        raise RuntimeError("a library's own words") from error

signal.signal(signal.SIGINT, signal.default_int_handler)
done = []
try:
    with insistent_interrupts(), plain_interrupts():
        made_into_another()
except KeyboardInterrupt:
    done.append("interrupted")
try:
    with insistent_interrupts():
        try:
            made_into_another()
        finally:
            with ignoring_interrupts():
                pass
except KeyboardInterrupt:
    done.append("also after a shutdown")
try:
    with insistent_interrupts():
        try:
            os.kill(os.getpid(), signal.SIGINT)
        finally:
            with ignoring_interrupts():
                raise ValueError("the shutdown failed")
except ValueError:
    done.append("a fault stays a fault")
print(done)
"""


def test_an_interrupt_that_a_library_made_into_a_fault_is_an_interrupt_again_and_a_fault_of_the_shutdown_is_not() -> None:
    ran = subprocess.run([sys.executable, "-c", MADE_INTO_ANOTHER], check=False, capture_output=True, text=True, timeout=60)
    assert ran.stdout == "['interrupted', 'also after a shutdown', 'a fault stays a fault']\n", ran.stderr
    assert (ran.stderr, ran.returncode) == ("", 0)
