"""`groundswell inbound read`: six hundred mails in one call, and no bad one stops it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from groundswell.cli import bench_inbound, main

MAIL = (
    b"From: MAILER-DAEMON@mx.example.net\nSubject: failure notice\n\nHi. This is the qmail-send program at mx.example.net.\n\n"
    b"<ada@example.net>:\nSorry, no mailbox here by that name. (#5.1.1)\n"
)
CODE = "import sys; from groundswell.cli import main; code = main(sys.argv[1:]); assert 'django' not in sys.modules; sys.exit(code)"


def run(*arguments: str | bytes, given: bytes = b"", home: Path, said: str = "") -> tuple[list[str], int]:
    """The command as a machine without an installation would run it."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("GROUNDSWELL_", "DJANGO_", "DATABASE_"))
    }
    done = subprocess.run(
        [sys.executable, "-c", CODE, "inbound", "read", *arguments],
        check=False,
        input=given,
        capture_output=True,
        cwd=home,
        env=environment,
        timeout=60,
    )
    assert done.stderr.decode("utf-8", "replace") == said
    return done.stdout.decode().splitlines(), done.returncode


def test_no_bad_file_stops_it(tmp_path: Path) -> None:
    (tmp_path / "good.eml").write_bytes(MAIL)
    (tmp_path / "empty.eml").write_bytes(b"")
    (tmp_path / "noise.eml").write_bytes(bytes(range(256)) * 50)
    with (tmp_path / "huge.eml").open("wb") as huge:
        huge.write(MAIL)
        huge.truncate(1_000_000_000)
    os.mkfifo(tmp_path / "pipe.eml")
    strange = os.fsencode(tmp_path) + b"/\xff.eml"
    Path(os.fsdecode(strange)).write_bytes(MAIL)
    (tmp_path / "maildir" / "new").mkdir(parents=True)
    (tmp_path / "maildir" / "new" / "1.host").write_bytes(MAIL)
    (tmp_path / "maildir" / "new" / ".hidden").write_bytes(MAIL)
    names = ["missing.eml", "empty.eml", "noise.eml", "huge.eml", "pipe.eml", "maildir", "good.eml"]
    lines, code = run("--json", *names, strange, home=tmp_path,
                      said="missing.eml: No such file or directory\npipe.eml: not a file\n")  # fmt: skip
    assert code == 0
    facts = [json.loads(line) for line in lines]
    assert [each["file"] for each in facts[:7]] == [*names[:5], "maildir/new/1.host", "good.eml"]
    assert os.fsencode(facts[7]["file"]) == strange
    assert [each["kind"] for each in facts] == ["none", "none", "none", "bounce", "none", "bounce", "bounce", "bounce"]
    for each in facts:
        assert list(each) == ["file", "kind", "recipients", "delivery", "sure"], "one form for every file"
    assert facts[6]["recipients"] == [
        {"address": "ada@example.net", "dead": True, "permanent": True, "group": "invalid_address",
         "why": "Sorry, no mailbox here by that name. (#5.1.1)"}
    ]  # fmt: skip


def test_six_hundred_and_standard_input(tmp_path: Path) -> None:
    for number in range(650):
        (tmp_path / f"{number:03}.eml").write_bytes(MAIL)
    lines, code = run("--json", *(f"{number:03}.eml" for number in range(650)), "-", given=MAIL, home=tmp_path)
    assert code == 0 and len(lines) == 651
    assert {json.loads(line)["kind"] for line in lines} == {"bounce"}
    assert json.loads(lines[-1])["file"] == "-"


def test_a_person_reads_a_line_a_mail(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(MAIL)
    lines, code = run("a.eml", "none.eml", home=tmp_path)
    assert code == 0
    assert lines[0].startswith("bounce") and "ada@example.net (dead: Sorry, no mailbox" in lines[0]
    assert lines[1].startswith("none") and "No such file" in lines[1]


def test_the_bench_says_its_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(bench_inbound, "_SECONDS", 0.05)
    main(["bench", "inbound", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert {"mails_per_s", "p99_ms", "vs_email_parser"} <= set(told)
    assert told["mails"] == 120 and {each["name"] for each in told["figures"]} == {"mails_per_s", "p99_ms", "vs_email_parser"}
    (tmp_path / "one.eml").write_bytes(MAIL)
    main(["bench", "inbound", "--json", "--corpus", str(tmp_path)])
    assert json.loads(capsys.readouterr().out)["mails"] == 1
    assert main(["bench", "letter", "--corpus", str(tmp_path)]) == 2
    assert main(["bench", "inbound", "--corpus", str(tmp_path / "nowhere")]) == 2
