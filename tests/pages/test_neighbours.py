"""Doors side by side: what one knows of an attack the others know, and together they let in what one would."""

import multiprocessing
import os
import threading
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from groundswell.pages.door.guard import BURST, RAISE_AT, Guard, Networks
from groundswell.pages.door.neighbours import Raised, Spent
from groundswell.pages.door.shelf import Shelf

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
NET = bytes(range(8))


def doubt(guard: Guard, *, network: bytes = b"", domain: str = "example.org") -> str:
    return guard.doubt(action=1, network=network, values={"stamp": guard.stamp()}, domain=domain, by_letter=False)


def test_together_they_let_in_what_one_would(tmp_path: Path) -> None:
    doors = [Guard(b"k" * 32, tmp_path, clock=lambda: NOW, processes=4) for _ in range(4)]
    said = [doubt(doors[number % 4], network=NET) for number in range(60)]
    assert said.count("") == BURST and set(said) == {"", "many from one network"}


def test_what_one_raised_all_ask_for_and_a_new_process_too(tmp_path: Path) -> None:
    looks = [0.0]
    doors = [Guard(b"k" * 32, tmp_path, clock=lambda: NOW, processes=2) for _ in range(2)]
    for door in doors:
        door._raised = Raised(tmp_path, clock=lambda: looks[0])
    assert not any(door.raised(1) for door in doors)
    for _ in range(RAISE_AT // 2):
        doubt(doors[0], domain="mailinator.com")
    assert doors[0].raised(1) and not doors[1].raised(1)
    looks[0] += 1
    assert doors[1].raised(1) and not doors[1].raised(2)
    assert Guard(b"k" * 32, tmp_path, clock=lambda: NOW).raised(1), "started anew in the middle of the attack"
    (tmp_path / "raised-x").write_text("junk")
    (tmp_path / "raised-3").write_text("")
    looks[0] += 1
    assert doors[1].raised(1) and not doors[1].raised(3)


def test_an_attack_that_goes_on_is_told_on_and_a_clock_that_jumped_raises_nothing(tmp_path: Path) -> None:
    one = Raised(tmp_path)
    for tenth in range(100):
        one.set(1, 1000.0 + tenth / 10)
    assert Raised(tmp_path).until(1) >= 1008, "not only when it began"
    one.set(1, NOW.timestamp() + 86_400)
    assert not Guard(b"k" * 32, tmp_path, clock=lambda: NOW).raised(1)


def test_a_proof_of_work_counts_once_whichever_door_it_is_brought_to(tmp_path: Path) -> None:
    doors, now = [Spent(tmp_path) for _ in range(3)], NOW.timestamp()
    for number in range(50):
        took = [door.take(f"proof {number}", ends=now + 7000, now=now) for door in doors]
        assert took == [True, False, False]
    assert Spent(tmp_path).take("proof 7", ends=now + 7000, now=now) is False, "also after a new start"
    assert doors[1].take("proof 7", ends=now + 99_000, now=now + 98_000), "another hour's, of the same words"
    assert [path.name for path in tmp_path.iterdir()] == [f"spent-{int(now + 99_000) // 3600}"], "and what is over is gone"


def test_brought_to_all_at_once_it_counts_once(tmp_path: Path) -> None:
    now, taken, gate = NOW.timestamp(), [], threading.Barrier(6)

    def bring() -> None:
        door = Spent(tmp_path)
        gate.wait()
        taken.extend(number for number in range(200) if door.take(f"proof {number}", ends=now, now=now))

    threads = [threading.Thread(target=bring) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == list(range(200))


def test_a_full_disk_takes_no_proof_and_still_raises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now, spent = NOW.timestamp(), Spent(tmp_path)
    assert spent.take("first", ends=now, now=now)
    whole = os.write
    monkeypatch.setattr(os, "write", lambda file, content: whole(file, content[:5]))
    assert not spent.take("second", ends=now, now=now)
    monkeypatch.setattr(os, "write", whole)
    assert spent.take("second", ends=now, now=now) and not Spent(tmp_path).take("second", ends=now, now=now)
    nowhere = tmp_path / "file"
    nowhere.write_text("")
    assert not Spent(nowhere / "below").take("third", ends=now, now=now)
    raised = Raised(nowhere / "below")
    raised.set(1, now + 5)
    assert raised.until(1) == now + 5


def _today(folder: Path, into: "multiprocessing.Queue[bytes]") -> None:
    into.put(Networks(folder, today=lambda: date(2026, 1, 1)).of("192.0.2.7"))


def test_all_of_them_have_one_key_a_day(tmp_path: Path) -> None:
    starting = multiprocessing.get_context("spawn")
    into = starting.Queue()
    doors = [starting.Process(target=_today, args=(tmp_path / "journal", into)) for _ in range(4)]
    for door in doors:
        door.start()
    hashes = {into.get(timeout=60) for _ in doors}
    for door in doors:
        door.join()
    assert len(hashes) == 1 and len(hashes.pop()) == 8
    (tmp_path / "journal" / "network.key").write_text("2026-01-01 cut sh")
    assert len(Networks(tmp_path / "journal", today=lambda: date(2026, 1, 1)).of("192.0.2.7")) == 8


def test_a_count_does_not_go_back_from_one_door_to_the_next(tmp_path: Path) -> None:
    file = tmp_path / "count.json"
    file.write_text("1")
    doors = [Shelf(tmp_path, clock=lambda: 0.0) for _ in range(2)]
    first = [door.sheet("count.json", at_once=True) for door in doors]
    assert [sheet.content for sheet in first if sheet] == [b"1", b"1"]
    file.with_suffix(".new").write_text("2")
    file.with_suffix(".new").replace(file)
    again = [door.sheet("count.json", at_once=True) for door in doors]
    assert [sheet.content for sheet in again if sheet] == [b"2", b"2"], "at the very same moment"
    assert doors[0].sheet("count.json") is again[0]
