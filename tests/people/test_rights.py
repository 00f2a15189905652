"""What a person may ask for, and what staff may take out: everything of one, nothing of others, no formula in a cell."""

import csv
import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from groundswell.basics.addresses import Address, parse
from groundswell.basics.ids import PersonRef
from groundswell.basics.result import Refused
from groundswell.people import exporting, reading_room, rights
from groundswell.people import operations as people
from groundswell.people.models import Consent, Person, Suppression
from groundswell.people.vault import store
from groundswell.staff.models import Account, LedgerEntry

pytestmark = pytest.mark.django_db


def somebody(name: str, now: datetime, **more: str) -> PersonRef:
    email = parse(f"{name}@example.org")
    assert isinstance(email, Address)
    person = people.enrol(email=email, given_name=name.title(), country="GB", now=now, **more).person
    people.record_consent(
        person=person, given=True, organisation="Us", wording="Write to me", version="1", language="en", source="form", how="form",
        now=now,
    )  # fmt: skip
    return person


def test_a_person_is_given_everything_that_is_held_of_them(now: datetime) -> None:
    ada = somebody("ada", now, family_name="Lovelace", phone="020 7946 0958", street="1 High St")
    somebody("bob", now)
    people.tag(persons=[ada], name="volunteer")
    people.tag(persons=[ada], name="climate", kind="topic")
    people.make_field(slug="age", label="Age", kind="number")
    people.set_fact(person=ada, slug="age", value="36")
    people.write_note(person=ada, text="Called on Monday.", staff_id=None, now=now)
    people.suppress_person(person=ada, reason="unsubscribed", source="letter", now=now)
    found = rights.everything_of(person=ada, staff_id=None, reason="she asked on Monday", now=now)
    assert found is not None
    assert found["details"] == {
        "email": "ada@example.org", "given_name": "Ada", "family_name": "Lovelace", "phone": "+442079460958", "street": "1 High St",
    }  # fmt: skip
    assert (found["tags"], found["topics"], found["fields"]) == (["volunteer"], ["climate"], {"Age": "36"})
    assert found["notes"][0]["note"] == "Called on Monday." and found["consents"][0]["wording"] == "Write to me"
    assert found["suppressions"][0]["reason"] == "unsubscribed" and "bob" not in str(found).lower()
    entry = LedgerEntry.objects.get(act="export one")
    assert entry.why == "she asked on Monday" and "ada" not in str(entry)
    assert rights.everything_of(person=PersonRef(10**9), staff_id=None, reason="typo", now=now) is None
    with pytest.raises(Refused, match="reason"):
        rights.everything_of(person=ada, staff_id=None, reason=" ", now=now)
    with pytest.raises(Refused, match="empty"):
        people.write_note(person=ada, text="  ", staff_id=None, now=now)


def test_forgetting_leaves_no_token_no_index_no_note(now: datetime) -> None:
    ada = somebody("ada", now, phone="020 7946 0958")
    people.tag(persons=[ada], name="volunteer")
    people.write_note(person=ada, text="Called.", staff_id=None, now=now)
    people.forget(person=ada, staff_id=None, why="asked", now=now)
    with store.inside() as cursor:
        for table in ("contact", "note", "change"):
            cursor.execute(f"SELECT count(*) FROM vault.{table}")
            assert cursor.fetchone() == (0,)
    row = Person.objects.values().get()
    assert {name: value for name, value in row.items() if value not in ("", None, False, [])} == {
        "id": ada, "joined_at": now, "why_not": "no contact details",
    }  # fmt: skip
    assert Consent.objects.get().person_id is None and Suppression.objects.get().reason == "legal"
    found = rights.everything_of(person=ada, staff_id=None, reason="to see", now=now)
    assert found is not None and not found["details"] and not found["notes"] and not found["tags"]


def test_staff_find_people_by_name_number_and_address_and_the_ledger_says_they_looked(now: datetime) -> None:
    staff = Account.objects.create(username="bob")
    ada = somebody("ada", now, family_name="Lovelace-O’Neill", phone="+44 20 7946 0958")
    jose = somebody("jose", now, family_name="García")

    def find(sought: str) -> list[int]:
        return [found.person for found in reading_room.find(sought=sought, staff_id=staff.pk, reason="they called", now=now)]

    assert find("lovel") == find("ADA neill") == find("+442079460958") == find("Ada@Example.org") == [ada]
    assert find("garcia jose") == find("GARC") == [jose]
    assert find("lo") == find("nobody") == find("") == find("lovelace garcia") == []
    assert LedgerEntry.objects.filter(act="looked for somebody").count() == 10
    assert not LedgerEntry.objects.filter(about__icontains="lovel").exists()
    assert "Lovelace" not in repr(reading_room.find(sought="lovel", staff_id=staff.pk, reason="x", now=now))
    with pytest.raises(Refused, match="reason"):
        reading_room.find(sought="ada", staff_id=staff.pk, reason="", now=now)


@pytest.mark.parametrize("cell", ["=1+1", " =1+1", "\t=1", "+44", "-1", "@SUM(A1)", "\u00a0=cmd", "|x", "%0a", "\r=1", "\ufeff=1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert exporting.harmless(cell) == f"'{cell}"


def test_an_export_has_the_columns_that_were_chosen_and_is_in_the_ledger(home: Path, now: datetime) -> None:
    evil = somebody("evil", now, family_name="  =HYPERLINK(1)")
    ada = somebody("ada", now)
    path = home / "out.csv"
    asked = {"staff_id": None, "why": "the printer", "now": now}
    rows = exporting.export(persons=[evil, ada, PersonRef(10**9)], columns=["family_name", "email", "country"], path=path, **asked)  # type: ignore[arg-type]
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["family_name", "email", "country"], ["'  =HYPERLINK(1)", "evil@example.org", "GB"], ["", "ada@example.org", "GB"],
        ]  # fmt: skip
    assert rows == 2 and stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {entry.about for entry in LedgerEntry.objects.all()} == {
        "columns family_name, email, country", "2 rows, columns family_name, email, country",
    }  # fmt: skip
    for columns, why in ((["password"], "x"), ([], "x"), (["email"], " ")):
        with pytest.raises(Refused):
            exporting.export(persons=[ada], columns=columns, path=path, staff_id=None, why=why, now=now)


def test_what_is_not_needed_any_more_goes_at_night(home: Path, now: datetime) -> None:
    silent, loud, mailed = (somebody(name, now - timedelta(days=2000)) for name in ("silent", "loud", "mailed"))
    for person in (silent, loud, mailed):
        people.suppress_person(person=person, reason="unsubscribed", source="letter", now=now)
    Person.objects.filter(pk=loud).update(acted_at=now)
    path = home / "list.csv"
    path.write_text("email,last name\nloud@example.org,Loud\nbroken\n")
    report = people.import_list(path, organisation="o", wording="w", source="s", now=now - timedelta(days=200))
    assert report.rejections == 1

    def retain(*, dry_run: bool = False, months: int = 36) -> people.Kept:
        return people.retain(silent_months=months, in_use=lambda persons: {mailed} & set(persons), dry_run=dry_run, now=now)

    assert retain(dry_run=True) == people.Kept(1, 1, 1) == retain() and retain() == people.Kept(0, 0, 0)
    assert {row.person for row in store.get([silent, loud, mailed])} == {loud, mailed}
    assert retain(months=0) == people.Kept(0, 0, 0)
