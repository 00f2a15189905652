"""A list comes in: every format that the field exports, nobody re-subscribed, and taken back whole."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.conf import settings
from django.db import connection
from openpyxl import Workbook

from groundswell.actions import resealing
from groundswell.basics.addresses import Address, parse
from groundswell.basics.ids import PersonRef
from groundswell.basics.keyring import KeyRing
from groundswell.basics.result import Refused
from groundswell.mailings.audiences.queries import in_use
from groundswell.people import mailroom, queries
from groundswell.people import operations as people
from groundswell.people.models import Consent, Fact, ImportRun, Person, Suppression, Tagged
from groundswell.people.operations.rotating import rotate
from groundswell.people.vault import store
from groundswell.staff.models import LedgerEntry

pytestmark = pytest.mark.django_db


def address(text: str) -> Address:
    found = parse(text)
    assert isinstance(found, Address)
    return found


def person(email: str) -> PersonRef:
    found = store.person_by_index(queries.index_of_address(address(email)))
    assert found is not None, "not here"
    return PersonRef(found)


def load(path: Path, now: datetime, **more: object) -> people.ImportReport:
    asked: dict[str, object] = {"organisation": "Us", "wording": "Write to me", "source": "the old system", **more}
    return people.import_list(path, now=now, **asked)  # type: ignore[arg-type]


def sheet(home: Path, text: str, name: str = "list.csv") -> Path:
    path = home / name
    path.write_text(text)
    return path


EXPORTS = {
    "Action Network": (
        "email,first_name,last_name,zip_code,can2_user_state,can2_phone,can2_subscription_status\n"
        "ada@example.org,Ada,Byron,98101,WA,,subscribed\nout@example.org,Out,,10001,NY,,unsubscribed\n"
        "dead@example.org,,,,,,bouncing\n"
    ),
    "ActionKit": (
        "id,email,first_name,last_name,password,subscription_status,postal,country\n"
        "1,ada@example.org,Ada,Byron,hunter2,subscribed,SW1A 1AA,United Kingdom\n2,out@example.org,,,,unsubscribed,,\n"
        "3,dead@example.org,,,,bounced,,\n"
    ),
    "Mailchimp": (
        '"Email Address","First Name","Last Name",MEMBER_RATING,OPTIN_TIME,UNSUB_TIME,CLEAN_TIME,TAGS\n'
        'ada@example.org,Ada,Byron,3,"2021-03-02 10:00:00",,,"""volunteer"",""donor"""\n'
        'out@example.org,,,2,,"2022-01-01 00:00:00",,\ndead@example.org,,,2,,,"2022-01-01 00:00:00",\n'
    ),
    "NationBuilder": (
        "nationbuilder_id,first_name,last_name,email,email_opt_in,email1_is_bad,do_not_contact,primary_country_code,tag_list\n"
        '1,Ada,Byron,ada@example.org,true,false,false,GB,"volunteer, donor"\n2,,,out@example.org,true,false,true,,\n'
        "3,,,dead@example.org,true,true,false,,\n"
    ),
    "listmonk": (
        "uuid,email,name,attributes,status,created_at,updated_at\n"
        '1,ada@example.org,Ada Byron,"{""city"": ""Leeds""}",enabled,2021-03-02 10:00:00.12 +0000 UTC,2021-03-02 10:00:00.12 +0000 UTC\n'
        "2,out@example.org,,{},unsubscribed,,\n3,dead@example.org,,{},bounced,,\n"
    ),
}


@pytest.mark.parametrize("system", EXPORTS)
def test_the_exports_of_the_field_are_known_by_their_columns(system: str, home: Path, now: datetime) -> None:
    report = load(sheet(home, EXPORTS[system]), now)
    assert (report.system, report.rows, report.new, report.suppressed, report.rejections) == (system, 3, 3, 2, 0)
    standing = dict(queries.standings())
    ada, out, dead = person("ada@example.org"), person("out@example.org"), person("dead@example.org")
    assert (standing[ada], standing[out], standing[dead]) == ("", "unsubscribed", "hard bounce")
    assert mailroom.cards([ada])[ada].given_name == "Ada"
    assert report.secret == (("password",) if system == "ActionKit" else ())
    if system in ("Mailchimp", "NationBuilder"):
        assert sorted(Tagged.objects.filter(person_id=ada).values_list("tag__name", flat=True)) == ["donor", "volunteer"]
    if system in ("Mailchimp", "listmonk"):
        assert Person.objects.get(pk=ada).joined_at.year == 2021
    if system == "Action Network":
        assert Person.objects.get(pk=ada).region == "WA"


def test_a_workbook_is_a_list_too(home: Path, now: datetime) -> None:
    book = Workbook()
    book.active.append(["E-Mail", "First name", "Phone", "Country"])  # type: ignore[union-attr]
    book.active.append(["ada@example.org", "Ada", "020 7946 0958", "UK"])  # type: ignore[union-attr]
    book.active.append(["=1+1", "Eve", 5, None])  # type: ignore[union-attr]
    book.save(home / "list.xlsx")
    report = load(home / "list.xlsx", now)
    assert (report.rows, report.new, [line for line, _ in report.rejected]) == (2, 1, [3])
    with store.inside() as cursor:
        cursor.execute("SELECT phone_index IS NOT NULL FROM vault.contact")
        assert cursor.fetchall() == [(True,)]
    with (
        ZipFile(home / "bomb.xlsx", "w", ZIP_DEFLATED) as archive,
        archive.open("xl/sharedStrings.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(1100):
            part.write(bytes(1 << 20))
    with pytest.raises(Refused, match="more than a gigabyte"):
        load(home / "bomb.xlsx", now)
    (home / "broken.xlsx").write_bytes(b"PK\x03\x04" + b"x" * 400)
    with pytest.raises(Refused, match="can't be read"):
        load(home / "broken.xlsx", now)


@pytest.mark.parametrize("how", [{}, {"status": True}, {"overwrite": ("given_name", "language", "country")}])
@pytest.mark.parametrize("reason", ["unsubscribed", "hard_bounce", "complaint", "legal"])
def test_nobody_who_left_becomes_mailable_by_any_list(reason: str, how: dict[str, object], home: Path, now: datetime) -> None:
    here = people.enrol(email=address("here@example.org"), now=now).person
    people.record_consent(
        person=here, given=True, organisation="Us", wording="w", version="1", language="en", source="s", how="form", now=now
    )
    people.suppress_person(person=here, reason=reason, source="mail", now=now)  # type: ignore[arg-type]
    people.suppress(email=address("stranger@example.org"), reason=reason, source="mail", now=now)  # type: ignore[arg-type]
    forgotten = people.enrol(email=address("forgotten@example.org"), now=now).person
    people.forget(person=forgotten, staff_id=None, why="asked", now=now)
    status = "status" in how
    text = "email,first name,country" + (",status" if status else "") + "\n"
    for name in ("HERE", "stranger", "forgotten"):
        text += f"{name}@example.org,New,GB" + (",subscribed" if status else "") + "\n"
    load(sheet(home, text), now + timedelta(days=1), overwrite=how.get("overwrite", ()))
    assert Person.objects.filter(may_mail=True).count() == 0
    strangers = 0 if reason == "legal" else 1
    assert queries.counts()["people"] == 1 + strangers and Person.objects.count() == 2 + strangers, (
        "the forgotten one's row stays empty and is nobody, and a list does not bring them back"
    )


def test_an_import_needs_its_proof(home: Path, now: datetime) -> None:
    path = sheet(home, "email\nada@example.org\n")
    for missing in ({"wording": " "}, {"source": ""}):
        with pytest.raises(Refused, match="proof"):
            load(path, now, **missing)
    assert not Person.objects.exists()


def test_blanks_are_filled_and_only_what_is_named_is_written_over(home: Path, now: datetime) -> None:
    people.enrol(email=address("ada@example.org"), family_name="Byron", country="GB", now=now)
    ada = person("ada@example.org")
    load(sheet(home, "email,first name,last name,country,region\nada@example.org,Ada,Other,FR,Kent\n"), now)
    assert details(ada) == ("Ada", "Byron") and coarse(ada) == ("GB", "Kent")
    load(
        sheet(home, "email,first name,last name,country\nada@example.org,,Lovelace,FR\n", "2.csv"), now, overwrite=("family_name",)
    )
    assert details(ada) == ("Ada", "Lovelace") and coarse(ada) == ("GB", "Kent")
    with pytest.raises(Refused, match="written over"):
        load(sheet(home, "email\na@example.org\n", "3.csv"), now, overwrite=("email",))


def details(ref: PersonRef) -> tuple[str | None, str | None]:
    from groundswell.people.keys import vault_ring
    from groundswell.people.vault.open import Opener

    opener, row = Opener(vault_ring()), store.get([ref])[0]
    return opener.open(ref, "given_name", row.given_name), opener.open(ref, "family_name", row.family_name)


def coarse(ref: PersonRef) -> tuple[str, str]:
    row = Person.objects.get(pk=ref)
    return row.country, row.region


def test_a_yes_reaches_those_whom_nobody_asked_and_no_others(home: Path, now: datetime) -> None:
    """Known without any word on mail: the list's proof counts. Known with a no: it stays a no."""
    people.enrol(email=address("unasked@example.org"), now=now)
    no = people.enrol(email=address("no@example.org"), now=now).person
    people.record_consent(
        person=no, given=False, organisation="Us", wording="", version="1", language="en", source="form", how="form", now=now
    )
    report = load(sheet(home, "email,status\nunasked@example.org,subscribed\nno@example.org,subscribed\n"), now)
    assert report.consents == 1
    assert queries.may_mail(person("unasked@example.org")) and not queries.may_mail(no)


def test_the_most_cautious_row_of_a_list_counts(home: Path, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("groundswell.people.understanding.BATCH", 2)
    rows = ["a@example.org,pending", "a@example.org,subscribed", "b@example.org,subscribed", "c@example.org,subscribed"]
    rows += ["b@example.org,unsubscribed", "a@example.org,subscribed"]
    load(sheet(home, "email,status\n" + "\n".join(rows) + "\n"), now)
    assert [queries.may_mail(person(f"{name}@example.org")) for name in "abc"] == [False, False, True]


def test_the_same_person_five_hundred_times_is_one(home: Path, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("groundswell.people.understanding.BATCH", 64)
    text = "email,first name\n" + "".join(f"{'ADA' if n % 2 else 'ada'}@example.org,{'Ada' if n else ''}\n" for n in range(500))
    path = sheet(home, text)
    dry = load(path, now, dry_run=True)
    assert (dry.new, dry.known) == (1, 499) and not Person.objects.exists() and not ImportRun.objects.exists()
    report = load(path, now)
    assert (report.new, report.known, report.filled) == (1, 499, 0)
    assert details(person("ada@example.org"))[0] == "Ada" and Consent.objects.count() == 1


def test_a_column_of_passwords_is_never_read(home: Path, now: datetime) -> None:
    report = load(sheet(home, "email,Password,Credit card number\nada@example.org,hunter2,4111\n"), now)
    assert report.secret == ("Password", "Credit card number")
    with pytest.raises(Refused, match="secrets"):
        load(sheet(home, "email,Password\nb@example.org,x\n", "2.csv"), now, said={"password": "given_name"})


def test_a_person_says_what_the_columns_hold_and_it_is_remembered(home: Path, now: datetime) -> None:
    people.make_field(slug="chapter", label="Chapter", kind="choice", choices=["North", "South"])
    path = sheet(home, "Adresse;Gruppe;Kontakt\nHigh St;North;ada@example.org\n;Nowhere;b@example.org\n")
    said = {"Kontakt": "email", "gruppe": "fact:chapter", "Adresse": "street"}
    report = load(path, now, said=said)
    assert report.mapping == {"Adresse": "street", "Gruppe": "fact:chapter", "Kontakt": "email"}
    assert [(fact.person_id, fact.word) for fact in Fact.objects.all()] == [(person("ada@example.org"), "North")]
    again = load(sheet(home, "Adresse;Gruppe;Kontakt\n;South;c@example.org\n", "next.csv"), now)
    assert again.mapping == report.mapping and again.new == 1
    for wrong, words in (({"Nix": "email"}, "no column"), ({"Kontakt": "soul"}, "no field"), ({"Kontakt": "fact:x"}, "no custom")):
        with pytest.raises(Refused, match=words):
            load(path, now, said=wrong)


def test_typo_domains_are_pointed_at_and_left_as_they_are(home: Path, now: datetime) -> None:
    report = load(sheet(home, "email\nada@gmial.com\n"), now)
    assert report.new == 1 and report.advice == [(2, "The address ends in gmial.com; gmail.com may be meant.")]
    ada = person("ada@gmial.com")
    assert mailroom.cards([ada])[ada].email == "ada@gmial.com"
    assert list(queries.rejects(report.run)) == [(2, report.advice[0][1], True)]


def test_an_open_quotation_mark_swallows_nobody(home: Path, now: datetime) -> None:
    text = 'email,name\na@example.org,"Ada\nb@example.org,Bob\nc@example.org,Cem\n'
    report = load(sheet(home, text), now)
    assert report.new == 2 and [line for line, _ in report.rejected] == [2]
    fine = load(sheet(home, 'email,street\nd@example.org,"1 High St\nLeeds"\n', "2.csv"), now)
    assert fine.new == 1 and not fine.rejections


def test_faulty_rows_are_named_by_line_and_the_others_go_on(home: Path, now: datetime) -> None:
    text = (
        "email,name\nada@example.org,Ada\nnot an address,Eve\nb@example.org,B,x,y\n" + "c" * 140_000 + "\nd\x00@example.org,D\n\n"
    )
    text += "e@example.org,E\x00\n"
    report = load(sheet(home, text), now)
    assert report.new == 2 and [line for line, _ in report.rejected] == [3, 4, 5, 6]
    assert "4 cells" in report.rejected[1][1]
    assert all("@" not in reason for _, reason in report.rejected)


def test_an_import_is_taken_back_whole(home: Path, now: datetime) -> None:
    people.enrol(email=address("old@example.org"), family_name="Old", now=now)
    old = person("old@example.org")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    text = "email,first name,last name,country,phone,tags,status\nold@example.org,Olda,New,GB,+44 20 7946 0000,x,subscribed\n"
    text += "new@example.org,New,,GB,,x,\nstays@example.org,Stay,,GB,,,active\nout@example.org,Out,,,,,unsubscribed\n"
    path = sheet(home, text)
    report = load(path, now, overwrite=("family_name",))
    assert report.run is not None and queries.may_mail(old) and details(old) == ("Olda", "New")
    stays = person("stays@example.org")
    with pytest.raises(Refused, match="reason"):
        people.undo_import(run_id=report.run, why=" ", staff_id=None, in_use=in_use, now=now)
    done = people.undo_import(
        run_id=report.run, why="the wrong list", staff_id=None, in_use=lambda persons: {stays} & set(persons),
        now=now + timedelta(hours=1),
    )  # fmt: skip
    assert (done.removed, done.kept) == (2, 1)
    assert details(old) == (None, "Old") and coarse(old) == ("", "") and not queries.may_mail(old)
    assert set(Person.objects.values_list("pk", flat=True)) == {old, stays} and not queries.may_mail(stays)
    assert not Tagged.objects.exists()
    assert Suppression.objects.get().reason == "unsubscribed", "a goodbye stays a goodbye"
    assert LedgerEntry.objects.get().why == "the wrong list"
    assert Consent.objects.filter(person_id=stays).order_by("at").values_list("given", flat=True).last() is False
    with store.inside() as cursor:
        cursor.execute("SELECT name_tokens IS NOT NULL, phone_index FROM vault.contact WHERE person = %s", [old])
        assert cursor.fetchone() == (True, None)
        cursor.execute("SELECT count(*) FROM vault.change")
        assert cursor.fetchone() == (0,)
    for again, words in ((report.run, "already"), (10**9, "no import")):
        with pytest.raises(Refused, match=words):
            people.undo_import(run_id=again, why="again", staff_id=None, in_use=in_use, now=now)
    assert load(path, now).new == 2, "the same file may be imported again after it was taken back"


def test_keys_that_are_missing_or_others_are_said_so_and_nothing_is_written(home: Path, own_keys: Path, now: datetime) -> None:
    (own_keys / "vault.json").unlink()
    with pytest.raises(Refused, match="missing"):
        load(sheet(home, "email\nada@example.org\n"), now)
    assert not Person.objects.exists()


@pytest.mark.parametrize("ring", ["vault", "index"])
def test_keys_of_another_installation_write_nothing(
    ring: Literal["vault", "index"], home: Path, own_keys: Path, now: datetime
) -> None:
    load(sheet(home, "email\nada@example.org\n"), now)
    right, folder = (own_keys / f"{ring}.json").read_text(), settings.GROUNDSWELL.key_folder
    folder.write(
        ring, KeyRing({key: bytes(reversed(value)) for key, value in folder.ring(ring).keys.items()}, folder.ring(ring).current)
    )
    wrong = (own_keys / f"{ring}.json").read_text()
    for dry_run in (False, True):
        with pytest.raises(Refused, match="from your backup"):
            load(sheet(home, "email,last name\nada@example.org,Byron\nnew@example.org,New\n", "again.csv"), now, dry_run=dry_run)
    with pytest.raises(Refused, match="from your backup"):
        rotate(ring=ring, staff_id=None, why="yearly", now=now, elsewhere=resealing)
    assert (own_keys / f"{ring}.json").read_text() == wrong, "no key is added to a ring that is not this list's"
    (own_keys / f"{ring}.json").write_text(right)
    assert load(sheet(home, "email,last name\nada@example.org,Byron\n", "again.csv"), now).filled == 1
    assert details(person("ada@example.org"))[1] == "Byron" and Person.objects.count() == 1


@pytest.mark.parametrize(
    ("header", "row", "reason"),
    [
        ("email,do_not_contact,do_not_email", "ada@example.org,true,false", "unsubscribed"),
        ("email,do_not_email,do_not_contact", "ada@example.org,1,", "unsubscribed"),
        ("email,status,email status", "ada@example.org,unsubscribed,subscribed", "unsubscribed"),
        ("email,email status,status", "ada@example.org,bounced,subscribed", "hard bounce"),
        ("email,consent,newsletter", "ada@example.org,no,yes", "no consent"),
        ("email,status,opt_in", "ada@example.org,pending,yes", "no consent"),
        ("email,is_deceased,email1_is_bad,status", "ada@example.org,yes,no,subscribed", "hard bounce"),
        ("email,abuse_time,unsubscribed", "ada@example.org,2024-01-01,2024-02-01", "complaint"),
        ("email,do_not_contact,do_not_email,status", "ada@example.org,false,no,subscribed", ""),
    ],
)
def test_one_column_that_says_no_is_enough(header: str, row: str, reason: str, home: Path, now: datetime) -> None:
    load(sheet(home, f"{header}\n{row}\n"), now)
    assert dict(queries.standings())[person("ada@example.org")] == reason


def test_a_column_that_is_there_twice_is_shown_twice_and_fills_blanks_only(home: Path, now: datetime) -> None:
    report = load(sheet(home, "Email,Email,First name\nada@example.org,other@example.org,Ada\n,bob@example.org,Bob\n"), now)
    assert report.mapping == {"Email": "email", "Email (column 2)": "email", "First name": "given_name"} and report.new == 2
    assert mailroom.cards([person("bob@example.org")]) and queries.counts()["people"] == 2


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16"])
def test_utf_16_is_known_without_its_mark_and_by_names_of_any_script(encoding: str, home: Path, now: datetime) -> None:
    path = home / "list.csv"
    path.write_bytes("Email,First name\nlukasz@example.org,Łukasz\nmei@example.org,美玲\n".encode(encoding))
    assert load(path, now).new == 2
    assert mailroom.cards([person("lukasz@example.org")]).popitem()[1].given_name == "Łukasz"


def test_lines_of_an_old_mac_are_counted_too(home: Path, now: datetime) -> None:
    path, said = home / "list.csv", list[int]()
    path.write_bytes(b"Email,First name\ra@example.org,Ada\rb@example.org,Bob\r")
    people.import_list(path, organisation="o", wording="w", source="s", now=now, total=said.append)
    assert said == [2] and queries.counts()["people"] == 2
