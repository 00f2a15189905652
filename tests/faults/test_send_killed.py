"""A mailing whose sender, worker, relay and database die again and again: nobody is left out or mailed twice unsaid.

`GROUNDSWELL_KILLS=100 scripts/test tests/faults -m faults -s` is the long run; the suite's own is shorter and as strict.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from groundswell.site.embedded import EmbeddedPostgres
from tests.faults.world import PEOPLE
from tests.ports import free_port

pytestmark = [pytest.mark.faults, pytest.mark.slow]
KILLS = int(os.environ.get("GROUNDSWELL_KILLS", "24"))
LETTERS = 5
CONNECTIONS = 8
"""Of one sender: so many letters at most can be at their end when it dies."""
WORKERS_AT_ONCE = 2


class Field:
    """An installation with its receiver, and processes to be killed."""

    def __init__(self, home: Path, behaviour: str = "good") -> None:
        self.behaviour = behaviour
        self.home, self.ledger = home / "data", home / "ledger"
        self.port = free_port()
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("GROUNDSWELL_", "DATABASE"))},
            "GROUNDSWELL_DATA": str(self.home), "GROUNDSWELL_MODE": "development", "GROUNDSWELL_ONE_LETTER_A_DAY": "false",
            "GROUNDSWELL_SMTP": f"smtp://127.0.0.1:{self.port}", "GROUNDSWELL_INBOUND_LISTEN": f"127.0.0.1:{self.port}",
        }  # fmt: skip
        self.home.mkdir()
        self.database = EmbeddedPostgres(self.home / "postgres")
        self.ledger.touch()
        self.receiver = self._receiver()

    def _receiver(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.faults.receiver", str(self.port), str(self.ledger), self.behaviour]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout and process.stdout.readline() == "ready\n"
        return process

    def run(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "tests.faults.world", *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def sender(self, letters: list[int]) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.faults.world", "send", *map(str, letters)]
        process = subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        # Only now is there anything to be killed at: starting up takes longer than sending where the machine is busy.
        assert process.stdout and process.stdout.readline() == b"begun\n"
        return process

    def worker(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", "import sys; from groundswell.cli import main; sys.exit(main(['worker']))"]
        return subprocess.Popen(command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def held(self) -> int:
        return self.ledger.read_bytes().count(b"\n")

    def audit(self) -> dict[str, int]:
        return json.loads(self.run("audit", str(self.ledger)))  # type: ignore[no-any-return]

    def close(self) -> None:
        self.receiver.kill()
        self.receiver.communicate()
        self.database.stop()


@contextmanager
def opened(home: Path, behaviour: str = "good") -> Iterator[Field]:
    from groundswell.site.installation import make_keys
    from groundswell.site.settings import Settings

    field = Field(home, behaviour)
    make_keys(Settings(data=field.home, mode="development"))
    field.database.start()
    try:
        yield field
    finally:
        field.close()


@pytest.fixture
def field(tmp_path: Path) -> Iterator[Field]:
    with opened(tmp_path) as field:
        yield field


def ended(sender: "subprocess.Popen[bytes]") -> None:
    sender.communicate(timeout=300)
    assert sender.returncode == 0


def faultless(counts: dict[str, int], rows: int) -> None:
    assert counts["rows"] == rows
    for wrong in ("unreported losses", "unreported duplicates", "rows left open", "letters of nobody"):
        assert counts.get(wrong, 0) == 0, counts


def test_killed_again_and_again_everyone_gets_the_letter_once(field: Field, capsys: pytest.CaptureFixture[str]) -> None:
    letters = json.loads(field.run("seed", str(LETTERS)))
    rows, chance = PEOPLE * LETTERS, random.Random(KILLS)
    killed = {"sender": 0, "worker": 0}
    in_flight = 0
    for kill in range(KILLS):
        kind = "worker" if kill % 4 == 3 else "sender"
        process = field.worker() if kind == "worker" else field.sender(letters)
        before, goal = field.held(), chance.randint(0, 2 * rows // (KILLS + 4))
        deadline = time.monotonic() + (30 if goal else chance.uniform(0.1, 1.5))
        while process.poll() is None and field.held() < before + goal and time.monotonic() < deadline:
            time.sleep(0.001)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            killed[kind] += 1
            in_flight += CONNECTIONS * (WORKERS_AT_ONCE if kind == "worker" else 1)
        process.communicate()
    ended(field.sender(letters))
    counts = field.audit()
    with capsys.disabled():
        print(f"\nkilled {killed}, {counts}")
    faultless(counts, rows)
    assert sum(killed.values()) >= KILLS * 2 // 3, "most were killed while there was something to send"
    assert counts.get("rows uncertain", 0) <= in_flight
    field.run("settle", str(field.ledger), *map(str, letters))
    ended(field.sender(letters))
    counts = field.audit()
    assert counts["rows accepted"] == rows == field.held(), counts
    faultless(counts, rows)


def test_relay_and_database_go_away_and_come_back(field: Field, capsys: pytest.CaptureFixture[str]) -> None:
    letters = json.loads(field.run("seed", str(LETTERS)))
    rows, cuts, restarts = PEOPLE * LETTERS, 0, 0
    sender = field.sender(letters)
    for step in range(1, 26):
        while sender.poll() is None and field.held() < rows * step // 27:
            time.sleep(0.002)
        assert sender.poll() is None, "the sender stays"
        if step % 5:
            field.receiver.send_signal(signal.SIGUSR1)
            cuts += 1
        elif step % 2:
            field.database.stop()
            field.database.start()
            restarts += 1
        else:
            assert field.database.pid
            os.kill(field.database.pid, signal.SIGKILL)
            field.database.stop()  # only sees that it is gone
            field.database.start()
            restarts += 1
    ended(sender)
    counts = field.audit()
    with capsys.disabled():
        print(f"\nrelay cut {cuts} times, database restarted {restarts} times (2 by kill -9), {counts}")
    faultless(counts, rows)
    assert (cuts, restarts) == (20, 5)
    assert counts.get("rows uncertain", 0) <= cuts * CONNECTIONS
