"""Signing as people do it: a stranger, a reader in one click, someone a letter was passed to, in Arabic, by keyboard alone.

With script and without, on a phone and on a desk. And a mail scanner that opens everything and must change nothing.
"""

import json
import os
import re
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode, urljoin

import psycopg
import pytest
from playwright.sync_api import Browser

from groundswell.inbox.mailbox import Arrived, Mailbox
from groundswell.site.embedded import EmbeddedPostgres
from tests.axe import axe
from tests.journeys.test_story import count
from tests.stage import NEEDS_CHROMIUM, SCRIPT, SIZES, Demo, Visit, until

pytestmark = [
    pytest.mark.slow, pytest.mark.journey, NEEDS_CHROMIUM,
]  # fmt: skip
PETITION = "/a/end-it-for-good"
_LINK = re.compile(r"http://\S+/a/end-it\S*\?t=[\w~-]+")
_MORE = """
import time
from datetime import UTC, datetime
from groundswell.cli import ready
with ready.database() as settings:
    from groundswell.actions import partners, reasons
    from groundswell.actions.operations import open_petition
    from groundswell.actions.queries import petition_named
    from groundswell.site.publishing import publish_all
    now = datetime.now(UTC)
    open_petition(slug="ar-end-it", campaign_id=petition_named("end-it-for-good").campaign_id, language="ar", goal=1000,
                  title="أنهوا استخدام الشرطة للتعرف على الوجوه، إلى الأبد", text="نطالب **أمازون** بإنهائه كتابةً وبشكل دائم.\\n\\n- الآن\\n- وللجميع",
                  thanks_subject="شكرا", thanks_text="شكرا\\n\\n::: ask\\nشارك\\n:::", now=now)
    partners.invite(petition_id=petition_named("end-it-for-good").id, slug="watch", organisation="Rights Watch", now=now,
                    wording="Yes, Rights Watch may write to me too.", privacy_url="https://watch.example.org/privacy")
    while not (waiting := reasons.reasons(state="waiting")):
        time.sleep(0.1)
    reasons.decide(signatures=[each.signature for each in waiting], show=True, staff_id=None, now=now)
    publish_all(settings, now)
"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    made = Demo(tmp_path_factory.mktemp("signing") / "var")
    with made.staying():
        prepare(made)
        yield made


def prepare(made: Demo) -> None:
    reason = urlencode({"name": "Ünal Ö", "email": "unal@example.org", "consent": "no", "public": "yes",
                        "reason": "My son was stopped twice for a face that was not his."})  # fmt: skip
    urllib.request.urlopen(f"{made.address}{PETITION}/sign", reason.encode()).close()
    done = subprocess.run([sys.executable, "-c", _MORE], env=made.environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def asked(demo: Demo) -> Iterator[Arrived]:
    """Letters that ask somebody to sign, each to another reader who has not: a test that signs takes the next one.

    Thank-you letters carry the petition's link as well and arrive while tests run, so a place in the mailbox counted from
    its newest letter names another reader from one moment to the next. These are taken from the oldest on, and the story's
    own signer is passed over.
    """
    mailbox = Mailbox(demo.folder / "mailbox")
    names = mailbox.names()
    thanked = {letter.to for name in names[:20] if (letter := mailbox.read(name)) and "Thank you" in letter.subject}
    return (
        letter for name in reversed(names) if (letter := mailbox.read(name)) and letter.to not in thanked and _LINK.search(letter.text)
    )  # fmt: skip


def link_of(letter: Arrived) -> str:
    found = _LINK.search(letter.text)
    assert found
    return found.group()


@SIZES
@SCRIPT
def test_a_stranger_signs(demo: Demo, browser: Browser, width: int, script: bool) -> None:
    before = count(demo)
    with Visit(browser, demo, width, script) as visit:
        page = visit.go(PETITION)
        jump = page.get_by_role("link", name="Sign now")
        if width == 390 and jump.is_visible():  # it leaves by itself where the form is in sight already
            jump.click()
        page.get_by_role("textbox", name="Your name").fill("Zoë O’Neill-Łukasz")
        page.get_by_label("E-mail address").fill(f"zoe-{width}-{script}@example.org")
        page.get_by_label("Country").select_option("IE")
        page.get_by_label("Yes, write to me").check()
        page.get_by_role("button", name="Sign", exact=True).click()
        page.wait_for_url("**/thanks?r=*")
        page.get_by_role("heading", name="Thank you").wait_for()
        assert page.get_by_role("link", name="WhatsApp").is_visible()
    until(lambda: count(demo) == before + 1)


@SIZES
@SCRIPT
def test_a_reader_signs_in_one_click(demo: Demo, browser: Browser, asked: Iterator[Arrived], width: int, script: bool) -> None:
    link = link_of(next(asked))
    before = count(demo)
    with Visit(browser, demo, width, script) as visit:
        page = visit.go(link)
        assert re.search(r"Signing as .…", page.locator(".as").inner_text())
        page.get_by_role("button", name="Sign with one click").click()
        page.wait_for_url("**/thanks?r=*")
    until(lambda: count(demo) == before + 1)


@SIZES
@SCRIPT
def test_a_forwarded_letter_gives_nobody_away(
    demo: Demo, browser: Browser, asked: Iterator[Arrived], width: int, script: bool
) -> None:
    letter = next(asked)
    link = link_of(letter)
    with Visit(browser, demo, width, script) as visit:
        page = visit.go(link)
        assert letter.to.partition("@")[0] not in page.content()
        page.get_by_role("link", name="Not you?").click()
        assert page.get_by_label("E-mail address").input_value() == "" and "?t=" not in page.url
        for broken in (link[:-3], link[:-20] + "A" * 20):
            assert visit.go(broken).get_by_role("button", name="Sign with one click").count() == 0


@SIZES
@SCRIPT
def test_in_arabic_the_page_reads_from_the_right(demo: Demo, browser: Browser, width: int, script: bool) -> None:
    with Visit(browser, demo, width, script) as visit:
        page = visit.go("/a/ar-end-it")
        assert page.locator("html").get_attribute("dir") == "rtl"
        heading, card = page.locator("h1").bounding_box(), page.locator(".card").bounding_box()
        assert heading and card
        if width == 1280:
            assert card["x"] < heading["x"], "the form stands at the end of the line, which is on the left"
        page.get_by_label("البريد الإلكتروني").fill(f"layla-{width}-{script}@example.org")
        page.get_by_label("لا، أضيفوا اسمي فقط").check()
        page.get_by_role("button", name="وقّع", exact=True).click()
        page.wait_for_url("**/a/ar-end-it/thanks?r=*")
        page.get_by_role("heading", name="شكرًا").wait_for()


@SIZES
def test_by_keyboard_alone(demo: Demo, browser: Browser, width: int) -> None:
    with Visit(browser, demo, width) as visit:
        page = visit.go(PETITION)
        typed = {"name": "Ada", "email": f"keys-{width}@example.org"}
        seen: list[str] = []
        for _ in range(60):
            page.keyboard.press("Tab")
            name = page.evaluate("document.activeElement.name || document.activeElement.tagName")
            seen.append(name)
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none", f"{name} shows where one is"
            if name in typed:
                page.keyboard.type(typed.pop(name))
            elif name == "consent":
                page.keyboard.press("Space")
                page.keyboard.press("Tab")
                assert page.evaluate("document.activeElement.tagName") == "BUTTON"
                page.keyboard.press("Enter")
                break
        page.wait_for_url("**/thanks?r=*")
        assert "website" not in seen, "the field that nobody sees is passed over"


def test_a_screen_reader_hears_the_form(demo: Demo, browser: Browser) -> None:
    with Visit(browser, demo, 390) as visit:
        tree = visit.go(PETITION).locator("body").aria_snapshot()
    for words in ('link "To the content"', "main", "heading", 'textbox "Your name"', 'textbox "E-mail address"', 'combobox "Country"',
                  'group "May we write to you?"', 'radio "Yes, write to me"', 'button "Sign"', "progressbar", "contentinfo"):  # fmt: skip
        assert words in tree, (words, tree)
    assert "Leave this empty" not in tree and not re.search(r"radio.*\[checked\]", tree)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@SIZES
def test_axe_finds_nothing_on_any_public_page(
    demo: Demo, browser: Browser, asked: Iterator[Arrived], width: int, scheme: str
) -> None:
    letter = next(asked)
    link, mine = link_of(letter), re.search(r"/u/[a-z2-7]+", letter.text)
    assert mine
    own = mine.group().replace("/u/", "/m/")
    images = os.environ.get("GROUNDSWELL_IMAGES")
    pages = {
        "petition": PETITION, "recognised": link, "thanks": f"{PETITION}/thanks?r=AAAAAAAAAAAA", "look": f"{PETITION}/confirm",
        "arabic": "/a/ar-end-it", "arabic-thanks": "/a/ar-end-it/thanks", "leave": mine.group(), "own": own, "nowhere": "/a/nowhere",
        "old": f"{PETITION}/confirm?t=x", "record": "/record/end-the-pause", "gone": "/m/open?t=x", "error": "", "sure": "",
        "shares": f"{own}/shares", "partner": f"{PETITION}?source=partner-watch", "frame": f"{PETITION}/embed?source=partner-watch",
    }  # fmt: skip
    with Visit(browser, demo, width, True, scheme) as visit:
        for name, path in pages.items():
            if name == "error":
                page = visit.go(PETITION)
                page.evaluate("document.forms[0].noValidate = true")
                page.get_by_role("button", name="Sign", exact=True).click()
                page.get_by_role("alert").wait_for()
            elif name == "sure":
                page = visit.go(own)
                page.get_by_role("button", name="Forget me …").click()
                page.get_by_role("heading", name="Really forget you?").wait_for()
            else:
                page = visit.go(path)
            found = [(fault["id"], fault["nodes"][0]["html"][:200]) for fault in axe(page)]
            assert not found, (name, width, scheme, found)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, width)
            if images:
                page.screenshot(path=f"{images}/door-{name}-{width}-{scheme}.png", full_page=True)


def test_no_letter_asks_any_host_for_anything(demo: Demo, browser: Browser) -> None:
    mailbox, kinds = Mailbox(demo.folder / "mailbox"), dict[str, Arrived]()
    names = mailbox.names()
    for name in (*names[:40], names[-1]):
        letter = mailbox.read(name)
        assert letter
        kinds.setdefault(letter.subject, letter)
    assert len(kinds) >= 2, "the appeal and the thanks"
    for letter in kinds.values():
        with Visit(browser, demo, 390) as visit:
            visit.page.set_content(letter.html, wait_until="networkidle")
            assert letter.html and visit.asked == [], letter.subject


def test_another_site_shows_the_form_by_one_line_and_its_partner_asks_for_itself(demo: Demo, browser: Browser) -> None:
    line = f'<!doctype html><title>Theirs</title><h1>Ours</h1><script src="{demo.address}{PETITION}/embed.js" data-partner="watch">'
    before = count(demo)
    with theirs(f"{line}</script>") as address:
        context = browser.new_context(viewport={"width": 390, "height": 844})
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        frame = page.frame_locator("iframe")
        assert not frame.get_by_label("Yes, Rights Watch may write to me too.").is_checked()
        inside = page.frames[1]
        until(lambda: inside.evaluate("innerHeight >= document.body.offsetHeight"))
        frame.get_by_label("Yes, Rights Watch may write to me too.").check()
        frame.get_by_role("textbox", name="Your name").fill("Framed Fred")
        frame.get_by_label("E-mail address").fill("fred@example.org")
        frame.get_by_label("No, only add my name").check()
        frame.get_by_role("button", name="Sign", exact=True).click()
        page.wait_for_url(f"{demo.address}{PETITION}/thanks?r=*")
        assert context.cookies() == [] and not [url for url in asked if not url.startswith((address, demo.address))]
        context.close()

    until(lambda: count(demo) == before + 1)
    told = json.loads(demo.run("petition", "partners", "end-it-for-good", "--json")[1])
    assert told == {"watch": {"signed": 1, "agreed": 1, "ended": False}}


@contextmanager
def theirs(page: str) -> Iterator[str]:
    """Another site, of one page."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def test_the_first_view_is_light_and_asks_for_one_style(demo: Demo, browser: Browser) -> None:
    with Visit(browser, demo, 390) as visit:
        sizes: list[int] = []
        visit.page.on("response", lambda answer: sizes.append(int(answer.headers.get("content-length", 0)) or len(answer.body())))
        visit.go(PETITION)
        assert len([url for url in visit.asked if url.endswith(".css")]) == 1 and len(visit.asked) <= 3
        assert sum(sizes) < 60_000


def test_a_mail_scanner_that_opens_everything_changes_nothing(demo: Demo) -> None:
    mailbox = Mailbox(demo.folder / "mailbox")
    queue = [f"{demo.address}{path}" for path in (PETITION, f"{PETITION}/thanks", f"{PETITION}/sign", "/record/end-the-pause", "/")]
    for name in mailbox.names()[:40]:
        letter = mailbox.read(name)
        assert letter
        queue += [unescape(url) for url in re.findall(r"https?://[^\s\"'<>)]+", letter.text + letter.html)]
    time.sleep(3)  # what earlier tests signed is counted by then
    before, seen = snapshot(demo), set[str]()
    while queue:
        url = queue.pop().partition("#")[0]
        if (
            url in seen
            or not url.startswith(demo.address + "/")
            or url.startswith((f"{demo.address}/office", f"{demo.address}/mailbox"))
        ):
            continue
        seen.add(url)
        for method in ("HEAD", "GET"):
            try:
                with urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=20) as answer:
                    body, kind = answer.read(), answer.headers["content-type"]
            except urllib.error.HTTPError as error:
                body, kind = error.read(), error.headers["content-type"]
                assert error.code in (404, 405, 410), url
            if method == "GET" and "html" in (kind or ""):
                links = re.findall(r"(?:href|src|action)=\"([^\"]+)\"", body.decode())
                queue += [urljoin(url, unescape(found)) for found in links if not found.startswith(("mailto:", "sms:"))]
    assert len(seen) > 60 and any("/u/" in url for url in seen) and any("/m/" in url and "/forget" in url for url in seen)
    time.sleep(2)
    assert snapshot(demo) == before


def snapshot(demo: Demo) -> dict[str, object]:
    """Every row of ours, as a hash by table, and the journals' sizes.

    Not the bits of whom a letter reached: the worker makes them from the rows every ten minutes, whoever looks at what.
    """
    postgres = EmbeddedPostgres(demo.folder / "postgres")
    tables: dict[str, object] = {}
    with psycopg.connect(postgres.url, user="postgres") as connection:
        names = connection.execute(
            "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('public', 'vault')"
            " AND tablename NOT LIKE 'procrastinate%' AND tablename NOT IN ('actions_petition', 'mailings_reached')"
        ).fetchall()
        for (name,) in names:
            tables[name] = connection.execute(  # type: ignore[index]
                f"SELECT count(*), md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM {name} t"
            ).fetchone()
        tables["petitions"] = connection.execute("SELECT id, slug, counted FROM actions_petition ORDER BY id").fetchall()
    tables["journal"] = {path.name: path.stat().st_size for path in (demo.folder / "journal").glob("*.journal")}
    return tables
