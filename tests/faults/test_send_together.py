"""A letter handed over by two processes at once, one of which dies: nobody is left out or mailed twice unsaid."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.test_send_killed import CONNECTIONS, Field, faultless, opened
from tests.faults.world import PEOPLE

pytestmark = [pytest.mark.faults, pytest.mark.slow]


def begun(field: Field, letter: int) -> "subprocess.Popen[bytes]":
    """A sender that has one helper, which is at work already."""
    command = [sys.executable, "-m", "tests.faults.world", "together", "1000", str(letter)]
    sender = subprocess.Popen(command, env=field.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert sender.stdout and sender.stdout.readline() == b"begun\n"
    return sender


def helper_of(sender: "subprocess.Popen[bytes]") -> int:
    children = Path(f"/proc/{sender.pid}/task/{sender.pid}/children")
    until(lambda: bool(children.read_text().split()))
    return int(children.read_text().split()[0])


def until(done: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.005)


def living(field: Field) -> int:
    """Senders that hold a log."""
    return len(list((field.home / "post").glob("*.log")))


def alive(pid: int) -> bool:
    try:
        return "helper" in Path(f"/proc/{pid}/cmdline").read_text()
    except FileNotFoundError:
        return False


def counted(field: Field, letter: int) -> dict[str, int]:
    return json.loads(field.run("audit", str(field.ledger), str(letter)))  # type: ignore[no-any-return]


def audited(field: Field, letter: int) -> dict[str, int]:
    counts = counted(field, letter)
    faultless(counts, PEOPLE)
    return counts


def all_arrived(field: Field, letter: int) -> None:
    """All that is still to be done is done, and nobody is in doubt about what was."""
    for _ in range(2):  # the first puts right what a dead sender left
        sender = field.sender([letter])
        sender.communicate(timeout=120)
        assert sender.returncode == 0
        field.run("settle", str(field.ledger), str(letter))
    assert audited(field, letter).get("rows accepted") == PEOPLE
    assert living(field) == 0


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    """The relay takes its time, so that a letter is long enough to be helped with."""
    with opened(tmp_path_factory.mktemp("together"), "slow") as field:
        yield field


@pytest.fixture(scope="module")
def letters(slow: Field) -> list[int]:
    """One for each test."""
    return json.loads(slow.run("seed", "4"))  # type: ignore[no-any-return]


def test_two_processes_hand_over_one_letter(slow: Field, letters: list[int]) -> None:
    sender = begun(slow, letter := letters.pop())
    helper_of(sender)
    until(lambda: living(slow) == 2)
    out, errors = sender.communicate(timeout=120)
    assert sender.returncode == 0 and int(out) == PEOPLE and not errors, errors.decode()
    assert audited(slow, letter)["rows accepted"] == PEOPLE and living(slow) == 0


def test_a_helper_that_is_killed_leaves_its_rows_to_the_sender(slow: Field, letters: list[int]) -> None:
    sender = begun(slow, letter := letters.pop())
    helper = helper_of(sender)
    until(lambda: living(slow) == 2)
    before = slow.held()
    until(lambda: slow.held() > before + 200)
    os.kill(helper, signal.SIGKILL)
    sender.communicate(timeout=120)
    assert sender.returncode == 0
    counts = audited(slow, letter)
    assert counts.get("rows uncertain", 0) <= CONNECTIONS // 2, "what the helper had on the wire, and nothing else"
    assert counts["rows accepted"] + counts.get("rows uncertain", 0) == PEOPLE
    all_arrived(slow, letter)


def test_a_helper_ends_in_order_when_its_sender_is_killed(slow: Field, letters: list[int]) -> None:
    sender = begun(slow, letter := letters.pop())
    helper = helper_of(sender)
    until(lambda: living(slow) == 2)
    sender.kill()
    sender.communicate()
    until(lambda: not alive(helper))
    assert living(slow) == 1, "only what the dead sender left is still there"
    counts = counted(slow, letter)
    assert counts.get("rows uncertain", 0) == 0 and counts["rows left open"] > 0, "it ended before the letter did"
    all_arrived(slow, letter)


def test_an_interrupted_sender_takes_its_helper_along(slow: Field, letters: list[int]) -> None:
    sender = begun(slow, letter := letters.pop())
    helper = helper_of(sender)
    until(lambda: living(slow) == 2)
    sender.send_signal(signal.SIGINT)
    sender.communicate(timeout=60)
    assert not alive(helper)
    assert counted(slow, letter).get("rows accepted", 0) < PEOPLE
    all_arrived(slow, letter)
