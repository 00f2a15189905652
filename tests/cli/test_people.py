"""People from the shell: forgotten, given their data, imported with the words they agreed to."""

import io
import json
import stat
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings

from groundswell.cli import main
from groundswell.people import operations as people
from groundswell.people import suppressions
from groundswell.people.models import Terms
from groundswell.staff.models import LedgerEntry
from tests.people.test_people import address, supporter

pytestmark = pytest.mark.django_db
ADA = "ada@example.org"
Said = Callable[..., str]
PROOF = ("--organisation", "Us", "--wording", "Ihr dürft mir schreiben", "--source", "das alte System")


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Said:
    """Run one command against this test's database, with `typed` on its standard input; returns what it says."""
    monkeypatch.setattr("groundswell.cli.ready.database", lambda: nullcontext(settings.GROUNDSWELL))

    def run(*arguments: str, typed: str = "", code: int = 0) -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        assert main(["people", *arguments]) == code
        spoken = capsys.readouterr()
        return spoken.err if code else spoken.out

    return run


@pytest.mark.parametrize("typed", ["99999999\n", "9" * 30 + "\n", "²\n", "\n", "nobody@example.org\n"])
def test_a_number_that_nobody_has_is_not_forgotten(said: Said, now: datetime, typed: str) -> None:
    supporter(now, ADA)
    words = said("forget", "--why", "letter of 3 May", typed=typed, code=2)
    assert "Nobody of this number" in words and len(words.splitlines()) == 1
    assert not LedgerEntry.objects.filter(act="forget").exists() and suppressions.person_with(address(ADA))


def test_somebody_is_forgotten_by_number_or_address(said: Said, now: datetime) -> None:
    ada, bob = supporter(now, ADA), supporter(now, "bob@example.org")
    assert said("forget", "--why", "letter of 3 May", typed=f"{ada}\n") == "forgotten: 1\n"
    assert said("forget", "--why", "letter of 4 May", typed=" Bob@example.org\n") == "forgotten: 1\n"
    assert sorted(LedgerEntry.objects.filter(act="forget").values_list("about", flat=True)) == [f"person {ada}", f"person {bob}"]


def test_the_words_are_kept_in_their_language_and_version(said: Said, home: Path) -> None:
    path = home / "liste.csv"
    path.write_text("email\nada@example.org\n")
    said("import", str(path), *PROOF, "--language", "de", "--version", "2024-05", "--json")
    assert set(Terms.objects.values_list("language", "version")) == {("de", "2024-05")}
    path.write_text("email\nbob@example.org\n")
    said("import", str(path), *PROOF, "--json")
    assert ("en", "import") in set(Terms.objects.values_list("language", "version"))


def test_what_was_rejected_is_the_callers_alone(said: Said, home: Path) -> None:
    path, beside = home / "list.csv", home / "rejected.csv"
    path.write_text("email\nada@example.org\nno address\n")
    beside.write_text("from another time\n")
    beside.chmod(0o644)
    said("import", str(path), *PROOF, "--rejected", str(beside), "--json")
    assert stat.S_IMODE(beside.stat().st_mode) == 0o600 and beside.read_text().splitlines()[0] == "line,taken,reason"
    path.write_text("email\nbob@example.org\nno address\n")
    beside.unlink()
    beside.symlink_to(home / "elsewhere")
    assert "is a link" in said("import", str(path), *PROOF, "--rejected", str(beside), code=2)
    assert not (home / "elsewhere").exists()


def test_everything_of_one_is_given_out(said: Said, now: datetime) -> None:
    ada = supporter(now, ADA)
    people.write_note(person=ada, text="Prefers calls", staff_id=None, now=now)
    found = json.loads(said("export-one", "--reason", "letter of 3 May", typed=f"{ADA}\n"))
    assert found["person"] == ada and found["details"]["email"] == ADA and found["notes"][0]["note"] == "Prefers calls"
    assert "Nobody of this number" in said("export-one", "--reason", "x", typed="99999999\n", code=2)
