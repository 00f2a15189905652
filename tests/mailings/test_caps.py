"""Nobody gets more letters than the cap allows: slow letters, letters that wait, series and proposed letters are all counted."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from groundswell.basics.ids import LetterId, PersonRef
from groundswell.engine.compile import compile_appeal
from groundswell.mailings.audiences import operations, queries
from groundswell.mailings.audiences.reached import keep_reached
from groundswell.mailings.models import Mailing
from groundswell.post import operations as post
from groundswell.post import traffic
from groundswell.post.models import Delivery, Letter, State
from tests.mailings.crowd import mail, names
from tests.mailings.test_proposals import FRESH, Place, send
from tests.post.test_post import ACTION, APPEAL, SENDER, SOURCES

pytestmark = pytest.mark.django_db
CAP = {"cap": {"letters": 1, "days": 2}}


def letter_of(now: datetime, *persons: PersonRef, key: str, days_ago: int, kind: str = "mailing") -> LetterId:
    """A letter lodged so many days ago that waits for all of these."""
    letter = compile_appeal(APPEAL, sender=SENDER, sources=SOURCES, action=ACTION).letter
    assert letter is not None
    then = now - timedelta(days=days_ago)
    letter_id = post.lodge(key=f"{kind}:{key}", letter=letter, kind=kind, action=None, now=then)  # type: ignore[arg-type]
    post.address(letter_id=letter_id, persons=[(person, "") for person in persons], now=then)
    return letter_id


def left(letter_id: LetterId, person: PersonRef, at: datetime) -> None:
    Delivery.objects.filter(letter_id=letter_id, person_id=person).update(state=State.ACCEPTED, changed_at=at)
    traffic.handed(letter_id=letter_id, domains=["example.org"], day=at.date())


def test_a_letter_that_takes_weeks_counts_from_the_day_it_left_for_somebody(crowd: dict[str, PersonRef], now: datetime) -> None:
    letter_id = letter_of(now, crowd["ada"], crowd["cem"], key="slow", days_ago=20)
    left(letter_id, crowd["ada"], now - timedelta(days=19))
    left(letter_id, crowd["cem"], now - timedelta(hours=1))
    wanted = {"exclude": [{"mailed_within_hours": 48}], **CAP}
    for bits in (False, True):
        assert not bits or keep_reached(now=now) == 1
        assert names(wanted, crowd, now) == names(CAP, crowd, now) == "ada bob dan fay"
        assert names({"include": {"had_letters": {"at_least": 1, "days": 2}}}, crowd, now) == "cem"


@pytest.mark.parametrize("most", [0, 12])
def test_whom_a_letter_waits_for_will_have_had_it(
    crowd: dict[str, PersonRef], now: datetime, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("groundswell.mailings.audiences.sets._MOST_LETTERS", most)
    first = letter_of(now, crowd["ada"], crowd["bob"], crowd["fay"], key="first", days_ago=10)
    Delivery.objects.filter(letter_id=first, person_id=crowd["bob"]).update(state=State.CLAIMED)
    Delivery.objects.filter(letter_id=first, person_id=crowd["fay"]).update(state=State.RETRY)
    assert names(CAP, crowd, now) == "cem dan"
    assert queries.explain(CAP, now=now).left_out["had one letter in 2 days"] == 3
    assert names({"include": {"had_letters": {"at_least": 1, "days": 2}}}, crowd, now) == "", "a condition asks what has left"
    Letter.objects.filter(pk=first).update(paused=True)
    assert names(CAP, crowd, now) == "cem dan", "a paused one goes on"
    second = letter_of(now, key="second", days_ago=0)
    operations.freeze(letter_id=second, definition=CAP, now=now)
    assert set(Delivery.objects.filter(letter_id=second, state=State.READY).values_list("person_id", flat=True)) == {
        crowd["cem"], crowd["dan"],
    }  # fmt: skip
    assert operations.freeze(letter_id=second, definition=CAP, now=now) == 0, "asking again changes nothing"
    Letter.objects.filter(pk__in=(first, second)).update(stopped_at=now)
    assert names(CAP, crowd, now) == "ada bob cem dan fay", "one that was stopped does not"


def test_a_letter_of_a_series_is_a_letter(crowd: dict[str, PersonRef], now: datetime) -> None:
    letter_id = letter_of(now, crowd["ada"], crowd["cem"], key="welcome", days_ago=300, kind="series")
    left(letter_id, crowd["ada"], now - timedelta(days=100))
    left(letter_id, crowd["cem"], now - timedelta(hours=3))
    assert names(CAP, crowd, now) == names({"exclude": [{"mailed_within_hours": 48}]}, crowd, now) == "ada bob dan fay"


def test_proposed_letters_are_under_the_houses_cap(now: datetime, settings: Any) -> None:
    settings.GROUNDSWELL = settings.GROUNDSWELL.model_copy(update={"cap_letters": 1, "cap_days": 7})
    place = Place(now)
    mail(place.people[0], now=now, at=now - timedelta(days=2))
    letter_of(now, place.people[1], key="waits", days_ago=0)
    place.sign(place.people[2])
    place.enter(**FRESH)
    assert send(Mailing.objects.get(), now) == {"ready": 1, "withheld": 2}
    held = Delivery.objects.filter(state=State.WITHHELD)
    assert set(held.values_list("reason", flat=True)) == {"had one letter in 7 days"}
