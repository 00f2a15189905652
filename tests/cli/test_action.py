"""Actions from the shell: made, looked at, ended, their recipients and lists; each as the office does it."""

import csv
import json
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings

from groundswell.actions.models import Recipient
from groundswell.actions.queries import petition_named
from groundswell.cli import main
from groundswell.staff.models import LedgerEntry
from tests.actions.world import OFFICES, World

pytestmark = pytest.mark.django_db
Said = Callable[..., dict[str, object]]


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Said:
    """Run one command against this test's database; returns its JSON."""
    monkeypatch.setattr("groundswell.cli.ready.database", lambda: nullcontext(settings.GROUNDSWELL))

    def run(*arguments: str, code: int = 0) -> dict[str, object]:
        assert main(["action", *arguments, "--json"]) == code
        return json.loads(capsys.readouterr().out or "{}")  # type: ignore[no-any-return]

    return run


def refused(said: Said, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["action", *arguments]) == 2
    line = capsys.readouterr().err
    assert len(line.strip().splitlines()) == 1
    return line


def test_a_call_is_looked_at_ended_and_taken_up(said: Said, home: Path, now: datetime, capsys: pytest.CaptureFixture[str]) -> None:
    world = World(home, now, "call", offices=[{**OFFICES[0], "name": "=cmd|x"}, OFFICES[1]])
    world.do(outcome="voicemail", whom="0")
    world.apply()
    assert said("list")["do-it"] == {"kind": "call", "title": "Do <it>", "people": 1, "closed": ""}
    shown = said("show", "do-it")
    assert shown["outcomes"] == {"voicemail": 1} and shown["by recipient"] == {"=cmd|x": {"voicemail": 1}}
    assert main(["action", "show", "do-it"]) == 0
    plain = capsys.readouterr().out
    assert "outcomes: voicemail: 1" in plain and "{" not in plain and "Lovelace" not in plain
    file = home / "totals.csv"
    assert said("export", "do-it", str(file), "--why", "for the board", "--totals")["rows"] == 1
    assert file.read_text("utf-8-sig").splitlines() == ["to,outcome,how many", "'=cmd|x,voicemail,1"], "no formula in a cell"
    assert file.stat().st_mode & 0o777 == 0o600
    assert LedgerEntry.objects.get(act="export numbers").why == "for the board"
    assert said("close", "do-it", "--why", "They answered.") == {"closed": True}
    assert said("close", "do-it", "--why", "Again.", code=1) == {"closed": False}
    view = petition_named("do-it")
    assert view and view.closed == "They answered."
    assert said("open", "do-it") == {"opened": True} and said("open", "do-it", code=1) == {"opened": False}
    assert [*LedgerEntry.objects.filter(about="do-it").order_by("pk").values_list("act", flat=True)] == [
        "close an action",
        "reopen an action",
    ]
    assert "There is no action" in refused(said, capsys, "show", "none")


def test_names_leave_with_a_reason_and_only_those_asked_for(
    said: Said, home: Path, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(home, now, "event", capacity=1)
    world.do(name="=Ada Lovelace")
    world.do(name="Grace Hopper", email="grace@example.org")
    world.apply()
    file = home / "list.csv"
    assert said("export", "do-it", str(file), "--why", "the door", "--outcome", "coming")["rows"] == 1
    assert list(csv.reader(file.read_text("utf-8-sig").splitlines())) == [["given_name", "family_name"], ["'=Ada", "Lovelace"]]
    assert said("export", "do-it", str(file), "--why", "all", "--column", "email")["rows"] == 2
    assert LedgerEntry.objects.filter(act="export people").count() == 2
    assert "needs a reason" in refused(said, capsys, "export", "do-it", str(file), "--why", " ")
    assert "There is no outcome" in refused(said, capsys, "export", "do-it", str(file), "--why", "x", "--outcome", "nonsense")
    assert "There is no column" in refused(said, capsys, "export", "do-it", str(file), "--why", "x", "--column", "password")


def test_recipients_are_named_and_dropped_and_their_address_is_never_said(
    said: Said, home: Path, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    World(home, now, "send")
    named = said("recipient", "do-it", "Senator B", "chair@senate.example", "--role", "Chair", "--place", "US WA")
    (number,) = Recipient.objects.values_list("pk", flat=True)
    assert named == {"recipients": {str(number): "Senator B, Chair, (US WA)"}}
    assert "senate.example" not in json.dumps(said("show", "do-it"))
    assert "is no place" in refused(said, capsys, "recipient", "do-it", "B", "b@senate.example", "--place", "Atlantis is far")
    assert "has no recipient" in refused(said, capsys, "recipient-drop", "do-it", str(number + 1))
    assert said("recipient-drop", "do-it", str(number)) == {"recipients": 0}


def test_an_action_is_made_whole_or_not_at_all(said: Said, home: Path, now: datetime, capsys: pytest.CaptureFixture[str]) -> None:
    World(home, now, "call")
    text, setting = home / "text.md", home / "setting.json"
    text.write_text("Until they **end** it.")
    setting.write_text('{"until": "they end it"}')
    words = ("make", "we-pledge", "--kind", "pledge", "--campaign", "c", "--title", "We pledge", "--text", str(text))
    made = said(*words, "--setting", str(setting))
    assert str(made["page"]).endswith("/a/we-pledge")
    page = settings.GROUNDSWELL.published_folder / "a/we-pledge/index.html"
    assert "I pledge this until they end it." in page.read_text()
    said(*words, "--setting", str(setting))
    again = petition_named("we-pledge")
    assert again and again.version == 1, "the same words are the same version"
    assert "lacks: until" in refused(said, capsys, *words)
    assert "its kind stays" in refused(said, capsys, *words, "--kind", "photo")
    assert "holds no JSON" in refused(said, capsys, *words, "--setting", str(text))
    assert "There is no campaign" in refused(said, capsys, *words, "--campaign", "none")
    said(*(word.replace("pledge", "petition") for word in words))
    assert "People sign a petition" in refused(said, capsys, "export", "we-petition", str(home / "x.csv"), "--why", "x")
