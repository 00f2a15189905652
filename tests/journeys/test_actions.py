"""Writing, calling, pledging, showing a photo, coming to an event: as people do it, with script and without, on a phone and on a desk."""

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import psycopg
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from groundswell.site.embedded import EmbeddedPostgres
from tests.axe import axe
from tests.stage import NEEDS_CHROMIUM, SCRIPT, SIZES, Demo, Visit, until

pytestmark = [
    pytest.mark.slow, pytest.mark.journey, NEEDS_CHROMIUM,
]  # fmt: skip
ACTIONS = ("write-to-them", "send-a-letter", "call-them", "no-purchase", "show-your-face", "an-evening")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    made = Demo(tmp_path_factory.mktemp("actions") / "var")
    with made.staying():
        yield made


def ask(demo: Demo, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(EmbeddedPostgres(demo.folder / "postgres").url, user="postgres") as connection:
        return connection.execute(query).fetchall()


def deeds(demo: Demo, slug: str) -> list[str]:
    rows = ask(demo, "SELECT d.outcome FROM actions_deed d JOIN actions_petition p ON p.id = d.petition_id"
                     f" WHERE p.slug = '{slug}' ORDER BY d.at")  # fmt: skip
    return [str(row[0]) for row in rows]


def sign(page: Page, email: str, button: str) -> None:
    page.get_by_role("textbox", name="Your name").fill("Zoë O’Neill")
    page.get_by_role("textbox", name="E-mail address").fill(email)
    page.locator('input[name="consent"][value="no"]').check()
    page.get_by_role("button", name=button, exact=True).click()


def photo(path: Path) -> Path:
    made, out = Image.new("RGB", (1200, 900), "#446688"), io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "192 Example Street"
    made.save(out, "JPEG", exif=exif)
    path.write_bytes(out.getvalue())
    return path


@SIZES
@SCRIPT
def test_somebody_writes_calls_pledges_and_comes(demo: Demo, browser: Browser, width: int, script: bool, tmp_path: Path) -> None:
    who = f"{width}-{script}@example.org"
    before = {slug: len(deeds(demo, slug)) for slug in ACTIONS}
    with Visit(browser, demo, width, script) as visit:
        page = visit.go("/a/write-to-them")
        if script:
            page.get_by_label("Your words").fill("My own words & more")
        mail = page.get_by_role("link", name=re.compile("Open in my mail program")).first.get_attribute("href") or ""
        assert mail.startswith("mailto:office.1@example.net?subject=")
        assert ("body=My own words & more" in unquote(mail)) == script
        page.get_by_label("Whom to write to").select_option("1")
        sign(page, f"letter-{who}", "I have sent it")
        page.get_by_role("heading", name="Thank you for writing.").wait_for()

        page = visit.go("/a/send-a-letter")
        assert page.get_by_label("Yes, send this letter for me.").is_checked() is False
        page.get_by_role("textbox", name="Your letter").fill("Dear Member,\n\nin my own words.")
        page.get_by_label("Yes, send this letter for me.").check()
        sign(page, f"send-{who}", "Send my letter")
        page.get_by_text("nobody can write in your name but you").wait_for()

        page = visit.go("/a/call-them")
        assert (page.get_by_role("link", name=re.compile(r"\+1 202 555 0110")).get_attribute("href") or "") == "tel:+12025550110"
        page.get_by_label("Whom did you call?").select_option("2")
        page.get_by_label("I left a message").check()
        sign(page, f"call-{who}", "Count my call")
        page.get_by_role("heading", name="Thank you for calling.").wait_for()

        page = visit.go("/a/no-purchase")
        sign(page, f"pledge-{who}", "I pledge")
        page.get_by_role("heading", name="Your pledge counts.").wait_for()

        page = visit.go("/a/show-your-face")
        page.get_by_label("Your photo").set_input_files(photo(tmp_path / "me.jpg"))
        page.get_by_label("Yes, you may show this photo").check()
        sign(page, f"photo-{who}", "Send my photo")
        page.get_by_role("heading", name="Thank you for your photo.").wait_for()

        page = visit.go("/a/an-evening")
        assert (page.get_by_role("link", name="Put it into my calendar").get_attribute("href") or "").endswith("/event.ics")
        sign(page, f"event-{who}", "I am coming")
        page.get_by_role("heading", name="You are on the list.").wait_for()
    until(lambda: all(len(deeds(demo, slug)) == before[slug] + 1 for slug in ACTIONS))
    until(lambda: set(deeds(demo, "an-evening")) == {"coming"})
    assert deeds(demo, "send-a-letter")[-1] == "to confirm" and deeds(demo, "call-them")[-1] == "voicemail"


@SIZES
def test_what_is_missing_is_asked_for_with_everything_kept(demo: Demo, browser: Browser, width: int) -> None:
    with Visit(browser, demo, width, True) as visit:
        page = visit.go("/a/send-a-letter")
        page.evaluate("document.getElementById('act').noValidate = true")
        page.get_by_role("textbox", name="Your letter").fill("Kept <b>words</b>")
        page.get_by_role("button", name="Send my letter", exact=True).click()
        alert = page.get_by_role("alert")
        alert.wait_for()
        assert "Please tick that we may send it" in alert.inner_text() and "Please fill in your name" in alert.inner_text()
        assert page.get_by_role("textbox", name="Your letter").input_value() == "Kept <b>words</b>"
        assert not (found := axe(page)), found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@SIZES
def test_axe_finds_nothing_on_any_action(demo: Demo, browser: Browser, width: int, scheme: str) -> None:
    images = os.environ.get("GROUNDSWELL_IMAGES")
    with Visit(browser, demo, width, True, scheme) as visit:
        for slug in ACTIONS:
            for rest in ("", "/thanks", "/embed"):
                page = visit.go(f"/a/{slug}{rest}")
                found = [(fault["id"], fault["nodes"][0]["html"][:200]) for fault in axe(page)]
                assert not found, (slug, rest, width, scheme, found)
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (slug, rest, width)
                if images:
                    page.screenshot(path=f"{images}/{slug}{rest.replace('/', '-')}-{width}-{scheme}.png", full_page=True)


def test_a_reader_finds_their_own_office_and_nothing_stands_before_it(demo: Demo, browser: Browser) -> None:
    with Visit(browser, demo, 390) as visit:
        page = visit.go("/a/call-them")
        page.get_by_role("heading", name="Whom to call").scroll_into_view_if_needed()
        page.get_by_role("link", name="Call now").wait_for(state="hidden")  # it does not stand before what it led to
        page.get_by_label("Find yours").fill("98101")
        page.get_by_text("Office of the Second District").first.wait_for(state="hidden")
        shown = page.locator(".offices li:visible strong").all_inner_texts()
        assert shown == ["Office of the First District", "Office for everybody else"]
        page.get_by_label("Find yours").fill("Nowhere at all")
        page.get_by_text("Office of the First District").first.wait_for(state="hidden")
        assert page.locator(".offices li:visible strong").all_inner_texts() == ["Office for everybody else"]


def test_a_photo_is_looked_at_before_it_is_shown_and_a_letter_waits_for_its_recipient(demo: Demo, browser: Browser) -> None:
    """The office: a photo blurred, described and shown; recipients by name, never by address."""
    until(lambda: ask(demo, "SELECT count(*) FROM actions_photo WHERE state = 'waiting'") == [(4,)], 90)
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{demo.address}/office/actions/show-your-face/")
    page.get_by_label("Username").fill("staff")
    page.locator("input[name=password]").fill(demo.password)
    page.locator("form button[type=submit]").first.click()
    page.wait_for_url("**/office/actions/show-your-face/")
    if images := os.environ.get("GROUNDSWELL_IMAGES"):
        page.screenshot(path=f"{images}/office-photos.png", full_page=True)
    box = page.locator(".box").first
    frame = box.locator("[data-draw]").bounding_box()
    assert frame
    page.mouse.move(frame["x"] + 20, frame["y"] + 20)
    page.mouse.down()
    page.mouse.move(frame["x"] + 200, frame["y"] + 160)
    page.mouse.up()
    assert re.fullmatch(r"[\d.]+ [\d.]+ [\d.]+ [\d.]+", box.get_by_label("Blur these regions").input_value())
    box.get_by_role("button", name="Blur for good").click()
    page.get_by_text("Blurred: the sharper picture is gone.").wait_for()
    box = page.locator(".box").first
    box.get_by_label("What it shows").fill("Somebody with a sign")
    box.get_by_role("button", name="Show it").click()
    page.get_by_text("Shown within a minute.").wait_for()
    page.goto(f"{demo.address}/office/actions/send-a-letter/")
    if images:
        page.screenshot(path=f"{images}/office-letters.png", full_page=True)
    assert "Office of the First District" in page.content() and "office.1@example.net" not in page.content()
    context.close()
    with Visit(browser, demo, 390) as visit:
        until(lambda: visit.go("/a/show-your-face").get_by_alt_text("Somebody with a sign").count() == 1)
        assert not (found := axe(visit.page)), found
