"""Too many complaints: staff hear of it before a provider does, and above the limit the letter stops by itself."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from groundswell.basics.providers import provider_of
from groundswell.basics.result import Refused
from groundswell.inbox import queries, stopping
from groundswell.inbox.models import Stop
from groundswell.inbox.share_rules import judge
from groundswell.post import returns, traffic
from groundswell.post.models import Letter
from groundswell.staff import notices
from groundswell.staff.queries import latest
from tests.inbox.world import World, complaint, dead

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("what", "counted", "handed", "verdict"),
    [
        ("complained", 1, 50, "well"), ("complained", 1, 1000, "well"), ("complained", 8, 10_000, "warn"),
        ("complained", 7, 10_000, "well"), ("complained", 10, 10_000, "warn"), ("complained", 29, 10_000, "warn"),
        ("complained", 30, 10_000, "stop"), ("complained", 3, 900, "warn"), ("complained", 4, 900, "stop"),
        ("bounced", 3, 200, "well"), ("bounced", 15, 1000, "warn"), ("bounced", 50, 1000, "stop"), ("bounced", 0, 0, "well"),
    ],
)  # fmt: skip
def test_the_limits(what: str, counted: int, handed: int, verdict: str) -> None:
    assert judge(what, counted, handed) == verdict  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("domain", "provider"),
    [
        ("gmail.com", "google"), ("GoogleMail.com.", "google"), ("yahoo.co.uk", "yahoo"), ("ymail.com", "yahoo"), ("yahoo.com", "yahoo"),
        ("mta7.am0.yahoodns.net", "yahoo"), ("hotmail.fr", "microsoft"), ("live.com.au", "microsoft"), ("outlook.com", "microsoft"),
        ("x.mail.protection.outlook.com", "microsoft"), ("me.com", "apple"), ("example.org", "others"), ("", "others"),
        ("notgmail.com", "others"), ("live.example.org", "others"), ("yahoo.example.com", "others"), ("gmail.com.evil.example", "others"),
    ],
)  # fmt: skip
def test_the_provider_is_known_by_its_domains(domain: str, provider: str) -> None:
    assert provider_of(domain) == provider


@pytest.fixture
def world(now: datetime, home: Path) -> World:
    made = World(now, home / "inbound").send_to(*(f"p{n}@gmail.com" for n in range(8)))
    traffic.handed(letter_id=made.letter_id, domains=["gmail.com"] * 1000 + ["web.de"] * 3000, day=now.date())
    return made


def complain(world: World, n: int) -> None:
    address = f"p{n}@gmail.com"
    world.comes_in(complaint(world.bounce_address(address), address), world.bounce_address(address))


def rests(world: World) -> bool:
    return bool(Letter.objects.get(pk=world.letter_id).paused)


def test_warned_before_stopped_above_and_lifted_with_a_reason(world: World) -> None:
    complain(world, 0)
    assert not [each for each in notices.latest() if "complaints" in each.subject]
    complain(world, 1)
    (warning,) = [each for each in notices.latest() if each.subject.startswith("Many complaints")]
    assert "0.20%" in warning.words and "at google" in warning.words and "0.3%" in warning.words and not rests(world)
    complain(world, 2)
    assert not rests(world)
    complain(world, 3)
    assert rests(world)
    (stop,) = queries.stops()
    assert "0.40%" in stop.words and stop.lifted_at is None and "stop a letter" in latest()[0]
    assert any(each.subject.startswith("Stopped") for each in notices.unread())
    with pytest.raises(Refused, match="reason"):
        stopping.lift(stop_id=stop.id, why=" ", staff_id=None, now=world.now)
    assert stopping.lift(stop_id=stop.id, why="A bad segment was taken out", staff_id=None, now=world.now)
    assert not rests(world) and not stopping.lift(stop_id=stop.id, why="again", staff_id=None, now=world.now)
    assert "A bad segment" in latest()[0]
    complain(world, 4)
    assert not rests(world), "staff took it on themselves"
    assert Stop.objects.count() == 1


def test_a_letter_with_two_stops_rests_until_both_are_lifted(world: World) -> None:
    for what in ("complained", "bounced"):
        for _ in range(60):
            traffic.returned(letter_id=world.letter_id, provider="google", day=world.now.date(), what=what)  # type: ignore[arg-type]
        assert stopping.look_at(letter_id=world.letter_id, provider="google", what=what, now=world.now) == "stop"  # type: ignore[arg-type]
    first, *others = queries.stops()
    assert len(others) >= 1
    stopping.lift(stop_id=first.id, why="seen", staff_id=None, now=world.now)
    assert rests(world)
    for each in others:
        stopping.lift(stop_id=each.id, why="seen", staff_id=None, now=world.now)
    assert not rests(world) and not returns.resume(letter_id=world.letter_id)


def test_the_table_says_letter_provider_and_day(world: World, now: datetime) -> None:
    complain(world, 0)
    dead(world, "p1@gmail.com")
    by_letter = {each.provider: each for each in queries.shares_by_letter(now)}
    assert by_letter["google"].handed == 1000 and by_letter["google"].complained == 1 and by_letter["google"].bounced == 1
    assert by_letter["others"].complaint_share == 0.0 and by_letter["google"].complaint_share == 0.001
    days = queries.shares_by_day(now)
    assert {each.day for each in days} == {now.date()} and queries.shares_by_day(now + timedelta(days=60)) == []
