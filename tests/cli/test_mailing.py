"""Letters from files and from the command line: every command does what it says, and says what is wrong with line and column."""

import json
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

import pytest

from groundswell.basics.ids import ActionId
from groundswell.cli import main
from groundswell.mailings import operations, queries, series
from groundswell.mailings.models import Mailing, SenderProfile
from groundswell.post.models import Delivery
from tests.mailings.test_life import APPEAL, petition, sent, signed  # noqa: F401 (a fixture)
from tests.people.test_people import supporter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands work on this test's database."""
    monkeypatch.setattr("groundswell.cli.ready.database", lambda: nullcontext())


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert main(list(arguments)) == code, capsys.readouterr()
    found = capsys.readouterr()
    return found.out + found.err


def test_a_letter_is_drafted_mended_tested_in_two_ways_and_read(
    petition: ActionId,  # noqa: F811
    now: datetime,
    home: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = home / "letter.md"
    file.write_text("---\nsubject: News\n---\n{{ salary }}\n\n::: ask\nSign\n:::\n")
    text = said(capsys, "mailing", "draft", "news", str(file), code=1)
    assert "error: line 4, column 1: There is no field “salary”" in text and "Mend the errors first." in text
    file.write_text(APPEAL.format("News"))
    assert "It can be sent." in said(capsys, "mailing", "draft", "news", str(file))
    told = json.loads(said(capsys, "mailing", "check", "news", "--json"))
    assert told["can_be_sent"] and {remark["code"] for remark in told["remarks"]} == {"ps-missing"}
    assert Mailing.objects.get(slug="news").sender == SenderProfile.objects.get()
    assert "can't be read" in said(capsys, "mailing", "draft", "news", str(home / "none.md"), code=2)
    assert "There are: news" in said(capsys, "mailing", "check", "other", code=2)
    assert "way: B" in said(capsys, "mailing", "way", "news", "--subject", "Better", "--share", "50", "--least", "1")
    assert "begins at 2099-01-01 09:00" in said(capsys, "mailing", "schedule", "news", "2099-01-01T09:00")
    assert "Write it like" in said(capsys, "mailing", "schedule", "news", "soon", code=2)
    assert "draft again" in said(capsys, "mailing", "cancel", "news")
    people = [supporter(now, f"p{n}@example.org") for n in range(40)]
    assert json.loads(said(capsys, "mailing", "send", "news", "--dry-run", "--json")) == {"eligible": 40}
    operations.start(mailing_id=queries.mailing_named("news").id, now=now)  # type: ignore[union-attr]
    for _, letter_id in queries.detail("news").letters:  # type: ignore[union-attr]
        sent(letter_id, home, now)
    row = Delivery.objects.exclude(person_id=people[0]).first()
    assert row
    signed(petition, row.person_id, now, row.pk)
    told = json.loads(said(capsys, "mailing", "report", "news", "--json"))
    assert told["A letters"] + told["B letters"] == Delivery.objects.count() and told["A confirmed"] + told["B confirmed"] == 1
    assert "pretends to be a reply" in said(
        capsys, "mailing", "resend", "news", "again", "--note", "Two days.", "--subject", "Re: x"
    )
    counts = json.loads(said(capsys, "mailing", "send", "again", "--dry-run", "--json"))
    assert counts["has signed already"] == 1 and counts["eligible"] == Delivery.objects.count() - 1


def test_a_series_and_a_sender_come_from_files(petition: ActionId, home: Path, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: F811
    file = home / "welcome.md"
    file.write_text(APPEAL.format("Welcome"))
    said(capsys, "mailing", "series", "keep", "welcome", "0", str(file), "--days", "2", "--condition", "unsigned")
    (step,) = series.steps("welcome")
    assert (step.days, step.condition, step.subject) == (2, "unsigned", "Welcome")
    assert "'days': 2" in said(capsys, "mailing", "series", "list")
    assert "no condition" in said(capsys, "mailing", "series", "keep", "w", "0", str(file), "--condition", "x", code=2)
    said(capsys, "mailing", "series", "remove", "welcome", "0")
    assert "no such step" in said(capsys, "mailing", "series", "remove", "welcome", "0", code=1)
    profile = home / "omar.json"
    profile.write_text('{"name": "Omar"}')
    assert "“Postal address” is empty" in said(capsys, "mailing", "sender", "omar", str(profile), code=2)
    profile.write_text('{"nom": "Omar"}')
    assert "A JSON object of: name" in said(capsys, "mailing", "sender", "omar", str(profile), code=2)
    profile.write_text(json.dumps({
        "name": "Omar", "organisation": "Other Ground", "from_address": "o@other.example.org", "reply_to": "o@other.example.org",
        "postal_address": "9 Rd", "why": "You asked.", "privacy_url": "https://other.example.org/p",
    }))  # fmt: skip
    assert "kept: omar" in said(capsys, "mailing", "sender", "omar", str(profile))
