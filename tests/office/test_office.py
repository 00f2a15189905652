"""The staff door: closed to strangers, and saying how the campaign goes."""

from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from groundswell.campaigns import operations as campaigns
from groundswell.demo import world
from groundswell.engine.render import Prepared
from groundswell.inbox.mailbox import Mailbox
from groundswell.mailings.models import Mailing
from groundswell.mailings.operations import start
from groundswell.people.queries import counts
from groundswell.post.queries import progress
from groundswell.staff.operations import one_time_password
from groundswell.staff.queries import latest
from tests.engine.test_letter import DATE, compiled, recipient

pytestmark = pytest.mark.django_db


def test_charlie_sees_nothing(client: Client) -> None:
    answer = client.get("/office/")
    assert answer.status_code == 302 and "/office/login/" in answer["Location"]


def test_bob_sees_the_campaign(client: Client, now: datetime) -> None:
    campaigns.open_campaign(slug="c", title="C", target_slug="t", target_name="T", summary="", now=now)
    password = one_time_password(username="bob", now=now)
    assert client.login(username="bob", password=password)
    page = client.get("/office/").content.decode()
    assert "of 0 people" in page and "What was promised" in page and "gravatar" not in page
    assert latest()[0].endswith("one-time password asked for")


def test_the_demo_world_is_built_twice_and_is_the_same(now: datetime, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("groundswell.demo.supporters.SIZE", 60)
    first = world.build(folder=home, base_url="http://127.0.0.1:8000", now=now)
    assert world.build(folder=home, base_url="http://127.0.0.1:8000", now=now) == first
    assert counts()["people"] == 60, "supporters: the four offices that letters go to are none"
    letter_id = start(mailing_id=first.mailing_id, now=now)
    assert start(mailing_id=first.mailing_id, now=now) == letter_id
    states = progress(letter_id)
    assert states["ready"] + states["withheld"] == 60 and states["withheld"] >= 3
    assert str(Mailing.objects.get()).endswith("(started)")


def test_the_mailbox_shows_a_letter_as_it_came(client: Client) -> None:
    mailbox = Mailbox(settings.GROUNDSWELL.mailbox_folder)
    mailbox.keep(Prepared(compiled(), None).render(recipient(), date=DATE))
    (name,) = mailbox.names()
    assert "Only a pause" in client.get("/mailbox").content.decode()
    assert "List-Unsubscribe" in client.get(f"/mailbox/{name}").content.decode()
    html = client.get(f"/mailbox/{name}/html")
    assert "sandbox" in html["Content-Security-Policy"] and "P.S." in html.content.decode()
    for missing in ("/mailbox/../keys", "/mailbox/1-1-00000000000000000000000000000000.eml"):
        assert client.get(missing).status_code == 404
