"""The bench of the door counts honestly: what was late because the machine stood still is told apart, never left out of the figure."""

import time

import pytest

from groundswell.cli.bench_door import metronome
from groundswell.cli.bench_door.load import Tally, percentile, summary


def test_only_what_a_moment_of_standing_still_fell_into_is_told_apart() -> None:
    times = [(5.0, 5.4), (0.0, 0.1), (1.0, 1.2), (1.15, 1.16), (3.0, 3.01)]
    assert metronome.apart_from(times, [(1.1, 1.12), (4.9, 5.1)]) == pytest.approx([0.1, 0.01, 0.01])
    assert sorted(metronome.apart_from(times, [])) == pytest.approx([0.01, 0.01, 0.1, 0.2, 0.4])
    assert summary(Tally(5, 0, times), 5.0)["max_ms"] == 400.0


def test_slow_is_what_took_many_times_the_usual() -> None:
    beats = [(n * 0.005, n * 0.005 + 0.0001, 0.0001 if n != 7 else 0.0004) for n in range(20)]
    assert metronome.slow(beats) == [(pytest.approx(0.035), pytest.approx(0.0401))]
    assert metronome.slow([]) == []


def test_a_thread_that_waits_for_its_turn_is_not_a_machine_that_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metronome, "sum", lambda _: time.sleep(0.02), raising=False)
    beats = metronome.listen(0.2)
    assert len(beats) >= 3 and all(own < 0.01 < ended - began for began, ended, own in beats)


def test_percentiles_are_of_what_came() -> None:
    assert percentile([0.001 * n for n in range(1, 101)], 0.99) == 100.0 and percentile([], 0.99) == 0.0
