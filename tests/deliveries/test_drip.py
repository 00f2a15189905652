"""The drip: signatures by real mail, a few at a time, with a cap, a stop that works at once, and no name in the books."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from groundswell.actions import operations as actions
from groundswell.basics.ids import ActionId, LetterId
from groundswell.basics.result import Refused
from groundswell.basics.tokens import TokenKeys
from groundswell.deliveries import queries
from groundswell.deliveries.models import Drip, DripLine
from groundswell.deliveries.operations import Pace, drip_once, start_drip, stop_drip
from groundswell.deliveries.order import Order
from groundswell.engine.transports.smtp import Relay, SmtpTransport
from groundswell.inbox.mailbox import Mailbox
from groundswell.mailings import operations as mailings
from groundswell.post.deliver import PostOffice, deliver
from groundswell.post.models import Delivery, State
from groundswell.post.queries import progress
from tests.deliveries.world import petition, signer
from tests.ports import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(now: datetime) -> ActionId:
    mailings.keep_sender(
        slug="us", name="Lucía", team="the team", organisation="Common Ground", from_address="l@news.example.org",
        reply_to="r@news.example.org", list_id="list.example.org", feedback_id="cg", postal_address="1 Example St",
        privacy_url="https://example.org/privacy", why="", website="https://example.org",
    )  # fmt: skip
    found = petition(now, title="End it: *now* {{ x }}".replace("{{ x }}", "#1"))
    for number in range(7):
        signer(found, now + timedelta(seconds=number), number, given=f"Name{'abcdefg'[number]}", reason="<b>why</b>")
    return found


@pytest.fixture
def receiver(home: Path) -> Iterator[tuple[SmtpTransport, Mailbox]]:
    code = "import asyncio,sys;from pathlib import Path;from groundswell.inbox.receiver import serve;" \
           "asyncio.run(serve('127.0.0.1',int(sys.argv[1]),Path(sys.argv[2])))"  # fmt: skip
    child, port = None, 0
    while child is None:
        port = free_port()
        child = subprocess.Popen([sys.executable, "-c", code, str(port), str(home / "mail")])
        while child is not None:
            if child.poll() is not None:  # somebody else was given the port in between: another one
                child = None
                break
            try:
                socket.create_connection(("127.0.0.1", port), 5).close()
                break
            except OSError:
                time.sleep(0.05)
    yield SmtpTransport(Relay("127.0.0.1", port)), Mailbox(home / "mail")
    child.terminate()
    child.wait()


def begin(asked: ActionId, now: datetime, **changes: object) -> int:
    return start_drip(**{  # type: ignore[arg-type]
        "petition_id": asked, "address": "press@target.example", "to_role": "the press office", "pace": Pace(2, 4, 5),
        "order": Order(smallest=3), "staff_id": None, "why": "a week before the vote", "now": now, **changes,
    })  # fmt: skip


def send(letter: int, home: Path, transport: SmtpTransport, now: datetime) -> int:
    office = PostOffice(
        tokens=TokenKeys({1: b"k" * 64}, 1), base_url="https://act.example.org", bounce_domain="bounce.example.org",
        logs=home / "post", signers_for=lambda _: (),
    )  # fmt: skip
    return deliver(letter_id=LetterId(letter), office=office, transport=transport, clock=lambda: now)


def test_mails_go_as_fast_and_as_far_as_was_said(
    asked: ActionId, now: datetime, home: Path, receiver: tuple[SmtpTransport, Mailbox]
) -> None:
    transport, mailbox = receiver
    now += timedelta(hours=1)
    begin(asked, now)
    seen: list[str] = []
    for hour in range(0, 40, 2):
        moment = now + timedelta(hours=hour)
        letters = drip_once(now=moment)
        assert drip_once(now=moment) == []  # asked twice in a moment: once
        for letter in letters:
            assert send(letter, home, transport, moment) == 1
            seen.append(f"{hour}")
    assert seen == ["0", "6", "12"]
    texts = [letter for name in mailbox.names() if (letter := mailbox.read(name))]
    assert {letter.to.strip("<>") for letter in texts} == {"press@target.example"} and len(texts) == 3
    shown = sorted(line for letter in texts for line in letter.text.splitlines() if line.startswith("Name"))
    assert shown == [f"Name{who} L., SW1 GB" for who in "abcde"]
    assert any("2 more: End it: *now* #1" in letter.subject for letter in texts)
    (view,) = queries.drips()
    assert (view.sent, view.mails, view.state, view.ended_why) == (5, 3, "done", "the cap is reached")


def test_the_books_hold_neither_address_nor_name(asked: ActionId, now: datetime) -> None:
    begin(asked, now + timedelta(hours=1))
    (letter,) = drip_once(now=now + timedelta(hours=1))
    with connection.cursor() as cursor:
        cursor.execute("SELECT content::text FROM post_letter WHERE id = %s", [letter])
        content = cursor.fetchone()[0]
        cursor.execute("SELECT to_jsonb(d)::text FROM deliveries_drip d")
        drip = cursor.fetchone()[0]
    assert "Namea" not in content and "NAMES-OF-THIS-MAIL" in content and "press@target.example" not in content + drip
    assert json.loads(drip)["to_role"] == "the press office"


def test_who_withdraws_before_the_mail_leaves_is_not_in_it(
    asked: ActionId, now: datetime, home: Path, receiver: tuple[SmtpTransport, Mailbox]
) -> None:
    from groundswell.actions.models import Signature
    from groundswell.basics.ids import PersonRef

    transport, mailbox = receiver
    now += timedelta(hours=1)
    begin(asked, now, order=Order(reasons=True), pace=Pace(2, 1, 2))
    (letter,) = drip_once(now=now)
    gone = Signature.objects.order_by("signed_at")[0].person_id
    actions.withdraw(petition_id=asked, person=PersonRef(gone))
    send(letter, home, transport, now)
    (name,) = mailbox.names()
    arrived = mailbox.read(name)
    assert arrived is not None and "Nameb L.: <b>why</b>" in arrived.text and "Namea" not in arrived.text + arrived.html
    assert "&lt;b&gt;why" in arrived.html


def test_stop_works_at_once(asked: ActionId, now: datetime, home: Path, receiver: tuple[SmtpTransport, Mailbox]) -> None:
    transport, mailbox = receiver
    now += timedelta(hours=1)
    drip_id = begin(asked, now)
    (letter,) = drip_once(now=now)
    assert stop_drip(drip_id=drip_id, staff_id=None, why="they met us", now=now)
    assert not stop_drip(drip_id=drip_id, staff_id=None, why="again", now=now)
    assert send(letter, home, transport, now) == 0 and mailbox.names() == []
    assert progress(LetterId(letter)) == {"withheld": 1} and drip_once(now=now + timedelta(days=9)) == []
    assert queries.drips()[0].ended_why == "they met us"


def test_a_mail_that_comes_back_ends_it(asked: ActionId, now: datetime) -> None:
    now += timedelta(hours=1)
    begin(asked, now)
    (letter,) = drip_once(now=now)
    Delivery.objects.filter(letter_id=letter).update(state=State.BOUNCED)
    assert drip_once(now=now + timedelta(days=1)) == []
    assert (Drip.objects.get().state, Drip.objects.get().ended_why) == ("stopped", "a mail was bounced")


def test_it_waits_for_new_signers_and_takes_nobody_twice(asked: ActionId, now: datetime) -> None:
    now += timedelta(hours=1)
    begin(asked, now, pace=Pace(5, 24, 100))
    moment = now
    for _ in range(6):
        drip_once(now=moment)
        moment += timedelta(hours=1)
    assert DripLine.objects.count() == 7
    signer(asked, moment, 99)
    moment += timedelta(hours=1)
    drip_once(now=moment)
    assert DripLine.objects.count() == 8 and Drip.objects.get().state == "running"


@pytest.mark.parametrize("wrong", [
    {"address": "nonsense"}, {"to_role": ""}, {"to_role": "ceo@target.example"}, {"pace": Pace(0, 1, 1)}, {"pace": Pace(1, 99, 1)},
    {"why": ""},
])  # fmt: skip
def test_an_impossible_drip_is_refused(asked: ActionId, now: datetime, wrong: dict[str, object]) -> None:
    with pytest.raises(Refused):
        begin(asked, now, **wrong)
    assert not Drip.objects.exists()


def test_one_drip_to_one_address(asked: ActionId, now: datetime) -> None:
    begin(asked, now)
    with pytest.raises(Refused, match="runs already"):
        begin(asked, now)


def test_a_target_who_asked_us_to_stop_is_left_alone(asked: ActionId, now: datetime) -> None:
    from groundswell.basics.ids import PersonRef
    from groundswell.people import operations as people

    now += timedelta(hours=1)
    begin(asked, now)
    people.suppress_person(person=PersonRef(Drip.objects.get().person_id), reason="unsubscribed", source="x", now=now)
    assert drip_once(now=now) == [] and Drip.objects.get().ended_why == "the address asked us to stop"
    with pytest.raises(Refused, match="not written to"):
        begin(asked, now)
