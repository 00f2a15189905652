"""Ctrl-C at any moment, or a service manager's SIGTERM: no trace of Python on the screen, and no process left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.ports import free_port

pytestmark = [pytest.mark.slow, pytest.mark.faults]
# A suite that was started in the background ignores Ctrl-C, and its children would too.
HEARING = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)"
BEGUN = "import os, pathlib; pathlib.Path(os.environ['TELL_WHEN_BEGUN']).touch()"
COMMAND = [sys.executable, "-c", f"{HEARING}; from groundswell.cli import main; {BEGUN}; sys.exit(main())", "demo"]


def left_of(folder: Path) -> list[str]:
    """The processes that still work for this installation: by their words, or by their open files."""
    names = []
    for process in psutil.process_iter(["pid", "cmdline", "status"]):
        if process.info["status"] == psutil.STATUS_ZOMBIE:
            continue
        try:
            ours = process.environ().get("GROUNDSWELL_DATA") == str(folder) or str(folder) in " ".join(process.cmdline())
        except psutil.Error:
            continue
        if ours and process.pid != os.getpid():
            names.append(" ".join(process.info["cmdline"] or [])[:120])
    return names


def moments() -> Iterator[tuple[str, float, signal.Signals]]:
    yield "while it is imported", 0.3, signal.SIGINT
    yield "while the database is made", 2.0, signal.SIGINT
    yield "while the list is read", 4.0, signal.SIGTERM
    yield "while the servers start", 6.0, signal.SIGINT
    yield "while letters go out", 7.5, signal.SIGINT


@pytest.mark.parametrize(("when", "seconds", "number"), moments())
def test_ctrl_c_ends_everything_and_says_so_without_a_traceback(
    tmp_path: Path, when: str, seconds: float, number: signal.Signals
) -> None:
    folder = tmp_path / "var"
    listen = {name: f"127.0.0.1:{free_port()}" for name in ("GROUNDSWELL_LISTEN", "GROUNDSWELL_INBOUND_LISTEN")}
    # A measuring of the suite would put an ear of its own on SIGTERM, and ours leaves alone what somebody else hears.
    ours = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    begun = tmp_path / "begun"
    told = {"GROUNDSWELL_DATA": str(folder), "GROUNDSWELL_MODE": "demo", "TELL_WHEN_BEGUN": str(begun)}
    environment = {**ours, **listen, **told}
    demo = subprocess.Popen(
        COMMAND,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    while not begun.exists() and demo.poll() is None:  # before it, the interpreter itself is still starting
        time.sleep(0.01)
    time.sleep(seconds)
    os.kill(demo.pid, number) if number == signal.SIGTERM else os.killpg(demo.pid, number)
    said, _ = demo.communicate(timeout=60)
    assert "Traceback" not in said, when
    assert demo.returncode in (0, 130, -number)
    assert left_of(folder) == []
