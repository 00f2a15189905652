"""kill -9 while mail comes in and is applied: everything that was acknowledged is in, and each is applied exactly once."""

import os
import random
import signal
import smtplib
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection

from groundswell.inbox.models import Forward, FullReport, Incoming, State
from groundswell.people.models import Suppression
from groundswell.post import traffic
from groundswell.post.models import Delivery
from groundswell.post.models import State as Row
from tests.inbox.test_mx import config
from tests.inbox.world import DEAD, FULL, World, answer, dsn, holiday

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PEOPLE = 60
WORKER = """
import os, sys, time
import django
django.setup()
from datetime import UTC, datetime
from pathlib import Path
from groundswell.inbox.operations.apply import apply_due
from groundswell.inbox.operations.take import take
print("ready", flush=True)
while True:
    now = datetime.now(UTC)
    took = take(folder=Path(sys.argv[1]), now=now)
    if not took and not apply_due(now=now, most=20):
        if len(sys.argv) > 2:
            break
        time.sleep(0.01)
"""


def worker(folder: Path, *more: str) -> subprocess.Popen[str]:
    """A worker's inner loop, on this test's own database."""
    facts = connection.settings_dict
    address = f"postgresql://{facts['USER']}@/{facts['NAME']}?host={facts['HOST']}"
    child = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(folder), *more], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "groundswell.site.django"},
    )  # fmt: skip
    assert child.stdout and child.stdout.readline().strip() == "ready"
    return child


def mails(world: World) -> list[tuple[str, bytes]]:
    """Sixty people: a third dead, a third full, the rest on holiday or writing back."""
    made = []
    for n, address in enumerate(world.people):
        to = world.bounce_address(address)
        kind = n % 6
        if kind in (0, 1):
            text = dsn(to, address, DEAD[0], DEAD[1].format(address))
        elif kind in (2, 3):
            text = dsn(to, address, FULL[0], FULL[1].format(address))
        elif kind == 4:
            text = holiday(to, address)
        else:
            text = answer(to, address, world.message_id(address))
        made.append((to, text.replace("\n", "\r\n").encode()))
    return made


class Receiver:
    """The real receiver's process, started anew after each kill on the same port."""

    def __init__(self, home: Path) -> None:
        self.config = config(home / "inbound", per_minute=100_000)
        self._file = home / "mx.json"
        self.config.write(self._file)
        self.child = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        child = subprocess.Popen([sys.executable, "-m", "groundswell.inbox.mx", str(self._file)])
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.config.port), 0.2):
                return child
            time.sleep(0.02)
        raise AssertionError("the receiver does not listen")

    def kill(self) -> None:
        self.child.send_signal(signal.SIGKILL)
        self.child.wait()


def deliver(port: int, mail: tuple[str, bytes]) -> None:
    """As a mail server does: until it is told 250."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(OSError, smtplib.SMTPException):
            with smtplib.SMTP("127.0.0.1", port, timeout=5) as client:
                client.sendmail("", [mail[0]], mail[1])
            return
        time.sleep(0.02)
    raise AssertionError("never taken")


@pytest.mark.parametrize("seed", [7, 11])
def test_killed_at_random_moments_nothing_is_lost_and_nothing_done_twice(seed: int, now: datetime, home: Path) -> None:
    dice = random.Random(seed)
    world = World(now, home / "inbound").send_to(*(f"p{n}@example.org" for n in range(PEOPLE)))
    traffic.handed(letter_id=world.letter_id, domains=["example.org"] * PEOPLE, day=now.date())
    todo = mails(world) + dice.sample(mails(world), 15)  # some servers send the same report twice
    dice.shuffle(todo)
    receiver = Receiver(home)
    sender = threading.Thread(target=lambda: [deliver(receiver.config.port, mail) for mail in todo])
    sender.start()
    kills = 0
    working = worker(world.folder)
    while sender.is_alive() or kills < 8:
        time.sleep(dice.uniform(0.02, 0.25))
        if dice.random() < 0.3 and sender.is_alive():
            receiver.kill()
            receiver.child = receiver.start()
        working.send_signal(signal.SIGKILL)
        working.communicate()
        kills += 1
        if kills > 40:
            break
        working = worker(world.folder)
    sender.join(90)
    receiver.kill()
    with suppress(ProcessLookupError):
        working.kill()
    working.communicate()
    ends = [child.communicate(timeout=120)[0] for child in [worker(world.folder, "to the end") for _ in range(2)]]
    assert ends == ["", ""] and kills >= 8 and not sender.is_alive(), "two at once do the rest"

    rows = list(Incoming.objects.all())
    assert len(rows) == PEOPLE, "each mail once, however often it came"
    assert Counter(row.state for row in rows) == {State.APPLIED: 40, State.DROPPED: 10, State.FORWARDED: 10}
    assert all(row.sealed is None for row in rows) and not list(world.folder.glob("*.mail"))
    assert Suppression.objects.filter(reason="hard_bounce").count() == 20 and Suppression.objects.count() == 20
    assert FullReport.objects.count() == 20 and Forward.objects.count() == 10
    assert Delivery.objects.filter(state=Row.BOUNCED).count() == 40
    assert sum(row.bounced for row in traffic.of_letter(world.letter_id)) == 20, "counted once each"
