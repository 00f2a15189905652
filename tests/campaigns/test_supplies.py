"""Who supplies what to whom: lists read whole or refused by line, and the sentence a letter can carry."""

import csv
from datetime import datetime
from pathlib import Path

import pytest

from groundswell.basics.result import Refused
from groundswell.campaigns import operations, queries
from groundswell.campaigns.models import Supply

pytestmark = pytest.mark.django_db
ATLAS = (
    "AOSNUMBER", "NEWAOSNUMBER (ORI9)", "City", "County", "State", "Agency", "Type of LEA", "Summary", "Type of Juris", "Technology",
    "TECH ABV", "Vendor", "Link 1", "Link 1 Snapshot", "Link 1 Source", "Link 1 Type", "Link 1 Date", "Link 2", "Link 2 Snapshot",
    "Link 2 Source", "Link 2 Type", "Link 2 Date", "Link 3", "Link 3 Snapshot", "Link 3 Source", "Link 3 Type", "Link 3 Date", "Other Links",
)  # fmt: skip
OWN = (
    "supplier",
    "product",
    "buyer",
    "purpose",
    "since",
    "until",
    "state",
    "country",
    "region",
    "locality",
    "publisher",
    "title",
    "address",
)


def sheet(home: Path, columns: tuple[str, ...], *rows: dict[str, str]) -> Path:
    path = home / "list.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def atlas(number: str, **changes: str) -> dict[str, str]:
    return {
        "AOSNUMBER": number, "City": "Exampleville", "County": "Example County", "State": "OR", "Agency": "Exampleville Police Department",
        "Technology": "Face Recognition", "Vendor": "Acme", "Summary": "The department uses it.", "Link 1": "https://news.example/1",
        "Link 1 Source": "Example News", "Link 1 Date": "2021-02-03", **changes,
    }  # fmt: skip


def own(**changes: str) -> dict[str, str]:
    return {
        "supplier": "Acme", "product": "cameras", "buyer": "Town of Example", "state": "In use", "country": "gb", "region": "Kent",
        "locality": "Example", "publisher": "Paper", "title": "T", "address": "https://paper.example/1", "since": "2024", **changes,
    }  # fmt: skip


def test_the_atlas_is_read_as_it_is_published(home: Path, now: datetime) -> None:
    operations.name_target(slug="acme", name="Acme")
    path = sheet(
        home, ATLAS, atlas("AOS1"), atlas("AOS2", City="Otherton", Agency="Otherton Police", Vendor=""),
        atlas("AOS3", **{"Link 1": "", "Link 2": "https://second.example/2", "Link 2 Source": "Second"}),
        atlas("AOS4", **{"Link 1": "", "Link 1 Source": ""}),
    )  # fmt: skip
    report = operations.import_supplies(path, now=now)
    assert (report.new, report.refused) == (3, [(5, "no source: the address of who says so is missing")])
    first = Supply.objects.get(reference="atlas:AOS1")
    assert first.supplier is not None and first.supplier.name == "Acme" and first.list_name == "Atlas of Surveillance"
    assert Supply.objects.get(reference="atlas:AOS3").source_url == "https://second.example/2"
    again = operations.import_supplies(path, now=now)
    assert (again.new, again.renewed, again.same) == (0, 0, 3) and queries.supply_count() == 3


def test_a_reader_hears_of_their_own_town_by_code_or_name(home: Path, now: datetime) -> None:
    path = sheet(home, ATLAS, atlas("AOS1"), atlas("AOS2", City="Otherton", Agency="Otherton Police", Vendor=""))
    operations.import_supplies(path, now=now)
    assert [view.locality for view in queries.supplies_in("oregon", locality="otherton")] == ["Otherton", "Exampleville"]
    assert len(queries.supplies_in("OR", country="us")) == 2 and queries.supplies_in("OR", country="GB") == []
    told = queries.supplies_words("Oregon", country="US", locality="Otherton")
    assert told is not None and told[0] == "Otherton Police has Face Recognition." and told[1].publisher == "Example News"
    told = queries.supplies_words("OR")
    assert told is not None and told[0] == "Exampleville Police Department has Face Recognition by Acme."
    assert queries.supplies_words("") is None and queries.supplies_words("Nowhere") is None


def test_our_own_list_renews_what_it_says_anew_and_tells_of_no_ended_use(home: Path, now: datetime) -> None:
    operations.import_supplies(sheet(home, OWN, own()), list_name="Towns", now=now)
    told = queries.supplies_words("kent", country="GB", locality="Example")
    assert told is not None and told[0] == "Town of Example has cameras by Acme, since 2024."
    report = operations.import_supplies(sheet(home, OWN, own(state="ended", until="2026")), list_name="Towns", now=now)
    assert (report.new, report.renewed) == (0, 1)
    row = Supply.objects.get()
    assert (row.state, row.until, row.since, row.list_name) == ("ended", "2026", "2024", "Towns")
    assert queries.supplies_words("Kent") is None and str(row) == "Town of Example: cameras"
    blank = operations.import_supplies(sheet(home, OWN, own(state="ended", since="")), list_name="Towns", now=now)
    assert blank.same == 1 and Supply.objects.get().since == "2024"


def test_a_dry_run_changes_nothing(home: Path, now: datetime) -> None:
    assert operations.import_supplies(sheet(home, OWN, own()), dry_run=True, now=now).new == 1
    assert queries.supply_count() == 0


def test_a_formula_is_kept_as_words_and_a_script_is_no_address(home: Path, now: datetime) -> None:
    path = sheet(
        home, OWN, own(product='=HYPERLINK("x")', buyer="@SUM(1)"), own(buyer="B", address="javascript:alert(1)"),
        own(buyer=""), own(buyer="C", publisher=" "),
    )  # fmt: skip
    report = operations.import_supplies(path, now=now)
    assert report.new == 1 and [line for line, _ in report.refused] == [3, 4, 5]
    assert Supply.objects.get().product == '=HYPERLINK("x")'  # data here; made harmless where a sheet is written


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"a,b\n1,2\n", "register-columns"), (b"", "register-columns"), ("supplier,é".encode("latin-1"), "register-encoding")],
)
def test_what_is_no_such_list_is_refused_whole(home: Path, now: datetime, content: bytes, code: str) -> None:
    path = home / "x.csv"
    path.write_bytes(content)
    with pytest.raises(Refused) as refused:
        operations.import_supplies(path, now=now)
    assert refused.value.problems[0].code == code
