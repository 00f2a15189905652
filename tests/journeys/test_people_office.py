"""The people pages as staff see them, in a real browser: on a phone and on a desk, light and dark, nothing cut off, axe silent."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from playwright.sync_api import Browser, Page

from groundswell.mailings.audiences.operations import save_audience
from groundswell.office.tasks import carry_on
from groundswell.people import operations as people
from groundswell.people.models import ImportRun, Pair
from groundswell.staff.operations import one_time_password
from tests.axe import axe
from tests.people.test_people import address, supporter
from tests.stage import browsing

pytestmark = [pytest.mark.slow, pytest.mark.journey, pytest.mark.django_db(transaction=True)]
LIST = b"E-Mail;Vorname;Stadtteil;Passwort;Status\nada@example.org;Augusta;Altona;h;subscribed\nno address;X;;h;\n"
SAID = {"organisation": "Us", "wording": "Write to me", "source": "old", "column-0": "email", "column-1": "given_name"}


def upload(bob: Client, name: str, act: str) -> str:
    place = bob.post("/office/people/import/", {"file": SimpleUploadedFile(name, LIST)})["Location"]
    bob.post(place, {**SAID, "column-2": "region" if act == "import" else "ignore", "do": act})
    carry_on(timestamp=0)
    return str(place)


@pytest.fixture
def pages(now: datetime, home: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, list[str]]:
    """Somebody who works here, and the addresses of pages that have something on them."""
    changed = settings.GROUNDSWELL.model_copy(update={"data": home, "keys": settings.GROUNDSWELL.key_folder.folder})
    monkeypatch.setattr(settings, "GROUNDSWELL", changed)
    ada, third, fourth = (supporter(now, f"{name}@example.org", given=name.title()) for name in ("ada", "third", "fourth"))
    people.enrol(
        email=address("a@work.example"), given_name="Ada", family_name="Lovelace", country="GB", postcode_area="SW1", now=now
    )
    people.merge(kept=third, gone=fourth, staff_id=None, why="x", now=now)
    people.find_pairs(now=now)
    for label, kind in (("Shirt size", "choice"), ("Born", "date"), ("Trade", "text"), ("Member", "yes"), ("Gifts", "number")):
        people.name_field(label=label, kind=kind, choices=["S", "M"] if kind == "choice" else [])
    people.tag(persons=[ada], name="volunteer")
    people.tag(persons=[ada], name="Climate", kind="topic")
    people.write_note(person=ada, text="Prefers calls", staff_id=None, now=now)
    save_audience(slug="all", name="All", definition={"include": {"language": ["en"]}}, now=now)
    bob = Client()
    assert bob.login(username="bob", password=one_time_password(username="bob", now=now))
    order = upload(bob, "supporters.csv", "rehearse")
    upload(bob, "done.csv", "import")
    run, pair = ImportRun.objects.get().pk, Pair.objects.get(state="open").pk
    places = ["", f"{ada}/", "pairs/", f"pairs/{pair}/", "import/", f"imports/{run}/", "export/"]
    return bob.cookies["sessionid"].value, [*(f"/office/people/{place}" for place in places), order]


def faults(page: Page, where: str) -> list[Any]:
    page.wait_for_selector("main")
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    found: list[Any] = [(where, "cut off", wide)] if wide > 0 else []
    stacked = (
        "innerWidth < 800 && [...document.querySelectorAll('.wide:has(table.stack)')].some(e => e.scrollWidth > e.clientWidth)"
    )
    if page.evaluate(stacked):
        found.append((where, "a table that is stacked is still wider than the phone"))
    for each in axe(page):
        found.append((where, each["id"], each["nodes"][0]["html"][:200]))
    return found


def walk(browser: Browser, base: str, session: str, places: list[str], width: int, scheme: Any) -> list[Any]:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    context.add_cookies([{"name": "sessionid", "value": session, "domain": "localhost", "path": "/office/"}])
    page, found = context.new_page(), []
    for place in places:
        page.goto(base + place)
        found += faults(page, place)
    page.goto(base + places[1])
    page.fill("#why", "she asked")
    page.locator("form:has(#why) button").click()
    page.wait_for_selector("text=Prefers calls")
    found += faults(page, "opened")
    page.goto(base + places[0])
    page.fill("#sought", "love")
    page.fill("#find-why", "she called")
    page.locator("form:has(#sought) button").click()
    page.wait_for_selector("text=Ada Lovelace")
    found += faults(page, "found")
    assert "love" not in page.url and "ada" not in page.url
    context.close()
    return found


def test_every_people_page_is_for_everybody(live_server: Any, pages: tuple[str, list[str]]) -> None:
    session, places = pages
    with browsing() as browser:
        found = [
            fault
            for width, scheme in ((390, "light"), (1280, "dark"))
            for fault in walk(browser, live_server.url, session, places, width, scheme)
        ]
    assert found == []
