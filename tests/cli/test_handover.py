"""The hand-over at the command line, and its bench in a small world."""

import json
from pathlib import Path

import pytest

from tests.cli.test_cli import run

pytestmark = pytest.mark.slow


def test_the_bench_makes_its_own_world_and_names_its_figures(home: Path) -> None:
    done = run(home, "bench", "handover", "--people", "2000", "--json")
    shown = json.loads(done.stdout)
    assert done.returncode in (0, 1) and (shown["signatures_csv"], shown["signatures_pdf"]) == (2000, 200)
    for name in ("pdf_100k_s", "pdf_peak_mb", "csv_1m_s", "bare_copy_s"):
        assert shown[name] > 0, name
    against = {figure["name"]: figure["against"] for figure in shown["figures"]}
    assert "COPY" in against["csv_1m_s"] and not (home / "keys").exists()


def test_what_can_not_be_done_is_said_in_a_line(home: Path) -> None:
    assert run(home, "init").returncode == 0
    for arguments, words in (
        (("deliver", "make", "none", "--why", "w"), "no petition"), (("deliver", "link", "7", "--why", "w"), "not finished"),
        (("deliver", "make", "none", "--why", "w", "--region", "SW1"), "needs its country"),
        (("deliver", "verify", str(home / "none")), "can't be read"),
    ):  # fmt: skip
        done = run(home, *arguments)
        assert done.returncode == 2 and words in done.stderr and len(done.stderr.strip().splitlines()) == 1
    assert run(home, "deliver", "close", "7").returncode == 1
    assert run(home, "deliver", "list", "--json").stdout.strip() == "{}"
    assert run(home, "deliver", "drip", "list", "--json").stdout.strip() == "{}"
    sheet = home / "x.csv"
    sheet.write_text("x")
    assert json.loads(run(home, "deliver", "verify", str(sheet), "--json").stdout) == {"handed_over": False}
