"""Robots are slowed, people are not turned away: what is doubtful is held, decided by staff, and can be undone."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from html import unescape
from pathlib import Path
from uuid import UUID

import pytest

from groundswell.actions import doubts
from groundswell.actions.models import Holding, Origin, Signature
from groundswell.basics.domains import DISPOSABLE
from groundswell.basics.result import Refused
from groundswell.pages.door.answers import Request
from groundswell.pages.door.guard import BURST, RAISE_AT, Guard, Networks
from tests.pages.test_door import FORM, Place

pytestmark = pytest.mark.django_db
NET = bytes(range(8))


@pytest.fixture
def place(home: Path, now: datetime) -> Iterator[Place]:
    yield Place(home, now)


def sign(place: Place, email: str, *, network: bytes = b"", more: str = "") -> int:
    import asyncio

    body = f"email={email}&consent=no{more}".encode()
    return asyncio.run(place.door.answer(Request("POST", "/a/end-it/sign", "", FORM, body=body, network=network))).status


def test_a_crowd_from_one_network_is_held_and_nobody_is_refused(place: Place) -> None:
    crowd = int(BURST) + 10
    assert {sign(place, f"p{n}%40example.org", network=NET) for n in range(crowd)} == {303}
    assert sign(place, "elsewhere%40example.org", network=b"otherone") == 303
    place.apply()
    assert place.count() == int(BURST) + 1
    assert Signature.objects.filter(state="held").count() == 10
    assert Origin.objects.filter(network=NET).count() == crowd


def test_a_throw_away_address_is_held_and_a_second_try_from_a_good_day_counts(place: Place) -> None:
    sign(place, "x%40mailinator.com")
    sign(place, "late%40example.org", more="&stamp=1-abc")
    place.apply()
    assert place.count() == 0 and set(Holding.objects.values_list("reason", flat=True)) == {
        "throw-away address", "form too old or not ours",
    }  # fmt: skip
    sign(place, "late%40example.org", more=f"&stamp={place.door._signing.guard.stamp()}")
    place.apply()
    assert place.count() == 1 and Holding.objects.filter(decision="came again").count() == 1


def test_under_attack_the_form_asks_for_work_and_who_did_it_counts(place: Place) -> None:
    for n in range(RAISE_AT):
        sign(place, f"r{n}%40mailinator.com")
    page = place.ask("GET", "/a/end-it").body.decode()
    puzzle = json.loads(unescape(re.search(r'data-work="([^"]+)"', page).group(1)))  # type: ignore[union-attr]
    number = next(n for n in range(60_001) if hashlib.sha256(f"{puzzle['salt']}{n}".encode()).hexdigest() == puzzle["challenge"])
    solution = base64.b64encode(json.dumps({**puzzle, "number": number}).encode()).decode()
    for email, more in (("none", ""), ("did", f"&altcha={solution}"), ("copied", f"&altcha={solution}"), ("junk", "&altcha=e30=")):
        assert sign(place, f"{email}%40example.org", more=more.replace("+", "%2B")) == 303
    place.apply()
    assert place.count() == 1 and Signature.objects.filter(state="held").count() == RAISE_AT + 3
    place.now += timedelta(minutes=11)
    assert "data-work" not in place.ask("GET", "/a/end-it").body.decode(), "and calm returns"


def test_a_slip_in_the_domain_is_asked_about_once(place: Place) -> None:
    answer = place.ask("POST", "/a/end-it/sign", "email=ada%40gmial.com&consent=no")
    assert (
        answer.status == 422
        and "ada@gmail.com" in answer.body.decode()
        and 'name="sure" value="ada@gmial.com"' in answer.body.decode()
    )
    assert place.ask("POST", "/a/end-it/sign", "email=ada%40gmial.com&consent=no&sure=ada%40gmial.com").status == 303


def test_a_clock_that_jumps_neither_locks_out_nor_lets_in(place: Place, home: Path) -> None:
    guard = Guard(b"k" * 32, home / "guard", clock=lambda: place.now)
    stamp = guard.stamp()
    judged = {"action": 1, "network": NET, "values": {"stamp": stamp}, "domain": "example.org", "by_letter": False}
    assert guard.doubt(**judged) == ""  # type: ignore[arg-type]
    place.now -= timedelta(days=400)
    assert guard.doubt(**judged) == "form too old or not ours"  # type: ignore[arg-type]
    assert guard.doubt(**{**judged, "by_letter": True}) == ""  # type: ignore[arg-type]


def test_networks_are_hashes_of_one_day(home: Path) -> None:
    day = [date(2026, 1, 1)]
    networks = Networks(home, today=lambda: day[0])
    first = networks.of("192.0.2.7:4711")
    assert (
        first == networks.of("192.0.2.200") == Networks(home, today=lambda: day[0]).of("[::ffff:192.0.2.9]:5") and len(first) == 8
    )
    assert networks.of("192.0.3.7") != first and networks.of("2001:db8:1:2::1") == networks.of("[2001:db8:1:ffff::9]:1")
    assert networks.of("127.0.0.1:80") == networks.of("[::1]:80") == networks.of("unix") == networks.of("") == b""
    kept = (home / "network.key").read_text()
    day[0] = date(2026, 1, 2)
    assert networks.of("192.0.2.7") != first and (home / "network.key").read_text() != kept
    assert (home / "network.key").stat().st_mode & 0o777 == 0o600 and b"192" not in (home / "network.key").read_bytes()


def test_staff_find_decide_and_undo(place: Place) -> None:
    for n in range(int(BURST) + 5):
        sign(place, f"p{n}%40example.org", network=NET)
    sign(place, "honest%40example.org", network=b"otherone")
    place.apply()
    (held,) = doubts.held_groups()
    assert (held.petition, held.count) == ("end-it", 5) and held.what == "reason:many from one network"
    (network,) = doubts.trending_networks(since=place.now - timedelta(days=1))
    assert network.count == int(BURST) + 5 and doubts.preview(petition="end-it", what=network.what) == {"confirmed": 40, "held": 5}
    with pytest.raises(Refused, match="reason"):
        doubts.decide(petition="end-it", what=network.what, count_them=False, why=" ", staff_id=None, now=place.now)
    batch = doubts.decide(petition="end-it", what=network.what, count_them=False, why="a farm", staff_id=None, now=place.now)
    assert place.count() == 1
    assert doubts.undo(batch=batch, staff_id=None, now=place.now) == 45
    assert place.count() == 41 and Signature.objects.filter(state="held").count() == 5
    assert doubts.held_groups() == [held]
    batch = doubts.decide(petition="end-it", what=held.what, count_them=True, why="a school", staff_id=None, now=place.now)
    assert place.count() == 46 and doubts.held_groups() == []
    assert doubts.undo(batch=batch, staff_id=None, now=place.now) == 5 and place.count() == 41
    assert doubts.undo(batch=UUID(int=1), staff_id=None, now=place.now) == 0
    assert doubts.preview(petition="end-it", what="network:zz") == {}
    assert doubts.forget_networks(now=place.now + timedelta(days=15)) == 46
    assert not Origin.objects.exclude(network=None).exists()


def test_a_domain_that_brings_many_is_found_and_named_only_where_it_names_nobody(place: Place, now: datetime) -> None:
    for number in range(25):
        sign(place, f"a{number}%40farm.example")
        sign(place, f"b{number}%40Mailinator.com")
    place.apply()
    farm, throwaway = sorted(doubts.trending_domains(since=now - timedelta(days=2), names=DISPOSABLE), key=lambda group: group.name)
    assert (farm.count, farm.name) == (25, "") and (throwaway.count, throwaway.name) == (25, "mailinator.com")
    assert "farm" not in farm.what and doubts.preview(petition="end-it", what=farm.what) == {"confirmed": 25}
    batch = doubts.decide(petition="end-it", what=farm.what, count_them=False, why="a farm", staff_id=None, now=now)
    assert place.count() == 0
    assert doubts.undo(batch=batch, staff_id=None, now=now) == 25 and place.count() == 25
    assert doubts.forget_networks(now=now + timedelta(days=15)) == 50
    assert doubts.trending_domains(since=now - timedelta(days=2), names=()) == []
