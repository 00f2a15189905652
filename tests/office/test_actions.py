"""Staff look after actions: recipients, numbers, photos, lists, ends. Editors and strangers see none of it."""

import re
from datetime import datetime
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from groundswell.actions import queries
from groundswell.actions.acting import photos
from groundswell.actions.models import Deed
from groundswell.pages import authoring
from groundswell.staff.models import LedgerEntry
from groundswell.staff.operations import one_time_password
from tests.actions.test_photos import picture
from tests.actions.test_photos import send as send_photo
from tests.actions.world import AS_IT_STOOD, OFFICES, World
from tests.pages.test_authoring import campaign, clean, read, write  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(client: Client, now: datetime) -> Client:
    assert client.login(username="alice", password=one_time_password(username="alice", now=now))
    return client


def test_charlie_sees_and_changes_nothing(client: Client, home: Path, now: datetime) -> None:
    World(home, now, "send")
    for address in ("", "do-it/", "do-it/totals.csv"):
        assert client.get(f"/office/actions/{address}").status_code == 302
    for address in ("do-it/recipient/", "do-it/end/", "do-it/list.csv"):
        assert client.post(f"/office/actions/{address}").status_code == 302


def test_alice_names_recipients_whose_address_is_not_shown_again(alice: Client, home: Path, now: datetime) -> None:
    world = World(home, now, "send")
    assert "letters go to the target’s first contact" in alice.get("/office/actions/do-it/").content.decode()
    named = {"name": "Senator <b>", "role": "Chair", "address": "chair@senate.example", "places": "US WA, GB SW1"}
    page = alice.post("/office/actions/do-it/recipient/", named, follow=True).content.decode()
    assert "Senator &lt;b&gt;" in page and "US WA, GB SW1" in page and "senate.example" not in page
    assert "no address" not in page and "is no place" in alice.post(
        "/office/actions/do-it/recipient/", {**named, "places": "Atlantis is far"}, follow=True
    ).content.decode()  # fmt: skip
    _, token = world.reader()
    world.do_by_letter(token, **AS_IT_STOOD, reveal="yes")
    world.apply()
    world.follow()
    page = alice.get("/office/actions/do-it/").content.decode()
    assert "nobody represents their place" in page
    drop = re.search(r'name="drop" value="(\d+)"', page)
    assert (
        drop
        and "letters go to the target’s first contact"
        in alice.post("/office/actions/do-it/recipient/", {"drop": drop.group(1)}, follow=True).content.decode()
    )


def test_alice_reads_how_calls_went_and_takes_the_numbers_away(alice: Client, home: Path, now: datetime) -> None:
    world = World(home, now, "call", offices=[{**OFFICES[0], "name": "=cmd|x"}, OFFICES[1]])
    world.do(outcome="voicemail", whom="0", note="They <hung> up")
    world.apply()
    page = alice.get("/office/actions/do-it/").content.decode()
    assert "1 left a message" in page and "They &lt;hung&gt; up" in page and "Lovelace" not in page
    sheet = alice.get("/office/actions/do-it/totals.csv").content.decode("utf-8-sig")
    assert sheet.splitlines() == ["to,outcome,how many", "'=cmd|x,voicemail,1"], "no formula in a cell"
    assert alice.get("/office/actions/none/").status_code == 404
    assert "Do &lt;it&gt;" in alice.get("/office/actions/").content.decode()


def test_alice_takes_the_list_for_the_door_with_a_reason(alice: Client, home: Path, now: datetime) -> None:
    world = World(home, now, "event", capacity=1)
    world.do()
    world.do(name="Grace Hopper", email="grace@example.org")
    world.apply()
    assert "needs a reason" in alice.post("/office/actions/do-it/list.csv", {"why": " "}, follow=True).content.decode()
    sheet = alice.post("/office/actions/do-it/list.csv", {"why": "the list at the door"}).content.decode("utf-8-sig")
    assert sheet.splitlines() == ["given_name,family_name", "Ada,Lovelace"], "who waits is not on it"
    assert LedgerEntry.objects.filter(act="export people", why="the list at the door").exists()


def test_alice_looks_at_a_photo_blurs_shows_and_turns_down(alice: Client, home: Path, now: datetime) -> None:
    world = World(home, now, "photo")
    for at in range(2):
        send_photo(world, picture(), email=f"p{at}@example.org")
    world.apply()
    world.follow()
    first, second = photos.waiting(world.action)
    shown = alice.get(f"/office/actions/photo/{first.id}.jpg")
    assert shown["content-type"] == "image/jpeg" and shown.content.startswith(b"\xff\xd8") and "no-store" in shown["cache-control"]
    where = f"/office/actions/photo/{first.id}/"
    assert "no regions" in alice.post(where, {"action": "do-it", "do": "blur", "regions": "x; 1 2"}, follow=True).content.decode()
    page = alice.post(where, {"action": "do-it", "do": "blur", "regions": "10 10 20 20; 50,50,10,10"}, follow=True).content.decode()
    assert "the sharper picture is gone" in page and "Blurred." in page
    assert "not said what the photo shows" in alice.post(where, {"action": "do-it", "do": "show"}, follow=True).content.decode()
    alice.post(where, {"action": "do-it", "do": "show", "alt": "A sign"})
    alice.post(f"/office/actions/photo/{second.id}/", {"action": "do-it", "do": "decline", "why": "an advertisement"})
    assert [photo.alt for photo in world.view().photos] == ["A sign"] and photos.waiting(world.action) == []
    assert alice.get(f"/office/actions/photo/{second.id}.jpg").status_code == 404


def test_alice_ends_an_action_and_opens_it_again(alice: Client, home: Path, now: datetime) -> None:
    world = World(home, now, "pledge")
    assert "needs to say why" in alice.post("/office/actions/do-it/end/", {"why": ""}, follow=True).content.decode()
    alice.post("/office/actions/do-it/end/", {"why": "They gave in <b>."})
    world.publish()
    assert "They gave in &lt;b&gt;." in world.page() and "<form" not in world.page()
    alice.post("/office/actions/do-it/end/")
    world.publish()
    assert "I pledge</button>" in world.page()


@pytest.mark.usefixtures("clean")
def test_an_author_writes_an_action_as_a_page(campaign: int) -> None:  # noqa: F811 (the fixture)
    call = {"type": "call", "value": {"script": "Hello", "offices": [
        {"name": "Rep", "role": "", "address": "+1 202 555 0100", "places": "US WA, US 98"}]}}  # fmt: skip
    page = write(campaign, slug="call", act=[call])
    page.full_clean()
    page.save_revision().publish()
    view = queries.petition_named("call")
    assert view and view.kind == "call" and view.setting["offices"][0]["places"] == ["US WA", "US 98"]
    assert 'href="tel:+12025550100"' in read("a/call/index.html")
    page.act = [{**call, "value": {**call["value"], "script": "Hello again"}}]  # type: ignore[dict-item]
    page.save_revision().publish()
    again = queries.petition_named("call")
    assert again and again.version == 2, "another script is another version"
    page.act = []  # type: ignore[assignment]
    with pytest.raises(ValidationError) as stays:
        page.full_clean()
    assert "kind “call”" in str(stays.value.message_dict["act"])
    event = {"type": "event", "value": {"day": "2026-12-05", "begins": "14:00", "ends": "16:00", "last_day": None, "zone": "Europe/London",
                                        "place": "Hall", "capacity": 3, "cancelled": False}}  # fmt: skip
    other = write(campaign, slug="come", act=[event])
    other.full_clean()
    shown = authoring.preview(other, "index").decode()
    assert "Saturday, 5 December 2026, 14:00 – 16:00 (GMT)" in shown and "%%" not in shown
    letter = write(campaign, slug="send", act=[{"type": "letter", "value": {
        "subject": "S <i>", "text": "T <b>", "ours": True, "offices": [], "per_hour": 60}}])  # fmt: skip
    preview = authoring.preview(letter, "index").decode()
    assert "T &lt;b&gt;" in preview and "%%" not in preview and "%%" not in authoring.preview(letter, "recognised").decode()
    with pytest.raises(ValidationError) as refused:
        write(campaign, slug="wrong", act=[{**event, "value": {**event["value"], "zone": "Mars/Olympus"}}])  # type: ignore[dict-item]
    assert "act" in refused.value.message_dict and not Deed.objects.exists()
