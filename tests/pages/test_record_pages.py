"""The public record: what people read, what machines read, and what nobody typed can do to either."""

import csv
import io
import json
import re
from datetime import date, datetime
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from groundswell.campaigns import operations, queries
from groundswell.demo import record as demo
from groundswell.pages.masthead import House
from groundswell.pages.record.addresses import entry_of, file_of, filtered
from groundswell.pages.record.files import publish_record, record_files
from tests.campaigns.facts import MAKES, campaign, entry

pytestmark = pytest.mark.django_db
HOUSE = House("Org & Co", "/privacy", "https://act.example.org", "answers@example.org")
EVIL = '<script>alert(1)</script> {{ x }} "&'


def files(campaign_id: int, today: date) -> dict[str, str]:
    return {name: content.decode() for name, content in record_files(queries.record(campaign_id, today), HOUSE).items()}


@pytest.fixture
def demo_files(now: datetime) -> dict[str, str]:
    return files(demo.build(now=now), date(2026, 11, 24))


def test_the_demo_shows_what_was_found_and_how_the_four_promises_stand(demo_files: dict[str, str]) -> None:
    page = demo_files["record/end-the-pause/index.html"]
    data = json.loads(demo_files["record/end-the-pause/record.json"])
    assert (
        len(data["entries"]) == 55
        and {entry["certainty"] for entry in data["entries"]} == {"found"}
        and data["hidden_copies"] == 12
    )
    words = {row["target"]: row["words"] for row in data["commitments"]}
    assert words == {
        "Amazon": "in force, narrowed, last confirmed 2024-01-26", "IBM": "unconfirmed, not repeated since 2020-06-08",
        "Microsoft": "unconfirmed, not repeated since 2020-06-11", "Ring": "withdrawn, April 2025",
    }  # fmt: skip
    for said in words.values():
        assert f"<strong>{said}</strong>" in page
    amazon = page[page.index('id="c-amazon-moratorium"') : page.index('id="c-ibm-general-purpose"')]
    announced, stands = amazon.index("police use of Amazon&#x27;s facial recognition"), amazon.index("missing persons excepted")
    assert amazon.index("As announced, 10 June 2020") < announced < amazon.index("As it stands") < stands
    assert "12 more entries were read only in a copy" in page and "answers@example.org" in page
    assert page.count('class="e k-') + page.count('pivot"') >= 55 and "No date was named for" in page


def test_machines_read_the_same(demo_files: dict[str, str]) -> None:
    base = "record/end-the-pause/"
    data, schema = json.loads(demo_files[base + "record.json"]), json.loads(demo_files[base + "record.schema.json"])
    jsonschema.validate(data, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**data, "entries": [{**data["entries"][0], "sources": []}]}, schema)
    rows = list(csv.DictReader(io.StringIO(demo_files[base + "record.csv"].removeprefix("\ufeff"))))
    assert {row["key"] for row in rows} == {entry["key"] for entry in data["entries"]} and len(rows) > 55
    feed = ElementTree.fromstring(demo_files[base + "feed.atom"])
    atom = "{http://www.w3.org/2005/Atom}"
    assert feed.tag == f"{atom}feed" and len(feed.findall(f"{atom}entry")) == 50
    assert all(
        found.findtext(f"{atom}id", "").startswith("https://act.example.org/record/end-the-pause/e/")
        for found in feed.findall(f"{atom}entry")
    )
    chart = ElementTree.fromstring(demo_files[base + "chart.svg"])
    assert chart.find("{http://www.w3.org/2000/svg}title") is not None
    for name, page in demo_files.items():
        if name.endswith(".html"):
            (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
            assert json.loads(block)["@context"] == "https://schema.org" and page.count("<script") == 1 and "style=" not in page


def test_every_link_inside_leads_somewhere(demo_files: dict[str, str]) -> None:
    anchors = {name: set(re.findall(r'id="([^"]+)"', page)) for name, page in demo_files.items() if name.endswith(".html")}
    for name, page in demo_files.items():
        if not name.endswith(".html"):
            continue
        assert len(re.findall(r' id="([^"]+)"', page)) == len(set(re.findall(r' id="([^"]+)"', page))), name
        for link in re.findall(r'href="(/record/[^"]*|#[^"]*)"', page):
            address, _, anchor = link.partition("#")
            target = name if not address else address[1:] if "." in address.rsplit("/", 1)[1] else file_of(address)
            assert target in demo_files, (name, link)
            assert not anchor or anchor in anchors[target], (name, link)


def test_a_filtered_page_shows_that_part_only(demo_files: dict[str, str]) -> None:
    ring = demo_files[file_of(filtered("end-the-pause", "Ring"))]
    pledges = demo_files[file_of(filtered("end-the-pause", "Ring", "pledge"))]
    assert ring.count('<li id="') == 10 and pledges.count('<li id="') == 1 and 'aria-current="true">Ring' in ring
    assert "record/end-the-pause/by/ring/kind/law.html" not in demo_files


def test_nothing_that_was_typed_runs_or_leads_astray(now: datetime) -> None:
    campaign_id = campaign(now)
    evil = entry(
        **dict.fromkeys(("actor", "subject", "summary", "wording", "note", "scope", "said_by"), EVIL), commitment="no-more", bearing="makes",
        sources=[{"publisher": EVIL, "title": "=cmd()", "url": "https://x.example/?a=1&b=<i>", "note": EVIL}],
    )  # fmt: skip
    operations.enter(campaign_id=campaign_id, entry=evil, now=now)
    operations.name_target(slug="evil", name=EVIL)
    operations.relate(one="acme", relation="owns", other="evil", publisher="P", title="T", url="javascript:alert(1)")
    operations.demand(campaign_id=campaign_id, made_by=EVIL, wording=EVIL, dated=EVIL[:12])
    operations.wonder(campaign_id=campaign_id, question=EVIL, finding=EVIL, state="disputed", now=now)
    made = files(campaign_id, now.date())
    for name, content in made.items():
        if name.endswith((".html", ".svg", ".atom")):
            assert "<script>alert" not in content and "<i>" not in content, name
        if name.endswith((".svg", ".atom")):
            ElementTree.fromstring(content)
    assert "'=cmd()" in made["record/c/record.csv"]
    assert "Who is tied to whom" in made["record/c/index.html"] and "javascript:" not in made["record/c/index.html"]
    assert "https://x.example/?a=1&amp;b=&lt;i&gt;" in made["record/c/index.html"]


def test_a_corrected_entry_keeps_its_address_and_leaves_the_timeline(now: datetime) -> None:
    campaign_id = campaign(now)
    operations.enter(campaign_id=campaign_id, entry=MAKES, now=now)
    operations.enter(campaign_id=campaign_id, entry={**MAKES, "key": "e2", "summary": "Acme said perhaps."}, corrects="e1", now=now)
    operations.enter(
        campaign_id=campaign_id,
        entry=entry(key="r", kind="reply", answers="e2", summary="They replied.", wording="We meant it."),
        now=now,
    )
    made = files(campaign_id, now.date())
    page, old, new = made["record/c/index.html"], made[file_of(entry_of("c", "e1"))], made[file_of(entry_of("c", "e2"))]
    assert "Acme said no more." not in page and "An entry stood here" in page and "“We meant it.”" in page
    assert "Acme said no more." in old and "Read the correction" in old and "Corrects an earlier entry" in new
    assert "https://act.example.org/record/c/e/e2" in new[new.index("Cite this") :]


def test_an_empty_record_is_a_page_too(now: datetime) -> None:
    other = operations.open_campaign(slug="d", title="D", target_slug="t", target_name="T", summary="", now=now)
    made = files(other, now.date())
    assert "0</strong> entries" in made["record/d/index.html"] and "record/d/chart.svg" not in made
    jsonschema.validate(json.loads(made["record/d/record.json"]), json.loads(made["record/d/record.schema.json"]))


def test_yesterdays_filters_go_and_entries_stay(now: datetime, home: Path) -> None:
    campaign_id = campaign(now)
    operations.enter_many(campaign_id=campaign_id, entries=[entry(key=f"e{n}", kind="law") for n in (1, 2)], now=now)
    view = queries.record(campaign_id, now.date())
    publish_record(home, view, HOUSE)
    assert (home / "record/c/kind/law.html").exists() and (home / "record/c/by/acme/kind/law.html.gz").exists()
    (home / "record/c/dossier.html").write_text("somebody else's")
    for key in ("e1", "e2"):
        operations.enter(campaign_id=campaign_id, entry=entry(key=f"{key}x", kind="supply", actor="Other"), corrects=key, now=now)
    publish_record(home, queries.record(campaign_id, now.date()), HOUSE)
    assert not (home / "record/c/kind/law.html").exists() and not (home / "record/c/by/acme.html").exists()
    assert (home / "record/c/e/e1.html").exists() and (home / "record/c/kind/supply.html").exists()
    assert (home / "record/c/dossier.html").exists() and not list(home.rglob("law.html.gz"))


def test_a_change_asks_once_for_the_pages(now: datetime) -> None:
    campaign_id = campaign(now)
    for number in range(3):
        operations.enter(campaign_id=campaign_id, entry=entry(key=f"e{number}"), now=now)
    jobs = ProcrastinateJob.objects.filter(task_name="groundswell.publish_record", status="todo")
    assert [job.args for job in jobs] == [{"campaign_id": campaign_id}]


def test_a_page_that_is_gone_or_has_moved_is_said_and_no_copy_that_nobody_kept(now: datetime, home: Path) -> None:
    campaign_id = campaign(now)
    operations.enter(campaign_id=campaign_id, entry=MAKES, now=now)
    source = queries.entry_named("e1").sources[0].id  # type: ignore[union-attr]

    def shown() -> str:
        return files(campaign_id, now.date())["record/c/e/e1.html"]

    operations.note_address(source_id=source, result="gone", words="answered 404", now=now)
    assert "the page is gone (24 November 2026)" in shown() and "our copy is kept" not in shown()
    sha256 = operations.keep_copy([b"one"], file_name="a", folder=home, now=now)
    operations.check_copy(source_id=source, sha256=sha256, now=now)
    operations.note_address(source_id=source, result="moved", words="https://new.example/x", now=now)
    assert "our copy is kept; the page has moved" in shown()
    assert '<a href="https://new.example/x" rel="noreferrer">where it is now</a>' in shown() and sha256 in str(
        queries.entry_named("e1")
    )
    operations.note_address(source_id=source, result="moved", words="javascript:alert(1)", now=now)
    assert "javascript:" not in shown()
