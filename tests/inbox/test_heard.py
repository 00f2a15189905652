"""What people knowingly did beside signing: answered, agreed anew, passed a link on. Machines' mail and goodbyes are none."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from groundswell.actions.models import Origin, Signature
from groundswell.actions.shared import hear_of_shares
from groundswell.basics.ids import ActionId
from groundswell.inbox.operations.hearing import hear_of_answers
from groundswell.mailings.audiences import queries
from groundswell.people import operations as people
from groundswell.people.models import Person
from tests.inbox.world import World, answer, holiday
from tests.mailings.crowd import sign
from tests.people.test_merge import opened

pytestmark = pytest.mark.django_db
ADA, BOB, CEM = "ada@example.org", "bob@example.org", "cem@example.org"
LATELY = {"include": {"acted_within_days": 30}}


@pytest.fixture
def world(now: datetime, home: Path) -> World:
    return World(now, home / "inbound").send_to(ADA, BOB, CEM)


def lately(world: World) -> int:
    return queries.count(LATELY, now=world.now)


def test_who_answers_a_letter_was_heard_from_and_a_machine_was_not(world: World) -> None:
    Person.objects.update(heard_at=None)
    assert lately(world) == 0
    world.comes_in(
        answer("answers@news.example.org", ADA, world.message_id(ADA), "Thank you, and go on."), "answers@news.example.org"
    )
    world.comes_in(answer("answers@news.example.org", BOB, world.message_id(BOB), "STOP"), "answers@news.example.org")
    world.comes_in(holiday(world.bounce_address(CEM), CEM), world.bounce_address(CEM))
    assert hear_of_answers(now=world.now) == 1 and hear_of_answers(now=world.now) == 1, "asking again changes nothing"
    assert lately(world) == 1 and Person.objects.get(heard_at__isnull=False).pk == world.people[ADA]
    assert queries.count(LATELY, now=world.now + timedelta(days=31)) == 0


def test_a_link_that_brought_a_signature_that_counts_is_a_deed(world: World) -> None:
    Person.objects.update(heard_at=None)
    petition, long_ago = ActionId(opened("coal", world.now)), world.now - timedelta(days=200)
    ada, bob = world.people[ADA], world.people[BOB]
    sign(petition, ada, long_ago)
    sign(petition, bob, long_ago)
    first, second = Signature.objects.get(person_id=ada), Signature.objects.get(person_id=bob)
    Origin.objects.filter(signature_id=second.pk).delete()
    Origin.objects.create(signature_id=second.pk, petition_id=petition, referrer=first.pk, at=world.now - timedelta(days=3))
    Signature.objects.filter(pk=second.pk).update(state="unconfirmed")
    assert hear_of_shares(now=world.now) == 0 and lately(world) == 0, "a signature that does not count was brought by nobody"
    Signature.objects.filter(pk=second.pk).update(state="confirmed")
    assert hear_of_shares(now=world.now) == 1 and lately(world) == 1


def test_a_yes_on_a_page_of_ones_own_is_a_deed_and_a_list_or_staff_are_none(world: World) -> None:
    Person.objects.update(heard_at=None)
    for who, how, heard in ((ADA, "staff", 0), (BOB, "form", 1)):
        people.record_consent(
            person=world.people[who], given=True, organisation="Us", wording="Write to me", version="1", language="en", source="x",
            how=how, now=world.now,
        )  # fmt: skip
        assert lately(world) == heard


def test_what_was_heard_follows_a_merge_and_comes_back(world: World) -> None:
    kept, gone = world.people[ADA], world.people[BOB]
    Person.objects.update(heard_at=None)
    people.heard_from(times={gone: world.now})
    number = people.merge(kept=kept, gone=gone, staff_id=None, why="She said so", now=world.now)
    assert Person.objects.get(pk=kept).heard_at == world.now
    people.heard_from(times={gone: world.now - timedelta(days=1)})
    assert Person.objects.get(pk=kept).heard_at == world.now, "an earlier time changes nothing"
    people.undo_merge(merge_id=number, staff_id=None, why="They are two", now=world.now)
    assert Person.objects.get(pk=kept).heard_at is None and Person.objects.get(pk=gone).heard_at == world.now
    people.forget(person=gone, staff_id=None, why="asked", now=world.now)
    assert Person.objects.get(pk=gone).heard_at is None
