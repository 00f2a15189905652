"""What came back, in the office: closed to strangers, without an address in any URL, every look and lift with a reason."""

from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from groundswell.inbox import queries
from groundswell.inbox.models import Incoming, State
from groundswell.inbox.spool import waiting
from groundswell.people import operations as people
from groundswell.people.queries import may_mail
from groundswell.post import slowdowns, traffic
from groundswell.post.models import Letter
from groundswell.staff.operations import one_time_password
from groundswell.staff.queries import latest
from tests.inbox.world import World, complaint, dead

pytestmark = pytest.mark.django_db
ADA = "ada@example.org"


@pytest.fixture
def world(now: datetime, home: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    changed = settings.GROUNDSWELL.model_copy(update={"data": home, "keys": settings.GROUNDSWELL.key_folder.folder})
    monkeypatch.setattr(settings, "GROUNDSWELL", changed)
    return World(now, home / "inbound").send_to(ADA, "bob@example.org")


@pytest.fixture
def bob(client: Client, now: datetime) -> Client:
    assert client.login(username="bob", password=one_time_password(username="bob", now=now))
    return client


def test_charlie_sees_nothing_and_changes_nothing(client: Client, world: World) -> None:
    row = world.comes_in("From: MAILER-DAEMON@x.example\nSubject: odd\n\nhm\n", world.bounce_address(ADA))
    for path in ("", f"mail/{row.pk}/"):
        assert client.get(f"/office/returns/{path}").status_code == 302
    for path in (
        f"mail/{row.pk}/",
        f"mail/{row.pk}/settle/",
        "address/",
        "take/",
        "stop/1/lift/",
        "address/1/lift/",
        "release/",
        "mail/1/again/",
    ):
        answer = client.post(f"/office/returns/{path}", {"why": "x", "address": ADA, "pasted": "x"})
        assert answer.status_code == 302 and "login" in answer["Location"], path
    assert queries.kept() and list(waiting(world.folder)) == []


def test_bob_opens_a_kept_mail_with_a_reason(bob: Client, world: World) -> None:
    row = world.comes_in(f"From: MAILER-DAEMON@x.example\nSubject: odd\n\nAbout {ADA} <script>\n", world.bounce_address(ADA))
    page = bob.get("/office/returns/").content.decode()
    assert f"Mail {row.pk}" in page and ADA not in page
    assert ADA not in bob.get(f"/office/returns/mail/{row.pk}/").content.decode()
    refused = bob.post(f"/office/returns/mail/{row.pk}/", {"why": " "})
    assert refused.status_code == 422 and "needs a reason" in refused.content.decode() and ADA not in refused.content.decode()
    shown = bob.post(f"/office/returns/mail/{row.pk}/", {"why": "who is it?"}).content.decode()
    assert ADA in shown and "&lt;script&gt;" in shown and "who is it?" in latest()[0]
    bob.post(f"/office/returns/mail/{row.pk}/settle/", {"why": "nothing"})
    assert bob.get(f"/office/returns/mail/{row.pk}/").status_code == 404 and "settle a mail" in latest()[0]
    assert "Nothing. Everything" in bob.get("/office/returns/").content.decode()


def test_bob_is_told_why_somebody_is_not_written_to_and_lifts_it(bob: Client, world: World, now: datetime) -> None:
    dead(world, ADA)
    answer = bob.post("/office/returns/address/", {"address": "ADA@example.org"})
    page = answer.content.decode()
    assert "This address is not written to" in page and "User unknown" in page and "works again" in page
    assert "ADA@" not in page and ADA not in page and "no-store" in answer["Cache-Control"]
    number = page.partition("/returns/address/")[2].partition("/lift/")[0]
    bob.post(f"/office/returns/address/{number}/lift/", {"why": ""})
    assert not may_mail(world.people[ADA])
    bob.post(f"/office/returns/address/{number}/lift/", {"why": "She called: it works again"})
    assert may_mail(world.people[ADA]) and "She called" in latest()[0]
    page = bob.post("/office/returns/address/", {"address": ADA}).content.decode()
    assert "This address is written to" in page and "She called" in page and "(lifted)" in page
    assert "Nobody here" in bob.post("/office/returns/address/", {"address": "x@example.org"}).content.decode()
    assert bob.post("/office/returns/address/", {"address": "nonsense"}).status_code == 302


def test_who_asked_to_be_forgotten_is_lifted_by_nobody(bob: Client, world: World, now: datetime) -> None:
    people.forget(person=world.people[ADA], staff_id=None, why="asked", now=now)
    page = bob.post("/office/returns/address/", {"address": ADA}).content.decode()
    assert "asked to be forgotten" in page.lower() and "/lift/" not in page
    from groundswell.people.models import Suppression

    number = Suppression.objects.get(reason="legal").pk
    bob.post(f"/office/returns/address/{number}/lift/", {"why": "please"})
    assert Suppression.objects.get(pk=number).lifted_at is None


def test_bob_lets_a_stopped_letter_go_on_with_a_reason(bob: Client, world: World, now: datetime) -> None:
    traffic.handed(letter_id=world.letter_id, domains=["gmail.com"] * 900, day=now.date())
    for _ in range(4):
        traffic.returned(letter_id=world.letter_id, provider="google", day=now.date(), what="complained")
    world.comes_in(complaint(world.bounce_address(ADA), "x@gmail.com"), world.bounce_address(ADA))
    page = bob.get("/office/returns/").content.decode()
    assert "Stopped letters" in page and "above the limit" in page and Letter.objects.get(pk=world.letter_id).paused
    for number in [each.id for each in queries.stops()]:
        bob.post(f"/office/returns/stop/{number}/lift/", {"why": ""})
        assert Letter.objects.get(pk=world.letter_id).paused
    for number in [each.id for each in queries.stops()]:
        bob.post(f"/office/returns/stop/{number}/lift/", {"why": "Segment taken out"})
    assert not Letter.objects.get(pk=world.letter_id).paused
    assert "Segment taken out" in bob.get("/office/returns/").content.decode()


def test_bob_takes_a_mail_in_by_hand(bob: Client, world: World) -> None:
    bob.post("/office/returns/take/", {"pasted": "From: x@example.org\nSubject: y\n\nz"})
    bob.post("/office/returns/take/", {"file": SimpleUploadedFile("a.eml", b"Subject: a\r\n\r\nb")})
    assert len(list(waiting(world.folder))) == 2
    bob.post("/office/returns/take/", {})
    assert len(list(waiting(world.folder))) == 2
    assert bob.get("/office/returns/take/").status_code == 405


def test_bob_ends_a_slowdown_and_tries_a_mail_again(bob: Client, world: World, now: datetime) -> None:
    from datetime import UTC, timedelta

    moment = datetime.now(UTC)
    slowdowns.slow(domain="gmail.com", until=moment + timedelta(hours=2), why="refused", now=moment)
    assert "25% of the usual pace" in bob.get("/office/returns/").content.decode()
    bob.post("/office/returns/release/", {"place": "google"})
    assert slowdowns.slowed(moment + timedelta(minutes=1)) == {}
    row = dead(world, ADA)
    Incoming.objects.filter(pk=row.pk).update(state=State.SET_ASIDE, sealed=b"x", outcome="failed 3 times")
    page = bob.get(f"/office/returns/mail/{row.pk}/").content.decode()
    assert "Try it again" in page
    bob.post(f"/office/returns/mail/{row.pk}/again/")
    assert Incoming.objects.get().state == State.TAKEN
