"""The command: one clear line for what is wrong, JSON for machines, exit codes that mean something."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from groundswell.cli.benches import result


def run(home: Path, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "GROUNDSWELL_DATA": str(home), "GROUNDSWELL_MODE": "development", **changes}
    return subprocess.run(
        [sys.executable, "-c", "import sys; from groundswell.cli import main; sys.exit(main())", *arguments],
        env=environment, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip


def test_help_teaches(home: Path) -> None:
    shown = run(home, "--help")
    assert shown.returncode == 0
    for command in ("init", "up", "worker", "demo", "doctor", "people", "mailing", "deliver", "inbound", "bench"):
        assert command in shown.stdout
    assert "groundswell 0" in run(home, "version").stdout
    assert run(home, "no-such-thing").returncode == 2


def test_without_keys_nothing_starts(home: Path) -> None:
    for command in (("up",), ("worker",), ("mailing", "list")):
        done = run(home, *command)
        assert done.returncode == 2 and "key file" in done.stderr and "groundswell init" in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.slow
def test_an_operators_first_hour(home: Path) -> None:
    assert "ready" in run(home, "init").stdout
    assert run(home, "init").stdout.startswith("ready")
    assert "WRONG" in run(home, "doctor").stdout
    assert "v=DKIM1" in run(home, "dkim", "new", "news.example.org").stdout
    sheet = home / "list.csv"
    sheet.write_text("email,first name\nada@example.org,Ada\nnonsense,X\n")
    words = ("--wording", "Write to me", "--source", "form", "--organisation", "Org", "--json")
    report = json.loads(run(home, "people", "import", str(sheet), *words, "--dry-run").stdout)
    assert (report["new"], report["rejected"]) == (1, 1)
    done = run(home, "people", "import", str(sheet), *words)
    assert json.loads(done.stdout)["new"] == 1 and "ada@" not in done.stderr
    assert run(home, "people", "import", str(home / "none.csv"), *words).returncode == 2
    assert run(home, "mailing", "list", "--json").stdout.strip() == "{}"
    assert run(home, "mailing", "send", "x").returncode == 2
    assert run(home, "deliver", "make", "x", "--why", "test").returncode == 2
    assert run(home, "deliver", "verify", str(sheet)).returncode == 1
    assert run(home, "publish").returncode == 0
    healthy = run(home, "doctor", "--json")
    assert healthy.returncode == 0 and json.loads(healthy.stdout)["well"]
    (home / "keys" / "tokens.json").unlink()
    sick = run(home, "doctor")
    assert sick.returncode == 1 and "tokens.json is missing" in sick.stdout and "backup" in sick.stdout
    (home / "keys" / "vault.json").unlink()
    assert "vault.json is missing" in run(home, "init").stderr


def test_mails_are_read_one_line_each_and_a_bad_file_stops_nothing(home: Path) -> None:
    good = home / "a.eml"
    good.write_text("From: MAILER-DAEMON@x.example\n\n<ada@example.org>:\n550 5.1.1 user unknown\n")
    done = run(home, "inbound", "read", "--json", str(good), str(home / "none.eml"))
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert first["kind"] == "bounce" and first["recipients"][0]["address"] == "ada@example.org" and second["kind"] == "none"


def test_a_bench_prints_one_object() -> None:
    shown = result("x", [])
    assert set(shown) == {"bench", "machine", "at", "figures"}


@pytest.mark.slow
def test_the_letter_bench_measures_against_openssl(home: Path) -> None:
    shown = json.loads(run(home, "bench", "letter", "--json").stdout)
    (figure,) = shown["figures"]
    assert figure["value"] > 0 and "openssl" in figure["against"] and set(figure) >= {"name", "unit", "ratio", "reach", "ok"}
    assert run(home, "bench", "none").returncode == 2
