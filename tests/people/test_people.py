"""The list: sealed, consented, and never mailed against a person's word."""

import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import ProgrammingError, close_old_connections, connection, transaction

from groundswell.basics.addresses import Address, parse
from groundswell.basics.ids import PersonRef
from groundswell.basics.result import Refused
from groundswell.people import mailroom, queries, reading_room, roll
from groundswell.people import operations as people
from groundswell.people.keys import vault_ring
from groundswell.people.models import Consent, ImportRun, Person, Suppression
from groundswell.people.rules import may_mail, status_reason, why_not
from groundswell.people.vault.open import Opener
from groundswell.people.vault.seal import Sealer
from groundswell.staff.models import Account, LedgerEntry

pytestmark = pytest.mark.django_db


def address(text: str) -> Address:
    parsed = parse(text)
    assert isinstance(parsed, Address)
    return parsed


def supporter(now: datetime, email: str = "ada@example.org", given: str | None = "Ada") -> PersonRef:
    person = people.enrol(
        email=address(email), given_name=given, family_name="Lovelace", country="GB", postcode_area="SW1", now=now
    )
    agree(person.person, now)
    return person.person


def agree(person: PersonRef, now: datetime, how: str = "form", given: bool = True) -> None:
    people.record_consent(
        person=person, given=given, organisation="Org", wording="Write to me", version="1", language="en", source="form", how=how,
        now=now,
    )  # fmt: skip


def test_a_sealed_value_opens_only_where_it_belongs() -> None:
    ring = vault_ring()
    sealed = Sealer(ring).seal(1, "email", "ada@example.org")
    opener = Opener(ring)
    assert opener.open(1, "email", sealed) == "ada@example.org"
    assert Sealer(ring).seal(1, "email", None) is None and opener.open(1, "email", None) is None
    for person, field in ((2, "email"), (1, "given_name")):
        with pytest.raises(Refused):
            opener.open(person, field, sealed)


def test_the_ordinary_role_reads_nothing_of_the_vault(now: datetime) -> None:
    supporter(now)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM vault.contact")


def test_a_dump_of_every_table_names_nobody(now: datetime) -> None:
    supporter(now, "grace.hopper@example.org", "Grace")
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema IN ('public')")
        text = ""
        for schema, table in cursor.fetchall():
            cursor.execute(f'SELECT * FROM "{schema}"."{table}"')
            text += repr(cursor.fetchall())
        cursor.execute("SET LOCAL ROLE groundswell_vault")
        cursor.execute("SELECT * FROM vault.contact")
        text += repr(cursor.fetchall())
        cursor.execute("RESET ROLE")
    assert "grace.hopper" not in text and "Grace" not in text


def test_another_spelling_is_the_same_person_and_fills_only_blanks(now: datetime) -> None:
    first = supporter(now, "Ada.Byron@gmail.com", None)
    again = people.enrol(email=address("adabyron+x@googlemail.com"), given_name="Ada", region="London", now=now)
    third = people.enrol(email=address("adabyron@gmail.com"), given_name="Other", now=now)
    assert (again.person, again.created, third.person) == (first, False, first)
    card = mailroom.cards([first])[first]
    assert (card.given_name, card.email) == ("Ada", "Ada.Byron@gmail.com")
    assert "Ada" not in repr(card)


@pytest.mark.django_db(transaction=True)
def test_two_doors_at_once_make_one_person(now: datetime) -> None:
    found: list[PersonRef] = []

    def enrol() -> None:
        found.append(people.enrol(email=address("twin@example.org"), now=now).person)
        close_old_connections()
        connection.close()

    threads = [threading.Thread(target=enrol) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6 and len(set(found)) == 1


def test_consent_makes_a_supporter_and_goodbye_ends_it(now: datetime) -> None:
    person = supporter(now)
    assert queries.may_mail(person)
    people.suppress_person(person=person, reason="unsubscribed", source="letter", now=now)
    assert not queries.may_mail(person)
    agree(person, now + timedelta(days=1), how="import")
    assert not queries.may_mail(person), "an import can't take a goodbye back"
    agree(person, now + timedelta(days=2), how="form")
    assert queries.may_mail(person), "the person can"


@pytest.mark.parametrize("reason", ["hard_bounce", "complaint", "legal"])
def test_what_a_person_did_not_take_back_stands(reason: str, now: datetime) -> None:
    person = supporter(now)
    people.suppress(email=address("ADA@example.org"), reason=reason, source="mail", now=now)  # type: ignore[arg-type]
    agree(person, now + timedelta(days=1))
    assert not queries.may_mail(person)
    people.lift_suppression(person=person, reason=reason, why="they wrote to us", staff_id=None, now=now)  # type: ignore[arg-type]
    assert queries.may_mail(person)
    with pytest.raises(Refused):
        people.lift_suppression(person=person, reason="legal", why=" ", staff_id=None, now=now)


def test_the_ledger_of_consent_is_only_added_to(now: datetime) -> None:
    person = supporter(now)
    with pytest.raises(Exception, match="only added to"), transaction.atomic():
        Consent.objects.filter(person_id=person).update(given=False)
    with pytest.raises(Exception, match="only added to"), transaction.atomic():
        Consent.objects.filter(person_id=person).delete()
    with pytest.raises(Refused):
        people.record_consent(
            person=person, given=True, organisation="o", wording=" ", version="1", language="en", source="s", how="form", now=now
        )


def test_the_forgotten_leave_proof_but_no_person(now: datetime) -> None:
    person = supporter(now)
    people.forget(person=person, staff_id=None, why="asked", now=now)
    assert mailroom.cards([person]) == {} and not queries.may_mail(person)
    assert Consent.objects.get().person_id is None
    back = people.enrol(email=address("ada@example.org"), now=now)
    agree(back.person, now)
    assert not queries.may_mail(back.person)


def test_reading_a_person_needs_a_reason_and_is_written_down(now: datetime) -> None:
    person = supporter(now)
    staff = Account.objects.create(username="bob")
    with pytest.raises(Refused):
        reading_room.read(person=person, staff_id=staff.pk, reason=" ", now=now)
    details = reading_room.read(person=person, staff_id=staff.pk, reason="they called", now=now)
    assert details is not None and (details.email, details.family_name) == ("ada@example.org", "Lovelace")
    assert LedgerEntry.objects.get().why == "they called" and "ada" not in str(LedgerEntry.objects.get())
    assert reading_room.read(person=PersonRef(10**9), staff_id=staff.pk, reason="typo", now=now) is None


def test_the_roll_shows_what_signers_agreed_to(now: datetime) -> None:
    person, nameless = supporter(now), supporter(now, "b@example.org", "NULL")
    names = roll.Roll().names([person, nameless])
    assert names == {person: "Ada L."}, "who left no readable name is left to the hand-over's own words"
    assert "Ada" not in repr(roll.Roll())


LIST = """\ufeffE-Mail;First name;Last name;Country;ZIP;Status
ada@example.org;Ada;Lovelace;GB;SW1A 1AA;Subscribed
ADA@example.org;Twice;Lovelace;GB;;subscribed
gone@example.org;Gone;;US;;Unsubscribed
dead@example.org;;;US;;Cleaned
cross@example.org;;;US;;Spam complaint
=cmd|' /C calc'!A0;Evil;;US;;subscribed
;Nobody;;US;;
"""


def load(path: Path, now: datetime, dry_run: bool = False) -> people.ImportReport:
    return people.import_list(path, organisation="Org", wording="Write to me", source="old system", now=now, dry_run=dry_run)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "latin-1"])
def test_a_real_list_is_imported_and_again_changes_nothing(encoding: str, home: Path, now: datetime) -> None:
    path = home / "list.csv"
    path.write_bytes((LIST if encoding == "utf-8" else LIST.removeprefix("\ufeff")).encode(encoding))
    dry = load(path, now, dry_run=True)
    assert (dry.new, dry.known, Person.objects.count()) == (4, 1, 0)
    report = load(path, now)
    assert (report.rows, report.new, report.known, report.suppressed) == (7, 4, 1, 3)
    assert [line for line, _ in report.rejected] == [7, 8]
    assert queries.counts() == {"people": 4, "supporters": 1}
    before = (Consent.objects.count(), Suppression.objects.count())
    load(path, now + timedelta(days=1))
    assert (Person.objects.count(), Consent.objects.count(), Suppression.objects.count()) == (4, *before)
    reasons = sorted(why for _, why in queries.standings() if why)
    assert reasons == ["complaint", "hard bounce", "unsubscribed"]


def test_a_list_can_never_re_subscribe(home: Path, now: datetime) -> None:
    person = supporter(now)
    people.suppress_person(person=person, reason="unsubscribed", source="letter", now=now)
    for number, text in enumerate(
        ("email\nada@example.org\n", "email,status\nada@example.org,subscribed\n", "mail\tlang\nADA@example.org\ten\n")
    ):
        path = home / f"{number}.csv"
        path.write_text(text)
        load(path, now)
        assert not queries.may_mail(person)


def test_an_import_goes_on_where_it_was_cut(home: Path, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("groundswell.people.understanding.BATCH", 500)
    path = home / "list.csv"
    path.write_text("email\n" + "".join(f"p{n}@example.org\n" for n in range(1200)))

    class Cut(Exception):
        pass

    def cut(count: int) -> None:
        if ImportRun.objects.get().rows_done >= 500:
            raise Cut

    with pytest.raises(Cut):
        people.import_list(path, organisation="o", wording="w", source="s", now=now, seen=cut)
    assert Person.objects.count() == 500
    report = load(path, now)
    assert (report.rows, Person.objects.count()) == (1200, 1200)


@pytest.mark.parametrize(("content", "code"), [("", "import-empty"), ("name\nAda\n", "import-no-address")])
def test_a_file_that_is_no_list_is_refused(content: str, code: str, home: Path, now: datetime) -> None:
    path = home / "x.csv"
    path.write_text(content)
    with pytest.raises(Refused) as refused:
        load(path, now)
    assert refused.value.problems[0].code == code
    with pytest.raises(Refused):
        people.import_list(path, organisation="o", wording=" ", source="s", now=now)


def test_rules() -> None:
    assert may_mail(latest_consent=True, suppressions=[]) and not may_mail(latest_consent=None, suppressions=[])
    assert why_not(latest_consent=None, suppressions=[]) == "no consent"
    assert why_not(latest_consent=True, suppressions=["unsubscribed", "complaint"]) == "complaint"
    assert status_reason("Opted_Out") == "unsubscribed" and status_reason("active") is None
