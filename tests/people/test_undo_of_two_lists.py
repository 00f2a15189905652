"""Somebody is in two lists, and one of them is taken back: they stay by the other, under its terms, and under no other."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from groundswell.basics.ids import PersonRef
from groundswell.people import operations as people
from groundswell.people import rights
from groundswell.people.models import Consent, ImportMet, ImportRun, Person, Tagged
from groundswell.people.queries import may_mail
from groundswell.people.vault import store
from tests.people.test_import import address, details, load, person, sheet
from tests.people.test_merge import here, merged, word
from tests.people.test_undo import back

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def loaded(home: Path, text: str, now: datetime, name: str) -> people.ImportReport:
    """A list called `name`, from a source of that name."""
    return load(sheet(home, text, f"{name}.csv"), now, source=name)


def brought_by(who: PersonRef) -> int | None:
    return Person.objects.values_list("import_id", flat=True).get(pk=who)


def last_source(who: PersonRef) -> str:
    return str(Consent.objects.filter(person_id=who).order_by("-at", "-id").values_list("terms__source", flat=True)[0])


def test_who_is_in_the_second_list_too_stays_under_its_terms(home: Path, now: datetime) -> None:
    a = loaded(home, "email\nada@example.org\neve@example.org\n", now, "A")
    b = loaded(home, "email,first name,tags\nada@example.org,Ada,vip\nbob@example.org,Bob,vip\n", now + DAY, "B")
    ada, bob = person("ada@example.org"), person("bob@example.org")
    done = back(a, now + 2 * DAY)
    assert (done.removed, done.kept) == (1, 1)
    assert details(ada)[0] == "Ada" and may_mail(ada) and last_source(ada) == "B"
    assert Tagged.objects.filter(person_id=ada).exists()
    assert brought_by(ada) == brought_by(bob) == b.run
    run = ImportRun.objects.get(pk=b.run)
    assert (run.first_person, run.last_person) == (ada, bob)
    # And by the second they go.
    done = back(b, now + 3 * DAY)
    assert (done.removed, done.kept) == (2, 0)
    assert not Person.objects.exists() and not ImportMet.objects.exists()


def test_the_second_list_of_people_who_were_all_here_gets_them(home: Path, now: datetime) -> None:
    a = loaded(home, "email\nada@example.org\n", now, "A")
    b = loaded(home, "email\nada@example.org\n", now + DAY, "B")
    ada = person("ada@example.org")
    back(a, now + 2 * DAY)
    run = ImportRun.objects.get(pk=b.run)
    assert (run.first_person, run.last_person) == (ada, ada)
    assert back(b, now + 3 * DAY, using={ada}).kept == 1
    assert not may_mail(ada), "the second list's yes is void with it"


def test_a_second_list_that_proves_no_yes_gives_none(home: Path, now: datetime) -> None:
    a = loaded(home, "email,status\nada@example.org,subscribed\n", now, "A")
    b = loaded(home, "email,status\nada@example.org,pending\n", now + DAY, "B")
    back(a, now + 2 * DAY)
    ada = person("ada@example.org")
    assert brought_by(ada) == b.run and not may_mail(ada)


def test_the_more_cautious_of_two_rows_counts(home: Path, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("groundswell.people.understanding.BATCH", 1)
    a = loaded(home, "email,status\nada@example.org,subscribed\n", now, "A")
    loaded(home, "email,status\nada@example.org,subscribed\nada@example.org,pending\n", now + DAY, "B")
    back(a, now + 2 * DAY)
    assert not may_mail(person("ada@example.org"))


@pytest.mark.parametrize("how", ["form", "list"])
def test_who_said_no_is_not_raised_by_the_second_list(home: Path, now: datetime, how: str) -> None:
    a = loaded(home, "email\nada@example.org\n", now, "A")
    loaded(home, "email\nada@example.org\n", now + DAY, "B")
    ada = person("ada@example.org")
    if how == "form":
        word(ada, False, now + 2 * DAY)
    else:
        loaded(home, "email,status\nada@example.org,unsubscribed\n", now + 2 * DAY, "C")
    back(a, now + 3 * DAY)
    assert not may_mail(ada)


def test_who_said_yes_by_themselves_keeps_that_word_and_gets_no_other(home: Path, now: datetime) -> None:
    a = loaded(home, "email\nada@example.org\n", now, "A")
    loaded(home, "email\nada@example.org\n", now + DAY, "B")
    ada = person("ada@example.org")
    word(ada, True, now + 2 * DAY)
    lines = Consent.objects.filter(person_id=ada).count()
    back(a, now + 3 * DAY)
    assert may_mail(ada) and Consent.objects.filter(person_id=ada).count() == lines


def test_a_yes_that_the_second_list_raised_is_not_made_void_with_the_first(home: Path, now: datetime) -> None:
    a = loaded(home, "email,status\nada@example.org,pending\n", now, "A")
    b = loaded(home, "email,status\nada@example.org,subscribed\n", now + DAY, "B")
    ada = person("ada@example.org")
    assert may_mail(ada)
    back(a, now + 2 * DAY)
    assert may_mail(ada) and brought_by(ada) == b.run
    assert Consent.objects.filter(person_id=ada).count() == 1, "nothing was to be made void, and nothing to be said again"
    back(b, now + 3 * DAY, using={ada})
    assert not may_mail(ada)


def test_three_lists_each_hand_on_to_the_next(home: Path, now: datetime) -> None:
    reports = [loaded(home, "email\nada@example.org\n", now + at * DAY, name) for at, name in enumerate("ABC")]
    ada = person("ada@example.org")
    back(reports[0], now + 4 * DAY)
    assert may_mail(ada) and last_source(ada) == "B"
    back(reports[1], now + 5 * DAY)
    assert may_mail(ada) and last_source(ada) == "C"
    assert back(reports[2], now + 6 * DAY).removed == 1


def test_a_list_that_was_taken_back_itself_keeps_nobody(home: Path, now: datetime) -> None:
    a = loaded(home, "email\nada@example.org\n", now, "A")
    b = loaded(home, "email\nada@example.org\n", now + DAY, "B")
    back(b, now + 2 * DAY)
    assert back(a, now + 3 * DAY).removed == 1


@pytest.mark.parametrize("by", ["note", "tag", "field", "older list"])
def test_who_has_become_somebody_of_ours_stays(home: Path, now: datetime, by: str) -> None:
    a = loaded(home, "email,tags\nada@example.org,vip\neve@example.org,vip\n", now, "A")
    ada = person("ada@example.org")
    if by == "note":
        people.write_note(person=ada, text="She called us", staff_id=None, now=now)
    elif by == "tag":
        people.tag(persons=[ada], name="vip")
    elif by == "field":
        people.make_field(slug="shirt", label="Shirt", kind="text")
        people.set_fact(person=ada, slug="shirt", value="M")
    else:  # one that came before lists were kept in mind
        loaded(home, "email,first name\nada@example.org,Ada\n", now + DAY, "B")
        ImportMet.objects.all().delete()
    done = back(a, now + 2 * DAY)
    assert (done.removed, done.kept) == (1, 1) and not may_mail(ada) and brought_by(ada) is None


def test_a_suppression_holds_whatever_the_second_list_says(home: Path, now: datetime) -> None:
    a = loaded(home, "email\nada@example.org\n", now, "A")
    loaded(home, "email\nada@example.org\n", now + DAY, "B")
    ada = person("ada@example.org")
    people.suppress(email=address("ada@example.org"), reason="hard_bounce", source="x", now=now + DAY)
    back(a, now + 2 * DAY)
    assert not may_mail(ada)


def test_who_is_forgotten_is_met_by_no_list(home: Path, now: datetime) -> None:
    loaded(home, "email\nada@example.org\n", now, "A")
    loaded(home, "email\nada@example.org\n", now + DAY, "B")
    assert ImportMet.objects.count() == 1
    people.forget(person=person("ada@example.org"), staff_id=None, why="asked", now=now + 2 * DAY)
    assert not ImportMet.objects.exists()


def test_a_list_that_meets_its_own_people_or_nobodys_writes_no_row(
    home: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("groundswell.people.understanding.BATCH", 1)
    here("bob@example.org", now)
    loaded(home, "email\nada@example.org\nada@example.org\nbob@example.org\n", now, "A")
    assert not ImportMet.objects.exists()


@pytest.mark.parametrize("later", ["undone first", "merge undone"])
def test_the_lists_yes_is_void_wherever_a_merge_has_carried_it(home: Path, now: datetime, later: str) -> None:
    kept = here("kept@example.org", now)
    a = loaded(home, "email\ngone@example.org\n", now, "A")
    gone = person("gone@example.org")
    word(kept, True, now - DAY)
    number = merged(kept, gone, now + DAY)
    assert may_mail(kept)
    back(a, now + 2 * DAY)
    assert not may_mail(kept), "the latest word of theirs was the list's"
    if later == "merge undone":
        people.undo_merge(merge_id=number, staff_id=None, why="two", now=now + 3 * DAY)
        assert not may_mail(gone)
    assert store.indexes_of([kept])


def test_who_asks_for_their_data_sees_every_list_that_named_them(home: Path, now: datetime) -> None:
    runs = [loaded(home, "email\nada@example.org\n", now + at * DAY, name).run for at, name in enumerate("AB")]
    found = rights.everything_of(person=person("ada@example.org"), staff_id=None, reason="asked", now=now)
    assert found and found["imports"] == runs
