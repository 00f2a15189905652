"""Many mails at once come to what each alone comes to, in few statements; and one bad mail costs the others nothing."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from groundswell.inbox.models import FullReport, Incoming, State
from groundswell.inbox.operations import apply
from groundswell.inbox.operations.take import take
from groundswell.inbox.spool import Piece
from groundswell.people.models import Suppression
from groundswell.post import traffic
from groundswell.post.models import Delivery
from groundswell.post.models import State as Row
from tests.inbox.world import DEAD, FULL, SPAM, World, answer, complaint, dsn, holiday, spool_in

pytestmark = pytest.mark.django_db
ADA = "ada@example.org"
LATER = ("4.4.7", "451 4.4.1 connection timed out")


def mailed(world: World, to: str, text: str) -> None:
    spool_in(world.folder).keep(Piece("mail", "smtp", text.replace("\n", "\r\n").encode(), envelope_to=to))


def everyone(world: World) -> None:
    """Five kinds of mail, and letters that go to nobody's row."""
    for n, address in enumerate(world.people):
        to = world.bounce_address(address)
        status, words = (DEAD, FULL, SPAM, LATER)[n % 6 if n % 6 < 4 else 0]
        text = dsn(to, address, status, words.format(address))
        if n % 6 == 4:
            text = complaint(to, address)
        elif n % 6 == 5:
            text = holiday(to, address)
        mailed(world, to, text)
    mailed(world, "news@example.org", answer("news@example.org", ADA, world.message_id(next(iter(world.people)))))


@pytest.fixture
def world(now: datetime, home: Path) -> World:
    made = World(now, home / "inbound").send_to(*(f"p{n}@example.org" for n in range(36)))
    traffic.handed(letter_id=made.letter_id, domains=["example.org"] * 36, day=now.date())
    return made


def test_a_crowd_takes_few_statements(world: World) -> None:
    everyone(world)
    take(folder=world.folder, now=world.now)
    with CaptureQueriesContext(connection) as asked:
        assert apply.apply_due(now=world.now) == 37
    assert len(asked) < 100, [each["sql"][:80] for each in asked.captured_queries]
    assert Suppression.objects.count() == 12 and FullReport.objects.count() == 6
    assert Delivery.objects.filter(state=Row.RETRY).count() == 6 and Incoming.objects.filter(state=State.FORWARDED).count() == 1


def test_a_crowd_of_one_each_does_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ends = []
    for crowd in (1, 250):
        monkeypatch.setattr(apply, "CROWD", crowd)
        again = World(world.now, world.folder).send_to(*(f"c{crowd}-{n}@example.org" for n in range(12)), key=f"mailing:{crowd}")
        everyone(again)
        take(folder=again.folder, now=again.now)
        assert apply.apply_due(now=again.now) == 13
        rows = Incoming.objects.filter(delivery_id__in=list(again.rows.values())).order_by("delivery_id", "kind")
        ends.append(
            (
                list(rows.values_list("state", "kind", "because", "proven", "suppressed", "provider")),
                [again.state(address) for address in again.people],
                sorted((each.bounced, each.complained) for each in traffic.of_letter(again.letter_id)),
            )
        )
        Incoming.objects.all().delete()
    assert ends[0] == ends[1]


def test_two_reports_about_one_person_in_one_crowd_both_count(world: World) -> None:
    address = "p1@example.org"
    to = world.bounce_address(address)
    for n in range(3):
        mailed(world, to, dsn(to, address, *FULL) + "\n" * n)
    take(folder=world.folder, now=world.now)
    assert apply.apply_due(now=world.now) == 3 and FullReport.objects.count() == 3
    assert Suppression.objects.count() == 1, "the third is one too many"


def test_a_mail_that_breaks_its_crowd_is_set_aside_alone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    everyone(world)
    take(folder=world.folder, now=world.now)
    bad = Incoming.objects.order_by("pk")[3].pk
    real = apply.Acting.act

    def act(self: apply.Acting) -> None:
        if self.row.pk == bad:
            raise ZeroDivisionError
        real(self)

    monkeypatch.setattr(apply.Acting, "act", act)
    assert apply.apply_due(now=world.now) == 36
    assert list(Incoming.objects.filter(state=State.TAKEN).values_list("pk", "failures")) == [(bad, 1)]


def test_a_mail_that_was_begun_before_takes_nobody_with_it(world: World) -> None:
    due = [(1, 0, 10), (2, 0, 10), (3, 1, 10), (4, 0, 10), (5, 0, apply.CROWD_BYTES)]
    assert list(apply._crowds(due)) == [[1, 2], [3], [4], [5]]


def test_a_passing_fault_after_their_server_gave_up_is_sent_once_more(world: World) -> None:
    address = "p3@example.org"
    to = world.bounce_address(address)
    row = world.comes_in(dsn(to, address, *LATER), to)
    delivery = Delivery.objects.get(pk=world.rows[address])
    assert (delivery.state, delivery.due_at) == (Row.RETRY, world.now + timedelta(hours=6)) and "sent once more" in row.outcome
    Delivery.objects.filter(pk=delivery.pk).update(state=Row.ACCEPTED)
    world.comes_in(dsn(to, address, *LATER) + "\nonce more\n", to)
    assert world.state(address) == "bounced", "twice is no passing fault: the row says that it did not arrive"
    assert Suppression.objects.count() == 0


def test_a_late_letter_whose_server_still_tries_is_left_alone_and_an_old_one_is_not_sent_again(world: World) -> None:
    address = "p3@example.org"
    to = world.bounce_address(address)
    world.comes_in(dsn(to, address, *LATER, action="delayed"), to)
    assert world.state(address) == "accepted", "a second copy would arrive beside the first"
    world.comes_in(dsn(to, address, *LATER), to, now=world.now + timedelta(days=4))
    assert world.state(address) == "bounced"
