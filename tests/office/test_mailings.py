"""The office's mailings: closed to strangers, honest in numbers, every button doing what it says."""

from datetime import datetime

import pytest
from django.test import Client

from groundswell.basics.ids import ActionId, DeliveryId
from groundswell.mailings import operations, queries
from groundswell.mailings.models import Mailing
from groundswell.post import operations as post
from groundswell.post import queries as rows
from groundswell.post.models import Delivery, State
from groundswell.staff.models import Account
from groundswell.staff.operations import one_time_password
from groundswell.staff.queries import latest
from tests.mailings.test_life import drafted, petition  # noqa: F401 (a fixture)
from tests.people.test_people import supporter

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob(client: Client, now: datetime) -> Client:
    assert client.login(username="bob", password=one_time_password(username="bob", now=now))
    return client


def press(client: Client, slug: str, **given: str) -> str:
    answer = client.post(f"/office/mailings/{slug}/do/", given, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_charlie_presses_nothing(client: Client, petition: ActionId, now: datetime) -> None:  # noqa: F811
    drafted(petition, now)
    for path in ("", "m/", "m/as/named/", "m/as/named/letter/"):
        assert client.get(f"/office/mailings/{path}").status_code == 302
    assert client.post("/office/mailings/m/do/", {"do": "send"}).status_code == 302
    assert Mailing.objects.get().state == "draft"


def test_bob_reads_a_draft_approves_it_and_sends_it(bob: Client, petition: ActionId, now: datetime) -> None:  # noqa: F811
    supporter(now, "ada@example.org")
    drafted(petition, now)
    page = bob.get("/office/mailings/m/").content.decode()
    assert "<strong>1</strong> people" in page and "It can be sent." in page and "There is no P.S." in page
    assert "ada@" not in page
    assert "Approved" in press(bob, "m", do="approve") and any("mailing approved" in line for line in latest())
    assert "Until then you can take it back" in press(bob, "m", do="send", at="2099-11-24T09:30", reader="1")
    assert Mailing.objects.get().state == "scheduled" and Mailing.objects.get().reader_time
    assert "draft again" in press(bob, "m", do="cancel")
    assert "That is no day" in press(bob, "m", do="send", at="soon")
    assert "no such button" in press(bob, "m", do="explode")
    assert bob.get("/office/mailings/none/").status_code == 404


def test_bob_does_not_approve_his_own_letter(bob: Client, petition: ActionId, now: datetime) -> None:  # noqa: F811
    drafted(petition, now, staff_id=Account.objects.get(username="bob").pk)
    assert "disabled" in bob.get("/office/mailings/m/").content.decode()
    assert "You wrote this letter" in press(bob, "m", do="approve")


def test_bob_steers_a_letter_and_settles_what_is_in_doubt(bob: Client, petition: ActionId, now: datetime) -> None:  # noqa: F811
    for n in range(4):
        supporter(now, f"p{n}@example.org")
    letter_id = operations.start(mailing_id=drafted(petition, now), now=now)
    doubtful = Delivery.objects.filter(letter_id=letter_id).first()
    assert doubtful is not None
    Delivery.objects.filter(pk=doubtful.pk).update(state=State.UNCERTAIN, reason="the reply was lost")
    page = bob.get("/office/mailings/m/").content.decode()
    assert f"Row {doubtful.pk}" in page and "3 to go" in page and "p0@" not in page
    press(bob, "m", do="settle", row=str(doubtful.pk), arrived="yes")
    assert rows.progress(letter_id) == {"accepted": 1, "ready": 3} and rows.person_of(DeliveryId(doubtful.pk))
    press(bob, "m", do="pause")
    assert rows.pulse(letter_id, now).paused
    press(bob, "m", do="speed", speed="30")
    assert rows.pulse(letter_id, now).speed == 30
    assert "3 people will not get it" in press(bob, "m", do="cancel")
    assert "m-2" in press(bob, "m", do="again", note="Once more", subject="Again")
    assert queries.mailing_named("m-2") is not None and "m-2" in bob.get("/office/mailings/").content.decode()
    post.pause(letter_id=letter_id)


def test_a_preview_shows_each_reader_their_letter_and_fetches_nothing(bob: Client, petition: ActionId, now: datetime) -> None:  # noqa: F811
    drafted(petition, now)
    for reader, greeting in (("named", "Amina,"), ("unnamed", "Friend,"), ("signed", "Amina,"), ("forwarded", "Amina,")):
        answer = bob.get(f"/office/mailings/m/as/{reader}/letter/?part=text")
        assert greeting in answer.content.decode() and "default-src 'none'" in answer["Content-Security-Policy"]
        assert bob.get(f"/office/mailings/m/as/{reader}/").content.count(b"<iframe") == 5
    assert b"@media all" in bob.get("/office/mailings/m/as/named/letter/?part=dark").content
    assert "img-src 'none'" in bob.get("/office/mailings/m/as/named/letter/?part=bare")["Content-Security-Policy"]
    assert bob.get("/office/mailings/m/as/nobody/").status_code == 404
