"""Who complained gets no letter at all, not even thanks for a signature they give later; a goodbye on the page is kept too."""

from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings

from groundswell.basics.ids import ActionId
from groundswell.basics.tokens import seal_delivery
from groundswell.intake.journal import Entry
from groundswell.mailings.thanking import thank_many
from groundswell.pages import applying
from groundswell.people.suppressions import complained
from groundswell.post.models import Delivery, State
from tests.inbox.world import World, complaint

pytestmark = pytest.mark.django_db
ADA, BOB = "ada@example.org", "bob@example.org"


@pytest.fixture
def world(now: datetime, home: Path) -> World:
    return World(now, home / "inbound").send_to(ADA, BOB)


def test_no_thanks_after_a_complaint(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.comes_in(complaint(world.bounce_address(ADA), ADA), world.bounce_address(ADA))
    persons = list(world.people.values())
    assert complained(persons) == {world.people[ADA]} and complained([]) == frozenset()
    thanked: list[object] = []
    monkeypatch.setattr(applying.mailing_queries, "house_sender", object)
    monkeypatch.setattr(applying, "thank_many", lambda *, persons, **_: thanked.extend(persons) or 1)
    doing = applying.Applying(tokens=settings.GROUNDSWELL.key_folder.tokens, now=world.now)
    monkeypatch.setattr(applying, "as_read", lambda *_: None)
    doing._thank({(ActionId(1), "en"): persons})
    assert thanked == [world.people[BOB]] and callable(thank_many)
    doing._thank({(ActionId(1), "en"): [world.people[ADA]]})
    assert thanked == [world.people[BOB]]


def test_a_goodbye_on_the_page_ends_the_running_mailing_too(world: World) -> None:
    from uuid import uuid4

    token = seal_delivery(settings.GROUNDSWELL.key_folder.tokens, "unsubscribe", world.rows[BOB])
    world.send_to(BOB, state=State.RETRY, key="mailing:next")
    doing = applying.Applying(tokens=settings.GROUNDSWELL.key_folder.tokens, now=world.now)
    assert doing([Entry(uuid4(), {"kind": "unsubscribe", "token": token})]) == ["unsubscribe done"]
    assert Delivery.objects.get(pk=world.rows[BOB]).state == State.WITHHELD
