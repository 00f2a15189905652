"""The whole demo, as a newcomer, an operator and three kill -9s would have it; then a browser looks at every page."""

import json
import os
import re
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from groundswell.basics.keyring import KeyFolder, KeyRing
from groundswell.inbox.mailbox import Mailbox
from groundswell.site.embedded import EmbeddedPostgres
from tests.axe import axe
from tests.stage import NEEDS_CHROMIUM, Demo, browsing, until

pytestmark = [pytest.mark.slow, pytest.mark.journey]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Demo, str]]:
    """The demo, killed three times on its way and then played to its end."""
    demo = Demo(tmp_path_factory.mktemp("demo") / "var")
    for moment in (lambda: (demo.folder / "supporters.csv").exists(), lambda: sum(demo.arrived().values()) > 200,
                   lambda: sum(demo.arrived().values()) > 900):  # fmt: skip
        child = demo.start("demo", "--once")
        deadline = time.monotonic() + 120
        wait = time.monotonic() + 6
        while time.monotonic() < deadline and child.poll() is None and not moment():
            if not (demo.folder / "mailbox").exists() and time.monotonic() > wait:
                break
            time.sleep(0.02)
        demo.kill(child)
    code, out = demo.run("demo", "--once")
    assert code == 0, out + "".join(path.read_text()[-2000:] for path in demo.folder.glob("*.log"))
    yield demo, out


def test_the_story_is_true_after_three_kills_and_nobody_was_mailed_twice(played: tuple[Demo, str]) -> None:
    demo, out = played
    assert out.count("  yes  ") == 5 and "The whole story is true." in out
    letters = demo.arrived()
    assert set(letters.values()) == {1}
    assert len(letters) == 1880 + 1  # every eligible supporter, and one thank-you


def test_a_stolen_dump_names_nobody(played: tuple[Demo, str]) -> None:
    demo, _ = played
    postgres = EmbeddedPostgres(demo.folder / "postgres")
    with postgres.running():
        dump = subprocess.run(
            [str(postgres.bin / "pg_dump"), "-U", "postgres", "-h", str(postgres.socket_folder), "groundswell"],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
    assert "COPY vault.contact" in dump and dump.count("\n") > 4000
    sheet = (demo.folder / "demo" / "supporters.csv").read_text().splitlines()[1:]
    logs = "".join(path.read_text(errors="replace") for path in demo.folder.glob("*.log"))
    for line in sheet:
        address = line.split(",")[0]
        assert address not in dump and address.partition("@")[0] not in dump and address not in logs
    assert "Lovelace" not in dump and "Okafor" not in dump and "Łukasz" not in dump


def test_the_doctor_is_content_and_names_a_lost_key(played: tuple[Demo, str]) -> None:
    demo, _ = played
    assert demo.run("doctor")[0] == 0
    key = demo.folder / "keys" / "index.json"
    content = key.read_text()
    key.unlink()
    code, out = demo.run("doctor")
    key.write_text(content)
    key.chmod(0o600)
    assert code == 1 and str(key) in out and "backup" in out


def test_nothing_starts_under_the_keys_of_another_installation(played: tuple[Demo, str]) -> None:
    demo, _ = played
    keys = KeyFolder(demo.folder / "keys")
    ring = keys.ring("vault")
    keys.write("vault", KeyRing({number: bytes(reversed(key)) for number, key in ring.keys.items()}, ring.current))
    code, out = demo.run("up")
    keys.write("vault", ring)
    assert code == 2 and "from your backup" in out and "Traceback" not in out


@pytest.fixture(scope="module")
def running(played: tuple[Demo, str]) -> Iterator[Demo]:
    demo, _ = played
    with demo.staying():
        yield demo
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", int(demo.address.rpartition(":")[2])), 1)


def test_a_second_demo_beside_the_first_is_told_where_it_is(running: Demo) -> None:
    code, out = running.run("demo")
    assert code == 2 and "already runs" in out and len(out.strip().splitlines()) == 1


def test_nothing_of_ours_listens_on_tcp_but_the_door_and_the_mailbox(running: Demo) -> None:
    ports = {connection.laddr.port for connection in psutil.net_connections("tcp") if connection.status == "LISTEN"}
    assert 5432 not in ports or not (running.folder / "postgres").exists() or _is_foreign(5432)


def _is_foreign(port: int) -> bool:
    return all(
        "pixeltable" not in " ".join(process.cmdline()) for process in psutil.process_iter(["cmdline"]) if _listens(process, port)
    )


def _listens(process: "object", port: int) -> bool:
    try:
        return any(c.laddr.port == port for c in process.net_connections("tcp"))  # type: ignore[attr-defined]
    except Exception:
        return False


def link_in_a_letter(demo: Demo) -> str:
    mailbox = Mailbox(demo.folder / "mailbox")
    thanked = {letter.to for name in mailbox.names()[:20] if (letter := mailbox.read(name)) and "Thank you" in letter.subject}
    for name in mailbox.names():
        letter = mailbox.read(name)
        if letter and letter.to not in thanked and (found := re.search(r"http://\S+\?t=[\w~-]+", letter.text)):
            return found.group()
    raise AssertionError("no letter")


def count(demo: Demo) -> int:
    with urllib.request.urlopen(f"{demo.address}/a/end-it-for-good/count.json") as answer:
        return int(json.load(answer)["count"])


@NEEDS_CHROMIUM
def test_a_browser_finds_every_page_good(running: Demo, tmp_path: Path) -> None:
    images = os.environ.get("GROUNDSWELL_IMAGES")
    link = link_in_a_letter(running)
    newest = Mailbox(running.folder / "mailbox").names()[-1]
    pages = {
        "petition": "/a/end-it-for-good", "recognised": link.removeprefix(running.address), "record": "/record/end-the-pause",
        "thanks": "/a/end-it-for-good/thanks", "mailbox": "/mailbox", "letter": f"/mailbox/{newest}",
    }  # fmt: skip
    foreign: list[str] = []
    with browsing() as browser:
        for width in (390, 1280):
            for scheme in ("light", "dark"):
                context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
                page = context.new_page()
                page.on(
                    "request", lambda request: foreign.append(request.url) if not request.url.startswith(running.address) else None
                )
                for name, path in pages.items():
                    page.goto(running.address + path)
                    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
                        f"{name} scrolls sideways at {width}"
                    )
                    violations = [v for v in axe(page) if name != "letter" or v["id"] != "frame-tested"]
                    assert not violations, (
                        name,
                        width,
                        scheme,
                        [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in violations],
                    )
                    if images and scheme == "light":
                        page.screenshot(path=f"{images}/{name}-{width}.png", full_page=name in ("petition", "recognised", "letter"))
                context.close()
        before = count(running)
        context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
        page = context.new_page()
        page.goto(link)
        assert count(running) == before, "opening the link signs nothing"
        page.get_by_role("button", name="Sign with one click").click()
        page.wait_for_url("**/thanks?r=*")
        page.get_by_role("heading", name="Thank you").wait_for(timeout=30000)
        page.goto(f"{running.address}/a/end-it-for-good")
        page.get_by_label("E-mail address").fill("stranger@example.org")
        page.get_by_role("textbox", name="Your name").fill("Stranger Danger")
        page.get_by_label("No, only add my name").check()
        page.get_by_role("button", name="Sign").press("Enter")
        page.wait_for_url("**/thanks?r=*")
        page.get_by_role("heading", name="Thank you").wait_for(timeout=30000)
        until(lambda: count(running) == before + 2)
        office = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        office.goto(f"{running.address}/office/")
        office.locator("input[name=username]").fill("staff")
        office.locator("input[name=password]").fill(running.password)
        office.get_by_role("button", name="Sign in").click()
        office.get_by_role("heading", name="Who did what, and why").wait_for(timeout=30000)
        if images:
            office.screenshot(path=f"{images}/office-1280.png")
            office.set_viewport_size({"width": 390, "height": 900})
            office.screenshot(path=f"{images}/office-390.png")
    assert foreign == []
