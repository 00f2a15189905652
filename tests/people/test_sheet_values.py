"""What lists hold besides addresses: understood where it can be, cleaned, and said where it can't."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from groundswell.basics.keyring import KeyRing
from groundswell.basics.result import Problem, Refused
from groundswell.people import operations as people
from groundswell.people.models import Fact, FactKind, Person
from groundswell.people.operations.tagging import understood as kept_as
from groundswell.people.phones import normalised
from groundswell.people.sheets import languages, mapping
from groundswell.people.sheets.cells import Row
from groundswell.people.sheets.facts import Kind, value_of
from groundswell.people.sheets.reading import look
from groundswell.people.sheets.reading import sheet as opened
from groundswell.people.sheets.rows import Draft, Reader
from groundswell.people.understanding import Marker, Note, understood
from groundswell.people.vault.index import Indexer
from tests.people.test_import import load, person, sheet

KINDS = {
    "born": Kind("date"),
    "height": Kind("number"),
    "shirt": Kind("choice", ("M", "L")),
    "member": Kind("yes"),
    "no": Kind("text"),
}


def reader(*columns: str, now: datetime) -> Reader:
    return Reader(
        mapping.plan(["email", *columns], {name: f"fact:{name}" for name in columns if name in KINDS}, kinds=KINDS), now=now
    )


def draft_of(now: datetime, **cells: str) -> Draft:
    found = reader(*cells, now=now).understand(2, ["a@example.org", *cells.values()])
    assert not isinstance(found, Problem)
    return found


def workbook(path: Path, rows: list[list[object]], *changes: tuple[bytes, bytes]) -> Path:
    """A workbook, and bytes of its first sheet changed."""
    book = Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(path.with_suffix(".whole"))
    with ZipFile(path.with_suffix(".whole")) as whole, ZipFile(path, "w") as changed:
        for name in whole.namelist():
            content = whole.read(name)
            for before, after in changes if name == "xl/worksheets/sheet1.xml" else ():
                assert before in content
                content = content.replace(before, after)
            changed.writestr(name, content)
    return path


def test_a_workbook_that_lies_about_its_size_is_read_to_its_end(tmp_path: Path) -> None:
    rows: list[list[object]] = [["email", "name"], *([f"p{number}@example.org", "Ada"] for number in range(5))]
    path = workbook(tmp_path / "list.xlsx", rows, (b'ref="A1:B6"', b'ref="A1:A2"'))
    found = opened(path, look(path), mapping.known)
    assert found.header == ("email", "name") and [list(row.cells) for row in found.rows] == rows[1:]


def test_a_workbook_that_is_damaged_further_below_is_refused_in_our_words(tmp_path: Path) -> None:
    rows: list[list[object]] = [["email"], *([f"p{number}@example.org"] for number in range(5))]
    path = workbook(tmp_path / "list.xlsx", rows, (b'r="A4"', b'r="A4" & <'))
    with pytest.raises(Refused, match="can't be read"):
        list(opened(path, look(path), mapping.known).rows)


@pytest.mark.django_db
def test_control_characters_stop_no_list(home: Path, now: datetime) -> None:
    for slug in ("shirt", "size"):
        people.make_field(slug=slug, label=slug, kind="text")
    text = "email,first name,phone,street,region,zip,tags,created_at,language,country,shirt,size\n"
    row = ",".join(f"\x00x\x1by{number}\x07" for number in range(11))
    blank = ",".join("\x00" * 11)
    said = {"shirt": "fact:shirt", "size": "fact:size"}
    report = load(sheet(home, f"{text}a@example.org,{row}\nb@example.org,{blank}\n"), now, said=said)
    assert (report.new, report.rejections) == (2, 0)
    assert [(fact.person_id, fact.word) for fact in Fact.objects.order_by("kind__slug")] == [
        (person("a@example.org"), "x y9"), (person("a@example.org"), "x y10"),
    ]  # fmt: skip
    assert Person.objects.get(pk=person("a@example.org")).region == "x y3"


@pytest.mark.parametrize(
    ("written", "country", "number"),
    [
        # A spreadsheet took the + away: longer than any number of the country, it has its code already.
        ("447700900123", "GB", "+447700900123"), ("33612345678", "FR", "+33612345678"), ("61412345678", "AU", "+61412345678"),
        ("436641234567", "AT", "+436641234567"), ("4915112345678", "DE", "+4915112345678"), ("34612345678", "ES", "+34612345678"),
        ("44 7700 900123", "GB", "+447700900123"), ("393331234567", "IT", "+393331234567"),
        # A number of the country all the same, as before.
        ("7700900123", "GB", "+447700900123"), ("07700900123", "GB", "+447700900123"), ("333123456", "FR", "+33333123456"),
        ("3933123456", "IT", "+393933123456"), ("9123456789", "IN", "+919123456789"), ("492112345", "DE", "+49492112345"),
        ("15551234567", "US", "+15551234567"), ("5551234567", "US", "+15551234567"), ("45123456", "DK", "+4545123456"),
        ("5512345678", "BR", "+555512345678"), ("04921 12345", "DE", "+49492112345"), ("4930123456789", "GB", "+444930123456789"),
        # Emden without its 0, or Cologne without its +?
        ("4922112345", "DE", None),
    ],
)  # fmt: skip
def test_a_number_that_lost_its_plus_is_the_number_it_was(written: str, country: str, number: str | None) -> None:
    assert normalised(written, country) == number


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2021-03-02 10:00:00.12 +0000 UTC", datetime(2021, 3, 2, 10, tzinfo=UTC)),
        ("2021-03-02 15:30:00.123456789 +0530 IST", datetime(2021, 3, 2, 10, tzinfo=UTC)),
        ("2021-03-02 07:00:00 -0300 -03", datetime(2021, 3, 2, 10, tzinfo=UTC)),
        ("2021-03-02 10:00:00.1 +0000 UTC m=+0.0012", datetime(2021, 3, 2, 10, tzinfo=UTC)),
        ("2021-03-02 10:00:00 UTC", datetime(2021, 3, 2, 10, tzinfo=UTC)), ("2021-03-02", datetime(2021, 3, 2, tzinfo=UTC)),
        ("2021-03-02T10:00:00Z", datetime(2021, 3, 2, 10, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_the_moments_of_other_systems_are_read(written: str, moment: datetime, now: datetime) -> None:
    found = draft_of(now, joined=written).joined
    assert found is not None and abs(found - moment) < timedelta(seconds=1)


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("English", "en"), ("Deutsch", "de"), ("German", "de"), ("French", "fr"), ("Français", "fr"), ("Spanish", "es"),
        ("ESPAÑOL", "es"), ("en", "en"), ("EN", "en"), ("en_GB", "en-gb"), ("pt-BR", "pt-br"), ("deu", "de"), ("gsw", "gsw"),
        ("Klingonish", ""), ("e", ""), ("english please", ""),
    ],
)  # fmt: skip
def test_a_language_may_be_written_in_words(written: str, tag: str, now: datetime) -> None:
    assert languages.tag(written) == tag
    draft = draft_of(now, language=written)
    assert draft.clear == ({"language": tag} if tag else {}) and draft.unread == (() if tag else ("language",))


def test_a_value_that_is_not_understood_is_named_by_its_field_and_not_repeated(now: datetime) -> None:
    cells = {
        "country": "Deutschlnd", "language": "Klingonish", "joined": "2. März 2021", "born": "24/12/1990", "height": "1,234",
        "shirt": "XXL", "member": "perhaps", "no": "anything",
    }  # fmt: skip
    marker = Marker(Indexer(KeyRing({1: bytes(32)}, 1)))
    batch = understood([Row(7, ["a@example.org", *cells.values()])], reader(*cells, now=now), marker)
    assert batch.notes == [Note(7, "Not understood, and left out: language, country, joined, born, height, shirt, member.", True)]
    good = {"country": "DE", "language": "de", "joined": "", "born": "1990-12-24", "height": "1.8", "shirt": "M", "member": "yes"}
    assert draft_of(now, **good).unread == () and draft_of(now, joined="0000-00-00").unread == ()
    assert draft_of(now, joined="2999-01-01").unread == ("joined",), "a day to come is none on which somebody joined"


def test_a_list_of_a_million_such_values_is_not_told_a_million_times(now: datetime) -> None:
    reading = reader("country", now=now)
    told = [reading.understand(line, ["a@example.org", "Deutschlnd"]) for line in range(2, 3002)]
    named = [draft.unread for draft in told if isinstance(draft, Draft)]
    assert named == [("country",)] * 1000 + [()] * 2000


def test_what_is_said_to_be_understood_is_what_is_kept() -> None:
    values = ("24/12/1990", "1990-12-24", "1,234", "1.8", "1e400", "nan", "M", "XXL", "yes", "Perhaps", "", " a  b ", "x" * 80)
    for kind in KINDS.values():
        row = FactKind(kind=kind.kind, choices=list(kind.choices))
        for value in values:
            assert repr(value_of(kind, value)) == repr(kept_as(row, value)), (kind, value)
