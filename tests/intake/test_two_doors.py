"""Two real doors before one worker: the last word counts, whichever door heard it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from groundswell.basics.ids import DeliveryId
from groundswell.basics.tokens import seal_delivery
from groundswell.intake.models import Applied
from groundswell.pages.door.app import Door
from groundswell.people import queries as people
from tests.pages.test_door import Place

pytestmark = pytest.mark.django_db


class TwoDoors(Place):
    """Both write to one folder; each has a file of its own, begun in this order."""

    def __init__(self, home: Path, now: datetime) -> None:
        super().__init__(home, now)
        self.doors = [self.door, Door(self.config, clock=lambda: self.now)]
        for door in self.doors:
            self.by(door, f"/u/{self.own(DeliveryId(10**6))}")

    def by(self, door: Door, path: str, body: str = "") -> None:
        """Somebody presses a button; two seconds later they have read the answer."""
        self.door = door
        assert self.ask("POST", path, body).status in (200, 303)
        self.now += timedelta(seconds=2)

    def own(self, delivery: DeliveryId) -> str:
        return seal_delivery(self.keys, "unsubscribe", delivery)


@pytest.fixture
def two(home: Path, now: datetime) -> Iterator[TwoDoors]:
    yield TwoDoors(home, now)
    assert len(list((home / "journal").glob("*.journal"))) == 2


@pytest.mark.parametrize("first", [0, 1])
def test_who_signs_and_takes_it_back_is_not_counted(two: TwoDoors, first: int) -> None:
    delivery = two.delivery("ada@example.org")
    two.by(two.doors[first], "/a/end-it/sign", f"t={two.token(delivery)}")
    two.by(two.doors[1 - first], f"/m/{two.own(delivery)}/withdraw")
    two.apply()
    assert two.count() == 0
    assert set(Applied.objects.values_list("outcome", flat=True)) >= {"signed", "withdraw done"}


@pytest.mark.parametrize("first", [0, 1])
def test_who_leaves_and_comes_back_gets_letters_and_the_other_way_round(two: TwoDoors, first: int) -> None:
    delivery = two.delivery("ada@example.org")
    there, here = two.doors[first], two.doors[1 - first]
    two.by(there, f"/u/{two.own(delivery)}")
    two.by(here, f"/m/{two.own(delivery)}/subscribe")
    two.apply()
    assert people.counts()["supporters"] == 1
    two.by(here, f"/m/{two.own(delivery)}/subscribe")
    two.by(there, f"/u/{two.own(delivery)}")
    two.apply()
    assert people.counts()["supporters"] == 0


@pytest.mark.parametrize("first", [0, 1])
def test_a_no_after_a_yes_by_another_door_is_the_last_word(two: TwoDoors, first: int) -> None:
    two.by(two.doors[first], "/a/end-it/sign", "name=Ada&email=ada%40example.org&country=GB&consent=yes")
    two.by(two.doors[1 - first], "/a/end-it/sign", "name=Ada&email=ada%40example.org&country=GB&consent=no")
    two.apply()
    assert two.count() == 1 and people.counts()["supporters"] == 0
