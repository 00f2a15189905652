"""A hand-over as staff do it: the text is edited after 500 signatures, files are made, killed, proved, and shown to the target."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from tests.deliveries.test_dossier import photo
from tests.ports import free_port
from tests.stage import COMMAND, NEEDS_CHROMIUM, browsing

pytestmark = [pytest.mark.slow, pytest.mark.journey]
ROOT = Path(__file__).resolve().parents[2]
WORLD = """
from datetime import UTC, datetime, timedelta
from groundswell.cli import ready
with ready.database() as settings:
    from groundswell.actions import operations as actions
    from groundswell.mailings import operations as mailings
    from groundswell.staff.operations import one_time_password
    from tests.deliveries.world import petition, signer
    now = datetime.now(UTC) - timedelta(hours=2)
    mailings.keep_sender(
        slug="us", name="Lucía", team="the team", organisation="Common Ground", from_address="l@news.example.org",
        reply_to="r@news.example.org", list_id="list.example.org", feedback_id="cg", postal_address="1 Example St",
        privacy_url="https://example.org/privacy", why="You asked us to write.", website="https://example.org",
    )
    asked = petition(now, title="Pause it", text="We ask for a pause.")
    for number in range(500):
        signer(asked, now + timedelta(seconds=number), number, shows="place" if number % 50 == 0 else "name+place")
    actions.reword(petition_id=asked, title="End it for good", text="We ask for an **end**, in writing.", now=now)
    for number in range(500, 520):
        signer(asked, now + timedelta(seconds=number), number, version=2, country="DE", area="10", reason="My street is watched.")
    print("password", one_time_password(username="alice", now=now))
"""


class House:
    """An installation of this test's own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.password = folder, ""
        web, mail = free_port(), free_port()
        self.address = f"http://127.0.0.1:{web}"
        self.environment = {
            **os.environ, "GROUNDSWELL_DATA": str(folder), "GROUNDSWELL_MODE": "development", "GROUNDSWELL_BASE_URL": self.address,
            "GROUNDSWELL_LISTEN": f"127.0.0.1:{web}", "GROUNDSWELL_INBOUND_LISTEN": f"127.0.0.1:{mail}",
            "GROUNDSWELL_SMTP": f"smtp://127.0.0.1:{mail}", "PYTHONPATH": str(ROOT),
        }  # fmt: skip

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*COMMAND, *arguments], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            start_new_session=True,
        )  # fmt: skip

    def run(self, *arguments: str) -> tuple[int, str, str]:
        child = self.start(*arguments)
        out, err = child.communicate(timeout=600)
        return child.returncode, out, err

    def make(self, *more: str) -> dict[str, Any]:
        code, out, err = self.run("deliver", "make", "p", "--why", "the vote", "--json", *more)
        assert code == 0, err
        return dict(json.loads(out))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    found = House(tmp_path_factory.mktemp("house") / "var")
    assert found.run("init")[0] == 0
    built = subprocess.run([sys.executable, "-c", WORLD], env=found.environment, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    found.password = built.stdout.split("password ")[1].strip()
    return found


def test_csv_and_pdf_say_who_signed_which_text_and_every_file_can_be_proved(house: House, tmp_path: Path) -> None:
    made = house.make("--format", "csv", "--format", "pdf", "--format", "label", "--format", "press", "--reasons")
    assert (made["signatures"], made["per_version"]) == (520, {"1": 500, "2": 20})
    folder = Path(made["file"]).parent
    with Path(made["file"]).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0][:3] + rows[0][4:] == ["text", "1", "Pause it", "500 signatures"]
    assert rows[1][:3] + rows[1][4:] == ["text", "2", "End it for good", "20 signatures"]
    assert [row[4] for row in rows[3:]] == ["1"] * 500 + ["2"] * 20
    printed = " ".join("\n".join(page.extract_text() for page in PdfReader(folder / "p-part-1-of-1.pdf").pages).split())
    for words in ("signed by 500", "signed by 20", "We ask for a pause.", "We ask for an end, in writing.", "1 A supporter, SW1 GB (1)",
                  "520 Ada L., 10 DE (2)", "10 asked to stay “A supporter”"):  # fmt: skip
        assert words in printed, words
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in folder.iterdir())
    for name in made["files"]:
        code, out, _ = house.run("deliver", "verify", str(folder / name))
        assert code == 0 and "handed over on 20" in out and "500 under text 1, 20 under text 2" in out
        copy = tmp_path / name
        content = bytearray((folder / name).read_bytes())
        content[-3] ^= 1
        copy.write_bytes(content)
        code, out, _ = house.run("deliver", "verify", str(copy))
        assert (code, out) == (1, "not a file that was handed over\n")
    assert "520 signatures, made" in house.run("deliver", "list")[1]


def test_killed_while_writing_it_is_made_again_and_nothing_is_left_half(house: House) -> None:
    folder = house.folder / "handed-over"
    before = set(folder.iterdir()) if folder.is_dir() else set()
    arguments = ("deliver", "make", "p", "--why", "killed", "--json", "--format", "csv", "--format", "pdf", "--format", "press")
    child = house.start(*arguments)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and child.poll() is None and not list(folder.glob(".*.making")):
        time.sleep(0.005)
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.communicate()
    (half,) = folder.glob(".*.making")
    assert set(folder.iterdir()) - {half} == before
    made = house.make("--format", "csv", "--format", "pdf", "--format", "press")
    assert Path(made["file"]).parent.name == half.name.removeprefix(".").removesuffix(".making")
    assert not list(folder.glob(".*.making")) and house.run("deliver", "verify", made["file"])[0] == 0


@pytest.fixture(scope="module")
def running(house: House) -> Iterator[House]:
    with (house.folder / "up.log").open("w") as log:
        child = subprocess.Popen([*COMMAND, "up"], env=house.environment, stdout=log, stderr=log, start_new_session=True)
        deadline = time.monotonic() + 90
        while "Ctrl-C ends it" not in (house.folder / "up.log").read_text() and time.monotonic() < deadline:
            assert child.poll() is None, (house.folder / "up.log").read_text()
            time.sleep(0.1)
        _until(f"{house.address}/office/login/", seconds=90)  # the office is slower to start than the door
        yield house
        os.killpg(child.pid, signal.SIGINT)
        child.wait(60)


@NEEDS_CHROMIUM
def test_in_the_office_and_at_the_targets_page(running: House, tmp_path: Path) -> None:
    from playwright.sync_api import Page

    from tests.axe import axe

    images = os.environ.get("GROUNDSWELL_IMAGES")
    shown: dict[str, str] = {}

    def look(page: Page, name: str) -> None:
        shown[name] = page.url
        faults = axe(page)
        assert not faults, (name, [(fault["id"], [node["html"][:200] for node in fault["nodes"]]) for fault in faults])

    picture = tmp_path / "door.jpg"
    picture.write_bytes(photo())
    with browsing() as browser:
        office = browser.new_context(viewport={"width": 1280, "height": 900})
        page = office.new_page()
        page.goto(f"{running.address}/office/")
        page.locator("input[name=username]").fill("alice")
        page.locator("input[name=password]").fill(running.password)
        page.get_by_role("button", name="Sign in").click()
        page.goto(f"{running.address}/office/hand-overs/")
        page.get_by_role("link", name="End it for good").click()
        page.get_by_label("Box labels").check()
        page.get_by_role("button", name="Preview").click()
        page.get_by_text("520 signatures", exact=True).wait_for()
        look(page, "preview")
        page.get_by_label("The occasion").fill("the vote")
        page.get_by_role("button", name="Make these files").click()
        page.get_by_text("520 signatures are ready").wait_for(timeout=120000)
        page.get_by_label("For whom, why").fill("their lawyers")
        page.get_by_role("button", name="Make a link").click()
        link = page.locator("a:has(code)").get_attribute("href")
        page.get_by_label("Handed over on").fill(time.strftime("%Y-%m-%d", time.gmtime()))
        page.get_by_label("To whom").fill("the front desk")
        page.get_by_role("button", name="Keep the dossier").click()
        page.locator("input[type=file]").set_input_files(picture)
        page.get_by_label("What it shows").fill("Ten boxes at the door")
        page.get_by_label("Show it on the public page").check()
        page.get_by_role("button", name="Add it").click()
        page.get_by_text("photo: Ten boxes at the door").wait_for()
        look(page, "hand-over")
        page.goto(f"{running.address}/office/hand-overs/")
        look(page, "hand-overs")
        dossier = running.address + "/d/" + _dossier_of(page)
        assert link is not None
        for address in (link, dossier):
            _until(address)
        public = browser.new_context(viewport={"width": 390, "height": 900})
        target = public.new_page()
        target.goto(link)
        target.get_by_text("520").first.wait_for()
        look(target, "target")
        with target.expect_download() as waiting:
            target.get_by_role("link", name="The list as a table").click()
        downloaded = tmp_path / "taken.csv"
        waiting.value.save_as(downloaded)
        target.goto(dossier)
        target.get_by_role("img", name="Ten boxes at the door").wait_for()
        look(target, "dossier")
        assert running.run("publish")[0] == 0
        target.goto(f"{running.address}/record/c")
        target.get_by_text("520 signatures handed over").first.wait_for()
        public.close()
        for width in (390, 1280):
            for scheme in ("light", "dark"):
                for name, address in shown.items():
                    context = office if name in ("preview", "hand-over", "hand-overs") else browser.new_context()
                    view = context.new_page()
                    view.set_viewport_size({"width": width, "height": 900})
                    view.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                    view.goto(address)
                    assert view.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, width)
                    look(view, name)
                    if images:
                        view.screenshot(path=f"{images}/handover-{name}-{width}-{scheme}.png", full_page=True)
                    view.close()
        page.goto(f"{running.address}/office/hand-overs/")
        page.goto(
            page.locator("table a").first.get_attribute("href")
            and running.address + str(page.locator("table a").first.get_attribute("href"))
        )
        page.get_by_role("button", name="Close this link").click()
        page.get_by_text("a link that ended").wait_for()
    assert running.run("deliver", "verify", str(downloaded))[0] == 0
    _until(link, 410)


def _dossier_of(page: Any) -> str:
    return "handed-over-" + str(page.locator("table a").first.get_attribute("href")).rstrip("/").rpartition("/")[2]


def _until(address: str, wanted: int = 200, seconds: float = 40) -> None:
    """The worker puts pages on the disk; a moment is given to it."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                status = answer.status
        except urllib.error.HTTPError as error:
            status = error.code
        if status == wanted:
            return
        assert time.monotonic() < deadline, (address, status)
        time.sleep(0.2)
