"""The worker makes way for a crowd at the door, and ends between two batches."""

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from groundswell.site import worker
from groundswell.site.worker import Intake, rest_after


def test_the_rest_is_in_proportion_to_the_crowd() -> None:
    assert rest_after(0.2, 0) == 0 and rest_after(0.2, -5_000_000) == 0, "journals were deleted meanwhile"
    assert rest_after(0.2, 1_000_000) == pytest.approx(0.2)
    assert rest_after(0.2, 2_000_000) == pytest.approx(0.4) == rest_after(0.2, 90_000_000)
    assert rest_after(60, 90_000_000) == 3


def test_a_crowd_is_what_came_since_the_last_look_with_the_rest_in_it(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.GROUNDSWELL = settings.GROUNDSWELL.model_copy(update={"data": tmp_path})
    (tmp_path / "journal").mkdir()
    journal = tmp_path / "journal" / "1.journal"
    journal.write_bytes(b"")
    asked: list[tuple[float, float]] = []
    monkeypatch.setattr(worker, "rest_after", lambda took, growth: asked.append((took, growth)) or 0.0)
    monkeypatch.setattr(worker, "time", SimpleNamespace(monotonic=lambda: 100.0))
    intake = Intake()

    os.truncate(journal, 500_000_000)
    intake.batch_at = 99.0
    assert intake._make_way() and asked == [(1.0, 0.0)], "what lay there at the start did not come now"
    os.truncate(journal, 501_000_000)
    intake.seen, intake.batch_at = (90.0, 500_000_000), 99.5
    assert intake._make_way() and asked[-1] == (0.5, 100_000.0)
    intake.ended.set()
    assert not intake._make_way()
