"""How fast letters go: domains' budgets, patience, warm-up, quiet hours, speed, urgency, and stopping in time."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from groundswell.basics.ids import DeliveryId, LetterId
from groundswell.engine.outcome import Reply
from groundswell.engine.pace import Pace, QuietHours, Ramp, parse_limits, parse_quiet, parse_ramp, too_many_refused
from groundswell.engine.transports.base import Envelope
from groundswell.engine.transports.files import MaildirTransport
from groundswell.post import operations as post
from groundswell.post import queries, slowdowns
from groundswell.post.deliver import deliver
from groundswell.post.models import Delivery, Letter
from groundswell.staff import notices
from tests.engine.supply import Pile
from tests.people.test_people import supporter
from tests.post.test_post import Relay, lodged, office

pytestmark = pytest.mark.django_db


def lettered(now: datetime, addresses: list[str]) -> LetterId:
    letter_id = lodged(now)
    post.address(letter_id=letter_id, persons=[(supporter(now, address), "") for address in addresses], now=now)
    return letter_id


def test_a_domains_budget_spreads_its_letters(now: datetime, home: Path) -> None:
    letter_id = lettered(now, [f"p{n}@slow.example" for n in range(5)] + ["a@fast.example"])
    house = replace(office(home), pace=Pace({"slow.example": 2}))
    relay = Relay()
    deliver(letter_id=letter_id, office=house, transport=relay, clock=lambda: now)
    assert sorted(envelope.rcpt_to.partition("@")[2] for envelope in relay.got) == ["fast.example", "slow.example"]
    waits = sorted((row.due_at - now).seconds for row in Delivery.objects.filter(state=1))
    assert waits == [30, 60, 90, 120] and set(Delivery.objects.filter(state=1).values_list("attempts", flat=True)) == {0}


def test_later_is_heard_and_doubles() -> None:
    pace, now = Pace(), datetime(2026, 1, 1)
    assert pace.wait_until("a.example", now) is None
    pace.answered("a.example", 451, now)
    assert pace.wait_until("a.example", now) == now + timedelta(minutes=1)
    pace.answered("a.example", 421, now + timedelta(minutes=1))
    assert pace.wait_until("a.example", now + timedelta(minutes=1)) == now + timedelta(minutes=3)
    pace.answered("a.example", 250, now)
    assert pace.wait_until("a.example", now) is None


def test_a_provider_that_refused_us_gets_fewer(now: datetime, home: Path) -> None:
    slowdowns.slow(domain="slow.example", until=now + timedelta(hours=1), why="421", now=now)
    letter_id = lettered(now, [f"p{n}@slow.example" for n in range(30)])
    relay = Relay()
    deliver(letter_id=letter_id, office=office(home), transport=relay, clock=lambda: now)
    assert 0 < len(relay.got) < 30


def test_warm_up_and_quiet_hours_hold_letters_to_lists(now: datetime, home: Path) -> None:
    letter_id = lettered(now, [f"p{n}@example.org" for n in range(10)])
    quiet = replace(office(home), quiet=QuietHours(time(9), time(10)))
    assert deliver(letter_id=letter_id, office=quiet, transport=Relay(), clock=lambda: now) == 0
    ramped = replace(office(home), ramp=Ramp(now.date(), 4, 2.0))
    assert deliver(letter_id=letter_id, office=ramped, transport=Relay(), clock=lambda: now) == 4
    assert deliver(letter_id=letter_id, office=ramped, transport=Relay(), clock=lambda: now) == 0
    tomorrow = now + timedelta(days=1)
    assert deliver(letter_id=letter_id, office=ramped, transport=Relay(), clock=lambda: tomorrow) == 6
    assert Ramp(date(2026, 1, 1), 100, 1.5).letters_on(date(2026, 1, 3)) == 225
    assert QuietHours(time(22), time(7)).holds(time(3)) and not QuietHours(time(22), time(7)).holds(time(12))


def test_settings_of_pace_are_read_or_refused() -> None:
    assert parse_limits("Gmail.com=600, b.example=3") == {"gmail.com": 600, "b.example": 3} and parse_limits("") == {}
    assert parse_ramp("2026-11-01:200:1.5") == Ramp(date(2026, 11, 1), 200, 1.5) and parse_ramp(" ") is None
    assert parse_quiet("22:00-07:00") == QuietHours(time(22), time(7)) and parse_quiet("") is None
    for wrong in ("gmail.com", "=5", "a=0"):
        with pytest.raises(ValueError):
            parse_limits(wrong)
    with pytest.raises(ValueError):
        parse_ramp("2026-11-01:0:2")


def test_a_confirmation_overtakes_a_newsletter(now: datetime, home: Path) -> None:
    newsletter = lettered(now, [f"p{n}@example.org" for n in range(5)])
    content = Letter.objects.get(pk=newsletter).content
    urgent = Letter.objects.create(key="thanks", kind="thanks", priority=10, content={**content, "kind": "thanks"}, lodged_at=now)
    post.address(letter_id=LetterId(urgent.pk), persons=[(supporter(now, "signer@example.org"), "")], now=now)
    relay = Relay()
    deliver(letter_id=newsletter, office=office(home), transport=relay, clock=lambda: now)
    order = [envelope.rcpt_to for envelope in sorted(relay.got, key=lambda each: relay.order.index(each.delivery))]
    assert order[0] == "signer@example.org" and len(order) == 6
    assert b"Auto-Submitted" in next(envelope.data for envelope in relay.got if envelope.rcpt_to == "signer@example.org")


def test_a_mailing_that_too_many_refuse_stops_and_staff_hear_of_it(
    now: datetime, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "groundswell.post.desk.too_many_refused",
        lambda *, answered, refused: too_many_refused(answered=answered, refused=refused, least=20),
    )
    letter_id = lettered(now, [f"{'no' if n % 4 == 0 else 'ok'}{n}@example.org" for n in range(60)])
    relay = Relay(**{f"no{n}": "refused" for n in range(0, 60, 4)})
    deliver(letter_id=letter_id, office=office(home), transport=relay, clock=lambda: now)
    letter = Letter.objects.get(pk=letter_id)
    assert letter.stopped_at is not None and "were refused" in letter.stop_reason
    assert [notice.subject for notice in notices.unread()] == ["A mailing stopped itself"]
    assert letter_id not in queries.letters_with_work()
    post.resume(letter_id=letter_id)
    assert Letter.objects.get(pk=letter_id).stopped_at is None


def test_the_pulse_says_how_long_it_takes(now: datetime, home: Path) -> None:
    letter_id = lettered(now, [f"p{n}@example.org" for n in range(6)])
    deliver(letter_id=letter_id, office=office(home), transport=Relay(), clock=lambda: now, most=2)
    post.set_speed(letter_id=letter_id, per_minute=120)
    pulse = queries.pulse(letter_id, now + timedelta(seconds=10))
    assert (pulse.left, pulse.per_minute, pulse.minutes_left, pulse.speed) == (4, 2, 2, 120)
    assert deliver(letter_id=letter_id, office=office(home), transport=Relay(), clock=lambda: now) == 4


async def _kept(folder: Path, pile: Pile) -> None:
    transport = MaildirTransport(folder)
    await transport.send(pile)
    await transport.close()


def test_a_maildir_takes_letters_whole(home: Path) -> None:
    import asyncio

    pile = Pile([Envelope(DeliveryId(n), "b@example.org", "a@example.org", b"Subject: x\r\n\r\nhi\r\n") for n in range(3)])
    asyncio.run(_kept(home / "out", pile))
    assert [reply.state for reply in pile.replies] == ["accepted"] * 3
    assert sorted(path.name for path in (home / "out" / "new").iterdir()) == ["0.eml", "1.eml", "2.eml"]
    blocked = Pile([Envelope(DeliveryId(9), "b@example.org", "a@example.org", b"x\r\n")])
    (home / "out" / "tmp" / "9.eml").mkdir()
    asyncio.run(_kept(home / "out", blocked))
    assert [reply.state for reply in blocked.replies] == ["retry"]
    assert isinstance(pile.replies[0], Reply)
