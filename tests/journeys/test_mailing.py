"""A letter from a plain text to its readers, in the browser: pasted, confirmed, cited, tested, approved, scheduled, taken back, sent."""

import json
import os
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys.test_record import House
from tests.stage import NEEDS_CHROMIUM

pytestmark = [pytest.mark.slow, pytest.mark.journey, NEEDS_CHROMIUM]
PEOPLE = """
from datetime import UTC, datetime
from groundswell.cli import ready
with ready.database():
    from django.contrib.auth.models import Permission
    from groundswell.staff.models import Account
    from groundswell.staff.operations import one_time_password
    now = datetime(2026, 6, 1, 9, tzinfo=UTC)
    print("bob:", one_time_password(username="bob", now=now))
    Account.objects.filter(username="alice").update(email="alice@example.org")
    charlie = Account.objects.create_user(username="charlie", password="charlie-has-no-right")
    charlie.user_permissions.add(Permission.objects.get(codename="access_admin"))
"""
PLAIN = (
    "Friend, Last week brought good news. Acme said that it stops for a year.1 It is still only a pause. Tell Acme to make it last. Its "
    "cameras stay outside. Acme must end it today. Thanks for all you do, Ana and the rest of the team example.org P.S. Ask Acme to end "
    "it for good. 1. “Acme stops,” The Paper, May 18, 2026"
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = House(tmp_path_factory.mktemp("mailing") / "var")
    yield made
    made.stop()


@pytest.fixture(scope="module")
def passwords(house: House) -> dict[str, str]:
    bob = re.search(r"bob: (\S+)", house.python(PEOPLE))
    assert bob
    return {"alice": house.password, "bob": bob[1], "charlie": "charlie-has-no-right"}


def at_the_door(house: House, browser: Any, name: str, password: str, **more: Any) -> Any:
    """A page of one member of staff, signed in; what their browser refuses to load is collected in `page.refused`."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}, **more).new_page()
    page.set_default_timeout(20_000)
    page.refused = []
    page.on("console", lambda said: page.refused.append(said.text) if "Content Security Policy" in said.text else None)
    deadline = time.monotonic() + 60
    while not page.locator("input[name=username]").count() and time.monotonic() < deadline:
        page.goto(f"{house.address}/office/login/")
    page.locator("input[name=username]").fill(name)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{house.address}/office/")
    return page


def shown(page: Any, frame: str) -> str:
    """What a frame shows, asked for as the frame does: its own scripts are none, so nobody can look into it from here."""
    return str(page.request.get(page.evaluate("at => new URL(document.querySelector(at).src, location).href", frame)).text())


def says(page: Any, words: str) -> None:
    """The page says this, now or in a moment."""
    page.locator("#main").get_by_text(words).first.wait_for()


@pytest.fixture(scope="module")
def alice(house: House, browser: Any, passwords: dict[str, str]) -> Any:
    return at_the_door(house, browser, "alice", passwords["alice"])


@pytest.fixture(scope="module")
def bob(house: House, browser: Any, passwords: dict[str, str]) -> Any:
    return at_the_door(house, browser, "bob", passwords["bob"])


def test_a_plain_letter_is_pasted_and_what_was_recognised_is_confirmed(house: House, alice: Any) -> None:
    alice.get_by_role("link", name="Mailings").click()
    alice.get_by_role("link", name="Paste a plain letter").click()
    alice.get_by_label("Subject").fill("The pause, again")
    alice.get_by_label("The letter").fill(PLAIN)
    alice.get_by_role("button", name="Read it").click()
    recognised = alice.get_by_role("group", name="Recognised: please confirm")
    recognised.wait_for()
    assert recognised.get_by_role("checkbox").count() == 6 and "Tell Acme to make it last." in recognised.inner_text()
    assert recognised.get_by_label("Its source in the record").input_value() == "acme-stops"
    recognised.get_by_label("An ask").last.uncheck()
    recognised.get_by_role("button", name="Make the draft").click()
    alice.get_by_role("heading", name="As a reader gets it").wait_for()
    text = alice.get_by_label("The letter", exact=True).input_value()
    assert "a year.[^acme-stops]" in text and text.count("::: ask") == 1 and "Acme must end it today." in text
    assert alice.get_by_role("heading", name="The pause, again").count() == 1
    assert "[1] “Acme stops”" in shown(alice, "#text")


def test_she_writes_with_the_keyboard_alone_and_it_is_saved_as_she_types(house: House, alice: Any) -> None:
    area = alice.get_by_label("The letter", exact=True)
    area.focus()
    alice.keyboard.press("Control+End")
    alice.keyboard.type("\nIn 2019 Acme announced it, too.\n")
    alice.get_by_text(re.compile(r"Saved at \d\d:")).wait_for()
    remark = alice.locator("#checks li", has_text="In 2019 Acme announced it, too.").first
    assert "without a source" in remark.inner_text()
    remark.get_by_role("link").focus()
    alice.keyboard.press("Enter")
    chosen = alice.evaluate(
        "document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)"
    )
    assert chosen == "In 2019 Acme announced it, too."
    alice.keyboard.press("End")
    alice.locator("#sources summary").focus()
    alice.keyboard.press("Enter")
    alice.get_by_label("Words to look for").fill("nothing like it")
    assert alice.locator("#sources li:visible").count() == 0
    alice.get_by_label("Words to look for").fill("acme paper")
    alice.get_by_role("button", name=re.compile("Cite Acme")).focus()
    alice.keyboard.press("Enter")
    assert "announced it, too.[^acme-stops]" in area.input_value()
    alice.locator("#checks li", has_text="In 2019").wait_for(state="detached")
    alice.get_by_role("button", name="Without a name").focus()
    alice.keyboard.press("Enter")
    alice.get_by_role("button", name="Dark").focus()
    alice.keyboard.press("Space")
    alice.locator("#html[src*='/as/unnamed/'][src*='part=dark']").wait_for()
    letter = shown(alice, "#html")
    assert "Friend," in letter and "@media all" in letter and "part=text" in str(alice.locator("#text").get_attribute("src"))
    assert "In 2019 Acme announced it, too.[1]" in shown(alice, "#text")
    assert alice.refused == []


def test_her_colleague_who_saves_second_is_told_and_loses_nothing(house: House, alice: Any, bob: Any) -> None:
    bob.goto(alice.url.partition("?")[0].partition("#")[0])
    area = alice.get_by_label("The letter", exact=True)
    area.focus()
    alice.keyboard.press("Control+End")
    alice.keyboard.type("Alice was here.\n")
    alice.get_by_text(re.compile(r"Saved at \d\d:")).wait_for()
    his = bob.get_by_label("The letter", exact=True)
    his.focus()
    bob.keyboard.press("Control+End")
    bob.keyboard.type("Bob was here.\n")
    bob.get_by_text("alice saved another text meanwhile").wait_for()
    bob.get_by_role("button", name="Save", exact=True).click()
    bob.get_by_role("heading", name="alice was first").wait_for()
    assert "Alice was here." in bob.get_by_role("alert").inner_text() and "Bob was here." in his.input_value()
    his.fill(his.input_value().replace("Bob was here.", "").rstrip() + "\n")
    bob.get_by_role("button", name="Save", exact=True).click()
    bob.wait_for_url("**view=html**")
    assert bob.get_by_text("Set aside: 1").count() == 1
    alice.reload()
    assert "was here" not in alice.get_by_label("The letter", exact=True).input_value()
    alice.get_by_role("link", name="Revisions").click()
    alice.get_by_role("heading", name="Revisions").wait_for()
    assert alice.get_by_role("link", name=re.compile("bob")).count() == 2 and "set aside" in alice.inner_text("main")
    assert bob.refused == []


def test_she_tests_it_and_a_colleague_approves_it(house: House, alice: Any, bob: Any) -> None:
    alice.goto(f"{house.address}/office/mailings/the-pause-again/")
    assert alice.get_by_role("checkbox", name="alice (you)").is_checked()
    alice.get_by_role("button", name="Send the test").click()
    says(alice, "1 of 1 test letters were taken.")
    alice.goto(f"{house.address}/mailbox")
    assert "[test] The pause, again" in alice.inner_text("body")
    alice.goto(f"{house.address}/office/mailings/the-pause-again/")
    alice.get_by_role("button", name="Ask a colleague").click()
    says(alice, "among their notices")
    bob.goto(f"{house.address}/office/")
    bob.get_by_role("link", name="“the-pause-again” waits for a second person").click()
    approve = bob.get_by_role("button", name="I have read it: approve")
    approve.wait_for()
    assert approve.is_disabled(), "he changed it last"
    alice.get_by_role("button", name="I have read it: approve").click()
    says(alice, "Approved as it stands")
    alice.goto(f"{house.address}/office/mailings/the-pause-again/write/")
    alice.get_by_label("The letter", exact=True).focus()
    alice.keyboard.press("Control+End")
    alice.keyboard.type("One more word.\n")
    alice.get_by_text(re.compile(r"Saved at \d\d:")).wait_for()
    bob.reload()
    bob.get_by_role("button", name="I have read it: approve").click()
    says(bob, "Approved as it stands")


def test_she_schedules_it_takes_it_back_and_sends_it(house: House, alice: Any) -> None:
    alice.goto(f"{house.address}/office/mailings/the-pause-again/")
    alice.get_by_label("When, by the office’s clock").fill("2099-11-24T09:30")
    alice.get_by_role("button", name="Send", exact=True).click()
    says(alice, "It begins at 24 Nov")
    alice.goto(f"{house.address}/office/mailings/the-pause-again/write/")
    assert alice.get_by_label("The letter", exact=True).get_attribute("readonly") is not None
    alice.goto(f"{house.address}/office/mailings/the-pause-again/")
    alice.get_by_role("button", name="Take it back").click()
    says(alice, "is a draft again; nobody was mailed")
    dry = json.loads(house.run("mailing", "send", "the-pause-again", "--dry-run", "--json"))
    assert dry["eligible"] == 0 and dry["has signed already"] == 2, "both have signed: a letter that asks them to would be wrong"
    house.python(UNSIGNED)
    assert json.loads(house.run("mailing", "send", "the-pause-again", "--json")) == {"accepted": 2}
    alice.goto(f"{house.address}/office/mailings/the-pause-again/")
    text = alice.inner_text("main")
    assert "2 accepted" in text and "Nothing is left to send." in text and "0 confirmed signatures of 2 letters" in text
    alice.get_by_label("New words on top").fill("Only two days are left.")
    alice.get_by_label("Subject (empty: the same)").fill("Re: the pause")
    alice.get_by_role("button", name="Draft it").click()
    alice.get_by_text("The subject pretends to be a reply.").wait_for()
    words = alice.get_by_label("The letter", exact=True).input_value()
    assert words.index("Only two days are left.") < words.index("first_name")
    assert json.loads(house.run("mailing", "send", "the-pause-again-2", "--dry-run", "--json")) == {"eligible": 2}
    assert alice.refused == []


UNSIGNED = """
from groundswell.cli import ready
with ready.database():
    from groundswell.actions.models import Signature
    Signature.objects.update(state="withdrawn")
"""


def test_charlie_has_no_right_and_sees_nothing(house: House, browser: Any, passwords: dict[str, str]) -> None:
    charlie = at_the_door(house, browser, "charlie", passwords["charlie"])
    assert charlie.get_by_role("link", name="Mailings").count() == 0
    for path in ("", "the-pause-again/", "the-pause-again/write/", "the-pause-again/as/named/letter/"):
        charlie.goto(f"{house.address}/office/mailings/{path}")
        assert "The pause, again" not in charlie.content()


def test_without_script_the_composer_works_too(house: House, browser: Any, passwords: dict[str, str], alice: Any) -> None:
    plain = browser.new_context(java_script_enabled=False, storage_state=alice.context.storage_state()).new_page()
    plain.goto(f"{house.address}/office/mailings/the-pause-again-2/write/")
    plain.locator("#sources summary").click()
    plain.get_by_role("button", name=re.compile("Cite Acme")).click()
    plain.wait_for_url("**view=html**")
    assert plain.locator("#appeal").input_value().count("[^acme-stops]") == 3
    plain.get_by_role("button", name="Dark").click()
    plain.locator("#html[src*='part=dark']").wait_for()


def test_every_page_of_it_is_good_to_read(house: House, alice: Any) -> None:
    from tests.axe import axe

    images = os.environ.get("GROUNDSWELL_IMAGES")
    pages = {
        "mailings": "", "new": "new/", "paste": "paste/", "series": "series/", "step": "series/step/", "write": "the-pause-again-2/write/",
        "draft": "the-pause-again-2/", "sent": "the-pause-again/", "revisions": "the-pause-again/revisions/",
        "ways": "the-pause-again-2/ways/", "passages": "the-pause-again-2/passages/", "previews": "the-pause-again-2/as/unnamed/",
    }  # fmt: skip
    for width, scheme in ((390, "light"), (1280, "dark")):
        alice.set_viewport_size({"width": width, "height": 900})
        alice.emulate_media(color_scheme=scheme)
        for name, path in pages.items():
            alice.goto(f"{house.address}/office/mailings/{path}")
            if name == "write":
                alice.locator("#sources summary").click()
            assert alice.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, width)
            assert alice.refused == [], (name, width)
            violations = axe(alice, context="#main", options={"iframes": False})
            alice.refused.clear()  # the tool puts a style of its own into the page
            assert not violations, (name, width, [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in violations])
            if images:
                alice.screenshot(path=f"{images}/{name}-{width}.png", full_page=True)
