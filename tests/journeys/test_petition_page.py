"""A petition from an empty form to its first signature, as a member of staff makes it in the browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.axe import axe
from tests.stage import NEEDS_CHROMIUM, Demo, Visit, until

pytestmark = [pytest.mark.slow, pytest.mark.journey, NEEDS_CHROMIUM]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    made = Demo(tmp_path_factory.mktemp("authoring") / "var")
    with made.staying():
        yield made


def publish(page: Page) -> None:
    page.get_by_role("button", name="More actions").last.click()
    page.get_by_role("button", name="Publish").click()


def test_a_petition_is_written_seen_published_signed_and_changed(demo: Demo, browser: Browser) -> None:
    with Visit(browser, demo, 1280) as staff:
        page = staff.go("/office/")
        page.locator("input[name=username]").fill("staff")
        page.locator("input[name=password]").fill(demo.password)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("link", name="Petition pages").click()
        page.get_by_role("link", name="End police use of Amazon").wait_for()
        page.get_by_role("link", name="Add petition page").click()

        page.get_by_role("textbox", name="Title").first.fill("Stop the drones")
        page.locator("#id_campaign").select_option(label="From a pause to an end")
        page.locator("#id_lead").fill("Nobody asked us.")
        page.locator("#id_text").fill("Stop **drones** over our town.")
        body = page.locator("[data-contentpath=body]")
        body.get_by_role("button", name="Insert a block").first.click()
        page.get_by_role("option", name="Quote").first.click()
        body.locator("[data-contentpath=words] textarea").fill("They fly at night.")
        body.locator("[data-contentpath=who] input").fill("A neighbour")
        page.get_by_role("button", name="Toggle preview").click()
        shown = page.frame_locator(".w-preview iframe").last
        shown.get_by_text("They fly at night.").wait_for(timeout=60_000)
        assert shown.get_by_role("button", name="Sign").count() and "%%" not in shown.locator("body").inner_text()

        publish(page)
        live = page.get_by_role("link", name="View live").first
        live.wait_for()
        assert live.get_attribute("href") == "/a/stop-the-drones"

        with Visit(browser, demo, 390) as stranger:
            seen = stranger.go("/a/stop-the-drones")
            assert seen.get_by_role("heading", name="Stop the drones").count() and seen.get_by_text("They fly at night.").count()
            assert axe(seen) == []
            seen.get_by_role("textbox", name="Your name").fill("Grace Hopper")
            seen.get_by_label("E-mail address").fill("grace@example.org")
            seen.get_by_label("No, only add my name").check()
            seen.get_by_role("button", name="Sign", exact=True).click()
            seen.wait_for_url("**/a/stop-the-drones/thanks?r=*")
        until(lambda: '"count": 1' in page.request.get(f"{demo.address}/a/stop-the-drones/count.json").text())

        page.get_by_role("link", name="Petition pages").click()
        page.get_by_role("link", name="Stop the drones").first.click()
        page.get_by_role("tab", name="Promote").click()
        page.locator("#id_slug").fill("no-drones")
        publish(page)
        page.get_by_role("tab", name="Promote").click()
        page.get_by_text("Letters and links lead to /a/stop-the-drones").first.wait_for()
        page.locator("#id_slug").fill("stop-the-drones")
        page.get_by_role("tab", name="Content").click()
        page.locator("#id_text").fill("Stop **all drones** over our town.")
        publish(page)
        page.get_by_role("link", name="View live").first.wait_for()
        words = page.request.get(f"{demo.address}/a/stop-the-drones").text()
        assert "all drones" in words and "no-drones" not in words
