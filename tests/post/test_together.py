"""Helpers of a sender: started, told to begin, counted, told to end; here with stand-ins for the process itself."""

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from groundswell.basics.ids import LetterId
from groundswell.engine.pace import Pace, Ramp
from groundswell.engine.transports.smtp import Relay as Address
from groundswell.engine.transports.smtp import SmtpTransport
from groundswell.post import together
from groundswell.post.deliver import deliver
from groundswell.post.desk import Desk
from groundswell.post.handover_log import HandoverLog
from groundswell.post.operations import address
from groundswell.post.queries import due_up_to, progress
from tests.people.test_people import supporter
from tests.post.test_post import Relay, lodged, office

WAITS = "import sys; print('ready', flush=True); word = sys.stdin.readline(); "


def stand_in(rest: str) -> list[str]:
    return [sys.executable, "-c", WAITS + rest]


def test_helpers_begin_when_told_and_what_they_did_is_counted() -> None:
    seen: list[int] = []
    command = stand_in("print('3\\n4\\ntaken 5' if word == 'go\\n' else 0, flush=True); print('noise', flush=True)")
    with together.Helpers(command, 2, seen.append) as helpers:
        helpers.ready()
        helpers.go()
        assert helpers.wait()
    assert sum(seen) == 14, "all that had an answer"
    assert helpers.taken == 10, "a letter that was refused is not taken"


def test_a_helper_that_dies_is_noticed() -> None:
    with together.Helpers(stand_in("sys.exit(3)"), 1, lambda _: None) as helpers:
        helpers.go()
        assert not helpers.wait()
    with together.Helpers([sys.executable, "-c", "raise SystemExit(1)"], 1, lambda _: None) as helpers:
        helpers.ready()
        helpers.go()  # nobody is there to be told
        assert not helpers.wait()


@pytest.mark.parametrize("stubborn", ["sys.stdin.read()", "import time; time.sleep(60)"])
def test_helpers_end_when_the_sender_is_interrupted(stubborn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "_PATIENCE", 1.0)
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt), together.Helpers(stand_in(stubborn), 1, lambda _: None) as helpers:
        helpers.ready()
        helpers.go()
        raise KeyboardInterrupt
    assert time.monotonic() - began < 30
    assert all(process.poll() is not None for process in helpers._processes)


@pytest.mark.django_db
def test_few_letters_a_warm_up_and_other_senders_need_no_help(now: datetime, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "WORTH_IT", 2)
    monkeypatch.setattr(together, "connection", SimpleNamespace(in_atomic_block=False))  # as outside of a test
    letter_id = lodged(now)
    address(letter_id=letter_id, persons=[(supporter(now, f"p{n}@example.org"), "") for n in range(5)], now=now)
    assert due_up_to(letter_id, now, 3) == 3 and due_up_to(letter_id, now - timedelta(days=1), 3) == 0
    house, clock = office(home), lambda: now
    assert together._worth(letter_id, house, clock, 1) == 1
    assert together._worth(letter_id, house, clock, 7) == 2, "five rows keep two others busy, and no more"
    assert together._worth(letter_id, house, clock, 0) == together._worth(letter_id, house, clock, -1) == 0
    assert together._worth(letter_id, replace(house, ramp=Ramp(now.date(), 100, 2)), clock, 1) == 0
    monkeypatch.setattr(together, "WORTH_IT", 6)
    assert together._worth(letter_id, house, clock, 1) == 0


@pytest.mark.django_db
def test_one_sender_alone_where_others_live_already(now: datetime, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def worth(letter_id: LetterId, house: object, clock: object, most: int) -> int:
        asked.append(most)
        return 0

    def ways(senders: int) -> SmtpTransport:
        return SmtpTransport(Address.parse("smtp://127.0.0.1:9"))

    monkeypatch.setattr(together, "_worth", worth)
    letter_id, house = lodged(now), office(home)
    run: Callable[[], int] = lambda: together.deliver_together(  # noqa: E731
        letter_id=letter_id, office=house, ways=ways, clock=lambda: now, helpers=["false"], senders=3
    )
    assert run() == 0 and asked == [2]
    other = HandoverLog(house.logs)
    assert run() == 0 and asked == [2, 1]
    other.close(in_order=True)


@pytest.mark.django_db
def test_a_sender_that_is_told_to_end_begins_nothing_more(now: datetime, home: Path) -> None:
    letter_id = lodged(now)
    address(letter_id=letter_id, persons=[(supporter(now, f"p{n}@example.org"), "") for n in range(4)], now=now)

    class Slow(Relay):
        async def send(self, supply: object) -> None:
            import asyncio

            await asyncio.sleep(1.2)
            await super().send(supply)  # type: ignore[arg-type]

    relay = Slow()
    assert deliver(letter_id=letter_id, office=office(home), transport=relay, clock=lambda: now, go_on=lambda: False) == 0
    assert relay.got == [] and progress(letter_id) == {"ready": 4}
    assert deliver(letter_id=letter_id, office=office(home), transport=Relay(), clock=lambda: now) == 4


def test_senders_side_by_side_share_a_budget() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    alone, shared = Pace({"slow.example": 6}), Pace({"slow.example": 6})
    turns = [alone.wait_until("slow.example", now) for _ in range(5)]
    halves = [shared.wait_until("slow.example", now, among=2) for _ in range(5)]
    assert turns == [None, *(now + timedelta(seconds=10 * n) for n in range(1, 5))]
    assert halves == [None, *(now + timedelta(seconds=20 * n) for n in range(1, 5))]


@pytest.mark.django_db
def test_senders_side_by_side_share_a_letters_speed(now: datetime, home: Path) -> None:
    alone, shared = (
        Desk(lodged(now), replace(office(home), senders=senders), "me", lambda: now, lambda persons: {}) for senders in (1, 2)
    )
    assert alone._within_speed(1000, 6000)[0] == 2 * shared._within_speed(1000, 6000)[0] == 100
