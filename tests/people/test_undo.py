"""An import is taken back: all that it did, at any time, and nothing that anybody else did."""

from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from django.db import connection, connections
from django.db.utils import OperationalError

from groundswell.actions import resealing
from groundswell.basics.ids import PersonRef
from groundswell.basics.result import Refused
from groundswell.people import operations as people
from groundswell.people.keys import indexer
from groundswell.people.models import Consent, Fact, ImportChange, ImportRun, Person, Tagged
from groundswell.people.operations.importing import undoing
from groundswell.people.operations.importing.undoing import Undone
from groundswell.people.operations.rotating import rotate
from groundswell.people.queries import may_mail
from groundswell.people.vault import store
from tests.people.test_import import address, details, load, person, sheet
from tests.people.test_import_caution import partner_yes
from tests.people.test_merge import here, word

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def back(report: people.ImportReport, now: datetime, *, using: set[int] | None = None) -> Undone:
    """The import taken back; nobody has signed anything but those of `using`."""
    assert report.run is not None
    return people.undo_import(
        run_id=report.run, why="the wrong list", staff_id=None, in_use=lambda persons: (using or set()) & set(persons), now=now
    )


def country(who: PersonRef) -> str:
    return str(Person.objects.get(pk=who).country)


def test_a_yes_to_a_partner_does_not_save_the_lists_own_yes(home: Path, now: datetime) -> None:
    known = here("known@example.org", now)
    report = load(sheet(home, "email\nknown@example.org\nnew@example.org\n"), now)
    new = person("new@example.org")
    assert may_mail(known) and may_mail(new)
    for who in (known, new):
        partner_yes(who, now + DAY)
    done = back(report, now + 2 * DAY)
    assert (done.removed, done.kept) == (0, 1), "who said yes to a partner has done something since"
    assert not may_mail(known) and not may_mail(new)


def test_who_said_yes_by_themselves_keeps_their_word(home: Path, now: datetime) -> None:
    report = load(sheet(home, "email\nada@example.org\n"), now)
    ada = person("ada@example.org")
    word(ada, True, now + DAY)
    assert back(report, now + 2 * DAY).kept == 1 and may_mail(ada)


def test_people_and_their_yes_are_taken_back_after_ninety_days_too_and_what_is_lost_is_said(home: Path, now: datetime) -> None:
    known = here("known@example.org", now)
    text = "email,first name,country\nknown@example.org,Ada,DE\nnew@example.org,Eve,DE\n"
    report = load(sheet(home, text), now)
    assert may_mail(known)

    def retain(*, dry_run: bool) -> people.Kept:
        return people.retain(silent_months=0, in_use=lambda _: set(), dry_run=dry_run, now=now + 91 * DAY)

    assert retain(dry_run=True) == retain(dry_run=False) == people.Kept(0, 2, 0), "a first name and a country"
    assert ImportChange.objects.get().field == "consent"
    assert retain(dry_run=True) == people.Kept(0, 0, 0)
    done = back(report, now + 92 * DAY)
    assert done == Undone(removed=1, kept=0, restored=0, lost=2)
    assert not may_mail(known) and details(known)[0] == "Ada" and country(known) == "DE"
    assert not ImportChange.objects.exists()


def test_within_the_ninety_days_nothing_is_lost(home: Path, now: datetime) -> None:
    known = here("known@example.org", now)
    report = load(sheet(home, "email,country\nknown@example.org,DE\n"), now)
    assert back(report, now + DAY) == Undone(restored=1) and country(known) == ""


def test_what_staff_wrote_by_hand_is_not_the_lists_though_the_list_said_it_first(home: Path, now: datetime) -> None:
    ada, bob = here("ada@example.org", now), here("bob@example.org", now)
    people.make_field(slug="shirt", label="Shirt", kind="text")
    text = "email,shirt,tags\nada@example.org,M,vip\nbob@example.org,M,vip\n"
    report = load(sheet(home, text), now, said={"shirt": "fact:shirt"})
    people.set_fact(person=ada, slug="shirt", value="XXL")
    people.tag(persons=[ada, ada], name="vip")
    back(report, now + DAY)
    assert list(Fact.objects.values_list("person_id", "word")) == [(ada, "XXL")]
    assert list(Tagged.objects.values_list("person_id", flat=True)) == [ada]
    people.tag(persons=[bob], name="vip")
    people.tag(persons=[bob], name="vip")
    assert Tagged.objects.filter(person_id=bob, import_id=None).count() == 1


@pytest.mark.parametrize("at_once", [1, 2000])
def test_what_a_list_wrote_over_twice_is_as_it_was_before_the_first_time(
    home: Path, now: datetime, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr("groundswell.people.understanding.BATCH", 1)
    monkeypatch.setattr(undoing, "_AT_ONCE", at_once)
    ada = people.enrol(email=address("ada@example.org"), country="GB", given_name="Ada", now=now).person
    text = "email,country,first name\nada@example.org,DE,Adele\nada@example.org,FR,Agnes\n"
    report = load(sheet(home, text), now, overwrite=("country", "given_name"))
    assert country(ada) == "FR" and details(ada)[0] == "Agnes"
    back(report, now + DAY)
    assert country(ada) == "GB" and details(ada)[0] == "Ada"


@pytest.mark.parametrize("order", ["first, second", "second, first"])
def test_two_lists_taken_back_leave_nothing_of_either(home: Path, now: datetime, order: str) -> None:
    ada = here("ada@example.org", now)
    over = ("country", "given_name", "phone")
    text = "email,country,first name,phone\nada@example.org,{}\n"
    first = load(sheet(home, text.format("DE,Adele,+442079460001"), "a.csv"), now, overwrite=over)
    second = load(sheet(home, text.format("FR,Agnes,+442079460002"), "b.csv"), now + DAY, overwrite=over)
    for report in (first, second) if order == "first, second" else (second, first):
        back(report, now + 2 * DAY)
        if report is first and order == "first, second":
            assert country(ada) == "FR" and details(ada)[0] == "Agnes", "what a later list wrote is that one's"
    assert country(ada) == "" and details(ada)[0] is None
    with store.inside() as cursor:
        cursor.execute("SELECT phone, phone_index, name_tokens FROM vault.contact WHERE person = %s", [ada])
        assert cursor.fetchone() == (None, None, None)


def test_a_value_that_a_third_list_says_again_is_that_ones(home: Path, now: datetime) -> None:
    ada = here("ada@example.org", now)
    reports = [
        load(sheet(home, f"email,country\nada@example.org,{name}\n"), now + at * DAY, overwrite=("country",), source=str(at))
        for at, name in enumerate(("DE", "FR", "DE"))
    ]
    back(reports[0], now + 4 * DAY)
    assert country(ada) == "DE", "the third list's word"
    back(reports[2], now + 4 * DAY)
    assert country(ada) == "FR"
    back(reports[1], now + 4 * DAY)
    assert country(ada) == ""


def test_who_is_given_another_name_meanwhile_is_still_found_by_it(home: Path, now: datetime) -> None:
    ada = here("ada@example.org", now)
    report = load(sheet(home, "email,first name\nada@example.org,Anna\n"), now)
    people.enrol(email=address("ada@example.org"), family_name="Bergström", now=now + DAY)
    back(report, now + 2 * DAY)
    assert details(ada) == (None, "Bergström")
    index = indexer()
    assert [store.named(index.sought(name), limit=9) for name in ("Anna", "Bergström")] == [[], [ada]]


def test_a_list_of_no_column_names_is_refused_before_anybody_is_named(home: Path, now: datetime) -> None:
    path = sheet(home, "anna@example.org,Anna\nbob@example.org,Bob\n")
    for said in ({}, {"anna@example.org": "email"}):
        for dry_run in (False, True):
            with pytest.raises(Refused, match="names a person") as refused:
                load(path, now, said=said, dry_run=dry_run)
            assert "@" not in str(refused.value)
    for first in ("Anna <anna@example.org>", "mailto:anna@example.org"):
        with pytest.raises(Refused, match="names a person"):
            load(sheet(home, f"{first},email\nx,bob@example.org\n"), now)
    assert not ImportRun.objects.exists() and not Person.objects.exists()
    assert load(sheet(home, "email,@handle\nbob@example.org,@bob\n"), now).new == 1, "no address"


def test_an_import_that_is_taken_back_while_it_runs_stops(home: Path, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("groundswell.people.understanding.BATCH", 1)
    path = sheet(home, "email\n" + "".join(f"p{number}@example.org\n" for number in range(6)))
    taken = []

    def seen(rows: int) -> None:
        taken.append(rows)
        if sum(taken) == 3:
            back(people.ImportReport(run=ImportRun.objects.get().pk), now)

    with pytest.raises(Refused, match="taken back"):
        load(path, now, seen=seen)
    run = ImportRun.objects.get()
    assert (run.rows_done, run.finished_at, run.undone_at) == (3, None, now) and not Person.objects.exists()
    assert load(path, now).new == 6


def test_an_import_that_is_taken_back_at_its_last_row_says_so(home: Path, now: datetime) -> None:
    def seen(rows: int) -> None:
        if rows:
            back(people.ImportReport(run=ImportRun.objects.get().pk), now)

    with pytest.raises(Refused, match="taken back"):
        load(sheet(home, "email\nada@example.org\n"), now, seen=seen)
    assert ImportRun.objects.get().finished_at is None


@pytest.mark.django_db(transaction=True)
def test_an_import_is_not_taken_back_by_another_process_while_it_runs(
    home: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = load(sheet(home, "email\nada@example.org\n"), now)
    other = connections.create_connection("default")
    real = connection.cursor

    class Hasty:
        """A cursor that does not wait twenty seconds."""

        def __init__(self) -> None:
            self._cursor = real()

        def execute(self, statement: str, *values: object) -> object:
            return self._cursor.execute(statement.replace("'20s'", "'20ms'"), *values)

        def __getattr__(self, name: str) -> object:
            return getattr(self._cursor, name)

        def __enter__(self) -> "Hasty":
            return self

        def __exit__(self, *_: object) -> None:
            self._cursor.close()

    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [0x6773, report.run])
        monkeypatch.setattr(connection, "cursor", Hasty)
        with pytest.raises(Refused, match="running"):
            back(report, now)
        monkeypatch.undo()
    other.close()
    assert back(report, now).removed == 1


@pytest.mark.parametrize("ring", ["vault", "index"])
@pytest.mark.parametrize("order", ["first, second", "second, first"])
def test_two_lists_taken_back_after_the_keys_were_changed(ring: str, order: str, home: Path, own_keys: Path, now: datetime) -> None:
    ada = here("ada@example.org", now)
    text = "email,first name\nada@example.org,{}\n"
    first = load(sheet(home, text.format("Adele"), "a.csv"), now)
    second = load(sheet(home, text.format("Agnes"), "b.csv"), now + DAY, overwrite=("given_name",))
    rotate(ring=ring, staff_id=None, why="yearly", now=now, elsewhere=resealing)  # type: ignore[arg-type]
    index = indexer()
    for report in (first, second) if order == "first, second" else (second, first):
        back(report, now + 2 * DAY)
        if report is second and order == "second, first":
            assert details(ada)[0] == "Adele" and store.named(index.sought("Adele"), limit=9) == [ada]
    assert details(ada)[0] is None
    assert [store.named(index.sought(name), limit=9) for name in ("Adele", "Agnes")] == [[], []]


def test_one_that_is_cut_short_at_any_step_goes_on(home: Path, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undoing, "_AT_ONCE", 1)
    known = people.enrol(email=address("known@example.org"), country="GB", given_name="Ada", now=now).person
    text = "email,country,first name,tags\nknown@example.org,DE,Adele,vip\none@example.org,DE,One,vip\ntwo@example.org,DE,Two,vip\n"
    report = load(sheet(home, text), now, overwrite=("country", "given_name"))
    two = person("two@example.org")
    again = load(sheet(home, "email\none@example.org\n", "b.csv"), now + DAY)
    one = person("one@example.org")
    real, step = store.alone, count()
    killed = 0

    def alone() -> None:
        real()
        if next(step) == killed:
            raise OperationalError("cut short")

    monkeypatch.setattr(store, "alone", alone)
    for attempt in range(40):
        killed, step = attempt, count()
        try:
            back(report, now + 2 * DAY, using={two})
            break
        except OperationalError:
            continue
    else:
        pytest.fail("it never ended")
    assert killed > 4, "there was something to cut short"
    assert (country(known), details(known)[0], may_mail(known)) == ("GB", "Ada", False)
    assert Person.objects.get(pk=one).import_id == again.run and may_mail(one)
    assert Person.objects.get(pk=two).import_id is None and not may_mail(two)
    assert not Tagged.objects.exists() and not ImportChange.objects.exists()
    for who in (known, one, two):
        assert Consent.objects.filter(person_id=who, terms__how="undo").count() == 1
