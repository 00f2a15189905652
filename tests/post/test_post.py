"""One row per person per letter, honest after any crash."""

import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from groundswell.basics.ids import DeliveryId, LetterId, PersonRef
from groundswell.basics.tokens import TokenKeys, open_delivery
from groundswell.engine.compile import compile_appeal
from groundswell.engine.outcome import Reply
from groundswell.engine.transports.base import Envelope, Supply
from groundswell.people import operations as people
from groundswell.post import operations as post
from groundswell.post import queries
from groundswell.post.deliver import PostOffice, deliver
from groundswell.post.handover_log import HandoverLog, left_behind
from groundswell.post.models import Delivery, State
from tests.engine.test_letter import ACTION, APPEAL, SENDER, SOURCES
from tests.people.test_people import supporter

pytestmark = pytest.mark.django_db
KEYS = TokenKeys({1: bytes(64)}, 1)


class Relay:
    """Takes letters, and answers as told for some of them."""

    def __init__(self, **answers: str) -> None:
        self.answers = answers
        self.got: list[Envelope] = []
        self.order: list[DeliveryId] = []

    async def send(self, supply: Supply) -> None:
        while await supply.more():
            while (envelope := supply.take()) is not None:
                supply.begun(envelope.delivery)
                self.got.append(envelope)
                self.order.append(envelope.delivery)
                state = self.answers.get(envelope.rcpt_to.partition("@")[0], "accepted")
                supply.answered(Reply(envelope.delivery, state, 550 if state == "refused" else 250, "words"))  # type: ignore[arg-type]

    async def close(self) -> None:
        self.got.sort(key=lambda envelope: envelope.delivery)


def office(home: Path) -> PostOffice:
    return PostOffice(KEYS, "https://act.example.org", "bounce.example.org", home / "post", lambda domain: ())


def lodged(now: datetime) -> LetterId:
    letter = compile_appeal(APPEAL, sender=SENDER, sources=SOURCES, action=ACTION).letter
    assert letter is not None
    return post.lodge(key="mailing:x", letter=letter, kind="mailing", action=None, now=now)


def test_each_person_gets_the_letter_once_however_often_it_is_asked(now: datetime, home: Path) -> None:
    persons = [supporter(now, f"p{n}@example.org") for n in range(5)]
    letter_id = lodged(now)
    assert lodged(now) == letter_id
    rows = [(person, "") for person in persons[:4]] + [(persons[4], "has signed already")]
    assert post.address(letter_id=letter_id, persons=rows, now=now) == 5
    assert post.address(letter_id=letter_id, persons=rows, now=now) == 0
    relay = Relay()
    assert deliver(letter_id=letter_id, office=office(home), transport=relay, clock=lambda: now) == 4
    assert deliver(letter_id=letter_id, office=office(home), transport=relay, clock=lambda: now) == 0
    assert sorted(envelope.rcpt_to for envelope in relay.got) == [f"p{n}@example.org" for n in range(4)]
    assert queries.progress(letter_id) == {"accepted": 4, "withheld": 1}
    assert queries.withheld(letter_id) == {"has signed already": 1}
    token = relay.got[0].mail_from.removeprefix("b+").partition("@")[0]
    delivery = open_delivery(KEYS, "bounce", token)
    assert delivery is not None and queries.person_of(delivery) in persons
    assert queries.person_of(DeliveryId(10**9)) is None


def test_every_answer_becomes_its_state(now: datetime, home: Path) -> None:
    persons = [supporter(now, f"{name}@example.org") for name in ("ok", "no", "later", "lost")]
    letter_id = lodged(now)
    post.address(letter_id=letter_id, persons=[(person, "") for person in persons], now=now)
    relay = Relay(no="refused", later="retry", lost="uncertain")
    deliver(letter_id=letter_id, office=office(home), transport=relay, clock=lambda: now)
    assert queries.progress(letter_id) == {"accepted": 1, "refused": 1, "retry": 1, "uncertain": 1}
    assert letter_id in queries.letters_with_work()
    soon, later = now + timedelta(minutes=1), now + timedelta(hours=1)
    assert deliver(letter_id=letter_id, office=office(home), transport=Relay(), clock=lambda: soon) == 0
    assert deliver(letter_id=letter_id, office=office(home), transport=Relay(), clock=lambda: later) == 1
    assert post.settle_uncertain(letter_id=letter_id, arrived=lambda _: True, now=now) == {"accepted": 1, "ready": 0}
    delivery = Delivery.objects.filter(letter_id=letter_id, state=State.ACCEPTED).first()
    assert delivery is not None
    assert post.mark_returned(delivery=DeliveryId(delivery.pk), state=State.BOUNCED, reason="5.1.1", now=now)
    assert not post.mark_returned(delivery=DeliveryId(10**9), state=State.BOUNCED, reason="5.1.1", now=now)


def test_who_left_after_the_list_was_made_is_left_alone(now: datetime, home: Path) -> None:
    stays, leaves, gone = (supporter(now, f"{name}@example.org") for name in ("a", "b", "c"))
    letter_id = lodged(now)
    post.address(letter_id=letter_id, persons=[(person, "") for person in (stays, leaves, gone)], now=now)
    people.suppress_person(person=leaves, reason="unsubscribed", source="x", now=now)
    people.forget(person=gone, staff_id=None, why="asked", now=now)
    relay = Relay()
    deliver(letter_id=letter_id, office=office(home), transport=relay, clock=lambda: now)
    assert [envelope.rcpt_to for envelope in relay.got] == ["a@example.org"]
    assert queries.withheld(letter_id) == {"left after the list was made": 1, "no contact details any more": 1}


def test_what_a_dead_sender_left_is_told_apart(now: datetime, home: Path) -> None:
    persons = [supporter(now, f"p{n}@example.org") for n in range(4)]
    letter_id = lodged(now)
    post.address(letter_id=letter_id, persons=[(person, "") for person in persons], now=now)
    script = (
        "import sys, time\nfrom pathlib import Path\nfrom groundswell.post.handover_log import HandoverLog\n"
        "log = HandoverLog(Path(sys.argv[1]))\nprint(log.owner, flush=True)\nids = [int(x) for x in input().split()]\n"
        "log.begun(ids[0]); log.answered(ids[0], accepted=True); log.begun(ids[1]); log.begun(ids[2])\n"
        "log.answered(ids[2], accepted=False); log.flush(); print('ready', flush=True); time.sleep(60)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", script, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdin and child.stdout
    owner = child.stdout.readline().strip()
    claims = post.claim(letter_id=letter_id, owner=owner, limit=10, now=now)
    ids = sorted(claimed.delivery for claimed in claims)
    child.stdin.write(" ".join(map(str, ids)) + "\n")
    child.stdin.flush()
    assert child.stdout.readline().strip() == "ready"
    assert post.recover(folder=home, now=now) == {"accepted": 0, "uncertain": 0, "ready": 0}, "a living sender is left alone"
    child.send_signal(signal.SIGKILL)
    child.communicate()
    time.sleep(0.05)
    assert post.recover(folder=home, now=now) == {"accepted": 1, "uncertain": 1, "ready": 2}
    assert Delivery.objects.get(pk=ids[1]).state == State.UNCERTAIN
    assert post.recover(folder=home, now=now) == {"accepted": 0, "uncertain": 0, "ready": 0}


@pytest.mark.parametrize("plan", ["hashagg hashjoin mergejoin sort material", "seqscan bitmapscan", ""])
def test_no_plan_of_the_database_claims_more_than_was_asked_for(plan: str, now: datetime) -> None:
    """A chosen few inside of `IN (…)` are chosen again for every row, where the planner loops: each time other ones."""
    letter_id = lodged(now)
    post.address(letter_id=letter_id, persons=[(PersonRef(n), "") for n in range(1, 9)], now=now)
    with connection.cursor() as cursor:
        for kind in plan.split():
            cursor.execute(f"SET LOCAL enable_{kind} = off")
    claimed = [len(post.claim(letter_id=letter_id, owner="one", limit=3, now=now)) for _ in range(4)]
    assert claimed == [3, 3, 2, 0]


def test_a_lease_that_ends_without_a_log_is_uncertain(now: datetime, home: Path) -> None:
    letter_id = lodged(now)
    post.address(letter_id=letter_id, persons=[(PersonRef(1), "")], now=now)
    post.claim(letter_id=letter_id, owner="elsewhere", limit=1, now=now)
    assert post.recover(folder=home, now=now + timedelta(minutes=31))["uncertain"] == 1


def test_a_log_that_ended_in_order_leaves_nothing(home: Path) -> None:
    log = HandoverLog(home)
    log.begun(DeliveryId(1))
    log.recorded([DeliveryId(1)])
    log.close(in_order=True)
    assert list(left_behind(home)) == [] and list(left_behind(home / "nowhere")) == []


def test_after_a_power_cut_what_the_log_may_have_lost_is_in_doubt(now: datetime, home: Path) -> None:
    letter_id = lodged(now)
    post.address(letter_id=letter_id, persons=[(PersonRef(n), "") for n in range(1, 6)], now=now)
    ids = sorted(c.delivery for c in post.claim(letter_id=letter_id, owner="1-dead", limit=10, now=now))
    lines = f"#another-boot\nB{ids[0]}\nA{ids[0]}\nB{ids[1]}\nN{ids[1]}\nB{ids[2]}\nB{ids[3]}"
    (home / "1-dead.log").write_text(lines)
    assert post.recover(folder=home, now=now) == {"accepted": 1, "ready": 1, "uncertain": 3}


def test_a_long_log_is_written_anew_with_what_is_open(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("groundswell.post.handover_log._REWRITE", 100)
    log = HandoverLog(home)
    for n in range(50):
        log.begun(DeliveryId(n))
        log.answered(DeliveryId(n), accepted=n % 2 == 0)
        log.recorded([DeliveryId(n)] if n < 48 else [])
    content = (home / f"{log.owner}.log").read_bytes()
    assert len(content) < 200
    log.flush()
    log.close(in_order=False)
    findings = next(left_behind(home))
    assert findings.accepted >= {48} and findings.answered >= {49} and not findings.uncertain and not findings.power_lost


def test_a_late_answer_settles_a_row_whose_lease_ended(now: datetime, home: Path) -> None:
    letter_id = lodged(now)
    post.address(letter_id=letter_id, persons=[(PersonRef(1), "")], now=now)
    (claimed,) = post.claim(letter_id=letter_id, owner="slow", limit=1, now=now)
    post.recover(folder=home, now=now + timedelta(hours=1))
    assert queries.progress(letter_id) == {"uncertain": 1}
    post.record(owner="slow", replies=[Reply(claimed.delivery, "accepted", 250)], attempts={}, now=now)
    assert queries.progress(letter_id) == {"accepted": 1}
