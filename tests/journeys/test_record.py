"""The record as staff and readers meet it: a correction and what it flags, a date that passes and what it sets going."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ports import free_port
from tests.stage import COMMAND, browsing

pytestmark = [pytest.mark.slow, pytest.mark.journey]
WORLD = """
from datetime import UTC, datetime
from uuid import uuid4
from groundswell.cli import ready
now = datetime(2026, 6, 1, 9, tzinfo=UTC)
with ready.database():
    from groundswell.actions import operations as actions
    from groundswell.basics.addresses import parse
    from groundswell.campaigns import operations as campaigns
    from groundswell.mailings import operations as mailings
    from groundswell.people import operations as people
    from groundswell.staff.operations import one_time_password
    c = campaigns.open_campaign(slug="c", title="End the sales", target_slug="acme", target_name="Acme", summary="What Acme promised.", now=now)
    campaigns.commit(campaign_id=c, title="Acme, no more sales", slug="no-more", now=now)
    source = {"publisher": "The Paper", "title": "Acme stops", "url": "https://paper.example/1", "dated": "2026-05-18"}
    campaigns.enter(campaign_id=c, now=now, entry={
        "key": "acme-stops", "dated": "2026-05-18", "kind": "pledge", "actor": "Acme", "subject": "No more sales", "summary": "Acme said that it stops for a year.",
        "wording": "We stop.", "certainty": "found", "commitment": "no-more", "bearing": "makes", "scope": "all sales", "expires": "2027-01-31", "sources": [source]})
    p = actions.open_petition(slug="p", campaign_id=c, title="End it", text="They said that they stop.[^acme-stops]", goal=10, thanks_subject="T", thanks_text="{{ first_name | \\"Friend\\" }},\\n\\n::: ask\\nPass it on\\n:::\\n", now=now)
    mailings.keep_sender(slug="s", name="Lucia", team="and all", organisation="Common Ground", from_address="l@news.example.org", reply_to="a@news.example.org",
        list_id="l.example.org", feedback_id="cg", postal_address="1 Example St", why="You asked us.", privacy_url="https://example.org/p", website="https://example.org")
    for name in ("ada", "bea"):
        person = people.enrol(email=parse(f"{name}@example.org"), given_name=name, now=now).person
        people.record_consent(person=person, given=True, organisation="Common Ground", wording="Yes", version="1", language="en", source="x", how="form", now=now)
        actions.sign(entry_id=uuid4(), petition_id=p, version=1, person=person, source="x", position="website", delivery=None, signed_at=now)
    appeal = "---\\nsubject: S\\n---\\n{{ first_name | \\"Friend\\" }},\\n\\nThey said so.[^acme-stops]\\n\\n::: ask\\nSign\\n:::\\n"
    for slug in ("sent", "waiting"):
        m = mailings.draft(slug=slug, appeal=appeal, sender_slug="s", petition_id=p, now=now)
        if slug == "sent":
            mailings.start(mailing_id=m, now=now)
    print("password:", one_time_password(username="alice", now=now))
"""
SENT = """
from groundswell.cli import ready
with ready.database():
    import hashlib, json
    from groundswell.post.models import Letter
    print(hashlib.sha256(json.dumps(Letter.objects.get(key="mailing:sent").content, sort_keys=True).encode()).hexdigest())
"""


class House:
    """An installation of its own, running."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        web, mail = free_port(), free_port()
        self.address = f"http://127.0.0.1:{web}"
        self.environment = {
            **os.environ, "GROUNDSWELL_DATA": str(folder), "GROUNDSWELL_MODE": "development", "GROUNDSWELL_BASE_URL": self.address,
            "GROUNDSWELL_LISTEN": f"127.0.0.1:{web}", "GROUNDSWELL_INBOUND_LISTEN": f"127.0.0.1:{mail}",
            "GROUNDSWELL_SMTP": f"smtp://127.0.0.1:{mail}",
        }  # fmt: skip
        self.run("init")
        self.password = re.search(r"password: (\S+)", self.python(WORLD)).group(1)  # type: ignore[union-attr]
        self.up = subprocess.Popen(
            [*COMMAND, "up"],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        line = ""
        assert self.up.stdout
        while "Ctrl-C ends it" not in line:
            line = self.up.stdout.readline()
            assert line, self.logs()

    def run(self, *arguments: str, well: tuple[int, ...] = (0,)) -> str:
        done = subprocess.run(
            [*COMMAND, *arguments], env=self.environment, capture_output=True, text=True, timeout=600, check=False
        )
        assert done.returncode in well, done.stdout + done.stderr
        return done.stdout

    def refused(self, *arguments: str) -> str:
        """What the command says where it does not do it: in words, without a traceback."""
        done = subprocess.run(
            [*COMMAND, *arguments], env=self.environment, capture_output=True, text=True, timeout=600, check=False
        )
        assert done.returncode == 2 and "Traceback" not in done.stderr, done.stdout + done.stderr
        return done.stdout + done.stderr

    def python(self, code: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", code], env=self.environment, capture_output=True, text=True, timeout=600, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def logs(self) -> str:
        return "".join(path.read_text(errors="replace")[-3000:] for path in self.folder.glob("*.log"))

    def stop(self) -> None:
        os.killpg(self.up.pid, signal.SIGINT)
        self.up.communicate(timeout=300)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = House(tmp_path_factory.mktemp("record") / "var")
    yield made
    made.stop()


@pytest.fixture(scope="module")
def alice(house: House) -> Iterator[Any]:
    """A member of staff at her browser, signed in."""
    with browsing() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        deadline = time.monotonic() + 60
        while not page.locator("input[name=username]").count() and time.monotonic() < deadline:
            page.goto(f"{house.address}/office/")  # the office opens its door a moment after the public one
        page.locator("input[name=username]").fill("alice")
        page.locator("input[name=password]").fill(house.password)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("heading", name="Who did what, and why").wait_for()
        yield page


def until(page: Any, address: str, there: Callable[[str], bool]) -> str:
    """The page at `address`, once the worker has written it."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        page.goto(address)
        text = str(page.inner_text("main"))
        if there(text):
            return text
        page.wait_for_timeout(200)
    raise AssertionError(text)


def test_a_correction_flags_the_draft_and_the_page_and_leaves_the_sent_letter(house: House, alice: Any) -> None:
    sent = house.python(SENT)
    public = f"{house.address}/record/c"
    assert "in force, made 2026-05-18" in until(alice, public, lambda text: "Acme said that it stops for a year." in text)
    alice.goto(f"{house.address}/office/record/")
    alice.get_by_role("link", name="End the sales").click()
    alice.get_by_role("link", name="Acme: No more sales").click()
    alice.get_by_role("link", name="Correct it").click()
    alice.get_by_label("What happened, in your words").fill("Acme said that it stops for as long as the law is debated.")
    alice.get_by_label("Date", exact=True).fill("2030-01-01")
    alice.get_by_role("button", name="Enter the correction").click()
    assert "dated in the future" in alice.inner_text("main")
    assert (
        "as long as the law is debated" in alice.get_by_label("What happened, in your words").input_value()
    )  # nothing typed is lost
    alice.get_by_label("Date", exact=True).fill("2026-05-18")
    alice.get_by_role("button", name="Enter the correction").click()
    alice.get_by_role("heading", name="Flags").wait_for()
    flags = alice.inner_text("main")
    assert (
        "draft letter: waiting" in flags
        and "page: /a/p" in flags
        and "corrected" in flags
        and "sent" not in flags.split("How the")[0].split("Flags")[1].replace("letter: waiting", "")
    )
    assert house.python(SENT) == sent
    told = json.loads(house.run("record", "flags", "c", "--json", well=(1,)))
    assert {row["where"] for row in told} == {"waiting", "/a/p"}
    text = until(alice, public, lambda text: "as long as the law is debated" in text)
    assert "An entry stood here. It was corrected" in text and "stops for a year" not in text
    alice.goto(f"{public}/e/acme-stops")
    assert "stops for a year" in alice.inner_text("main") and "Read the correction" in alice.inner_text("main")


def test_a_date_passes(house: House, alice: Any) -> None:
    assert json.loads(house.run("record", "nightly", "--at", "2026-11-30", "--json"))["reminders"] == 0
    assert json.loads(house.run("record", "nightly", "--at", "2026-12-15", "--json"))["reminders"] == 1
    text = until(alice, f"{house.address}/record/c", lambda text: "expiring" in text.lower())
    assert "expiring, made 2026-05-18" in text
    night = json.loads(house.run("record", "nightly", "--at", "2027-01-31", "--json"))
    assert (night["standings changed"], night["reminders"], night["letters proposed"]) == (1, 1, 1)
    again = json.loads(house.run("record", "nightly", "--at", "2027-01-31", "--json"))
    assert (again["standings changed"], again["reminders"], again["letters proposed"]) == (0, 0, 0)
    text = until(alice, f"{house.address}/record/c", lambda text: "expired" in text.lower())
    assert "expired, on 2027-01-31" in text and "Nothing of it: expired (31 January 2027)" in text
    alice.goto(f"{house.address}/office/")
    assert "“Acme, no more sales” ended on 31 January 2027" in alice.inner_text("main")
    alice.goto(f"{house.address}/office/record/letters/")
    assert "ended · commitment Acme, no more sales" in alice.inner_text("main") and "for up to 2 people" in alice.inner_text("main")
    drafts = json.loads(house.run("mailing", "list", "--json"))
    (proposed,) = [slug for slug in drafts if slug.startswith("ended-")]
    assert drafts[proposed] == "draft"  # nothing leaves by itself
    alice.goto(f"{house.address}/office/record/c/c/")
    alice.get_by_role("button", name="Done: “Acme, no more sales” ended").click()
    assert alice.get_by_role("button", name="Done: “Acme, no more sales” ended").count() == 0


def test_forty_megabytes_of_evidence_and_a_page_that_changed(house: House, alice: Any, tmp_path: Path) -> None:
    pdf, other = tmp_path / "report.pdf", tmp_path / "later.pdf"
    pdf.write_bytes(b"%PDF-1.7\n" + b"0" * (40 * 2**20))
    other.write_bytes(b"%PDF-1.7\nother")
    alice.goto(f"{house.address}/office/record/c/c/enter/")
    for label, value in (
        ("Date", "2026-05-20"),
        ("Who acted", "Acme"),
        ("Headline", "A report"),
        ("What happened, in your words", "It reported."),
    ):
        alice.get_by_label(label, exact=True).fill(value)
    alice.get_by_role("button", name="Enter it").click()
    assert "The entry has no source" in alice.inner_text("main")
    first = alice.get_by_role("group", name="Source 1")
    first.get_by_label("Who published it").fill("Acme")
    first.get_by_label("Title").fill("Yearly report")
    first.get_by_label("Keep a copy").set_input_files(pdf)
    alice.get_by_role("button", name="Enter it").click()
    alice.get_by_role("link", name="Acme: A report").click()
    assert "Saved copy" in alice.inner_text("main")
    alice.get_by_label("A copy made today").set_input_files(other)
    alice.get_by_role("button", name="Compare or note").click()
    assert "It differs from the saved copy" in alice.inner_text("main")
    kept = sum(path.stat().st_size for path in (house.folder / "evidence").rglob("*") if path.is_file())
    assert kept == pdf.stat().st_size + other.stat().st_size
    with alice.expect_download() as download:
        alice.get_by_role("link", name="download").click()
    assert Path(download.value.path()).read_bytes() == pdf.read_bytes()


def test_the_commands_say_what_they_did(house: House, tmp_path: Path) -> None:
    facts = tmp_path / "facts.json"
    source = {"publisher": "Paper", "title": "T", "url": "https://paper.example/2"}
    entry = {
        "key": "law",
        "dated": "2026-05",
        "kind": "law",
        "actor": "Town",
        "subject": "A ban",
        "summary": "It was banned.",
        "sources": [source],
    }
    facts.write_text(json.dumps([entry]))
    assert json.loads(house.run("record", "enter", "c", str(facts), "--json")) == {"entered": 1}
    assert house.run("record", "enter", "c", str(facts)) == "entered: 1\n"
    facts.write_text(json.dumps({**entry, "key": "other", "sources": []}))
    assert "The entry has no source" in house.refused("record", "enter", "c", str(facts))
    facts.write_text("[]")
    assert "holds no entries" in house.refused("record", "enter", "c", str(facts))
    facts.write_text("{")
    assert "can't be read as JSON" in house.refused("record", "enter", "c", str(facts))
    rows = json.loads(house.run("record", "list", "c", "--json"))
    assert {"key": "law", "dated": "2026-05", "kind": "law", "certainty": "found", "sources": 1, "corrected_by": ""} in rows
    assert "expired, on 2027-01-31" in house.run("record", "standing", "c", "--at", "2027-02-01")
    assert "There are: c." in house.refused("record", "standing", "x")
    assert "Write it as 2027-01-31" in house.refused("record", "standing", "c", "--at", "soon")
    one, two = tmp_path / "law.html", tmp_path / "new.html"
    one.write_text("<script>alert(1)</script>")
    two.write_text("changed")
    assert json.loads(house.run("record", "check-copies", str(one), "--json"))[0]["result"] == "first"
    assert (
        json.loads(house.run("record", "check-copies", str(two), "--entry", "law", "--json", well=(1,)))[0]["result"] == "differs"
    )
    assert "names no source" in house.refused("record", "check-copies", str(two))
    sheet = tmp_path / "towns.csv"
    sheet.write_text(
        "supplier,product,buyer,publisher,title,address\nAcme,cameras,Town,Paper,T,https://p.example\nAcme,x,Y,Paper,T,\n"
    )
    dry = house.run("record", "supplies", str(sheet), "--dry-run")
    assert "line 3: no source" in dry and "new: 1" in dry
    assert json.loads(house.run("record", "supplies", str(sheet), "--name", "Towns", "--json"))["new"] == 1
    assert "is not there" in house.refused("record", "supplies", str(tmp_path / "none.csv"))


def test_every_page_of_it_is_good_to_read(house: House, alice: Any) -> None:
    from tests.axe import axe

    images = os.environ.get("GROUNDSWELL_IMAGES")
    office = {
        "record-office": "", "record-campaign": "c/c/", "record-enter": "c/c/enter/", "record-correct": "c/c/enter/?corrects=acme-stops",
        "record-entry": "c/c/e/acme-stops/", "record-commit": "c/c/commit/", "record-register": "register/", "record-letters": "letters/", "record-more": "c/c/more/",
        "record-targets": "targets/", "record-contact": "targets/acme/contact/",
    }  # fmt: skip
    public = ["/record/c", "/record/c/e/acme-stops", "/record/c/kind/pledge", "/a/p"]
    for width in (390, 1280):
        alice.set_viewport_size({"width": width, "height": 900})
        for name, path in office.items():
            alice.goto(f"{house.address}/office/record/{path}")
            assert alice.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, width)
            violations = axe(alice, context="#main")
            assert not violations, (name, width, [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in violations])
            if images:
                alice.screenshot(path=f"{images}/{name}-{width}.png", full_page=True)
        for scheme in ("light", "dark"):
            alice.emulate_media(color_scheme=scheme)
            for path in public:
                alice.goto(house.address + path)
                assert alice.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)
                violations = axe(alice)
                assert not violations, (path, width, scheme, [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in violations])
        alice.emulate_media(color_scheme="light")


def test_charlie_sees_nothing_and_the_files_are_what_they_say(house: House, alice: Any) -> None:
    stranger = alice.context.browser.new_page()
    stranger.goto(f"{house.address}/office/record/c/c/")
    assert "/office/login/" in stranger.url
    kinds = {
        "record.json": "application/json",
        "record.csv": "text/csv",
        "feed.atom": "application/atom+xml",
        "chart.svg": "image/svg+xml",
    }
    for name, kind in {**kinds, "record.schema.json": "application/json"}.items():
        answer = stranger.request.get(f"{house.address}/record/c/{name}")
        assert answer.status == 200 and answer.headers["content-type"].startswith(kind), name
    for missing in ("/record/c/e/none", "/record/c/e/acme-stops/x/y/z", "/record/c/record.exe", "/record/c/index"):
        assert stranger.request.get(house.address + missing).status == 404, missing
