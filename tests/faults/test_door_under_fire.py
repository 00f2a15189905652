"""Under load, with the database gone for a while and the web and the worker killed again and again: nobody is lost.

GROUNDSWELL_DATABASE_AWAY=60 GROUNDSWELL_KILLS=20 is the whole of it: a minute without a database, twenty kills of each.
Without them, ten seconds and eight kills.
"""

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from groundswell.basics.addresses import Address, parse
from groundswell.basics.keyring import KeyFolder
from groundswell.people.vault.index import email_index
from groundswell.site.embedded import EmbeddedPostgres
from tests.ports import free_port

AWAY = float(os.environ.get("GROUNDSWELL_DATABASE_AWAY", "10"))
KILLS = int(os.environ.get("GROUNDSWELL_KILLS", "8"))
GROUNDSWELL = str(Path(sys.executable).parent / "groundswell")
_WORLD = """
from datetime import UTC, datetime
from groundswell.cli import ready
with ready.database() as settings:
    from groundswell.actions.operations import open_petition
    from groundswell.campaigns.operations import open_campaign
    now = datetime.now(UTC)
    campaign = open_campaign(slug="c", title="C", target_slug="t", target_name="T", summary="", now=now)
    open_petition(slug="end-it", campaign_id=campaign, title="End it", text="Please.", goal=10, thanks_subject="T",
                  thanks_text="T", now=now)
"""


class Installation:
    """`groundswell up` on a database of its own, which the test can take away."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, free_port()
        self.postgres = EmbeddedPostgres(home / "pg" / "data")
        self.postgres.start()
        self.environment = {
            **os.environ, "GROUNDSWELL_DATA": str(home / "data"), "GROUNDSWELL_MODE": "production",
            "GROUNDSWELL_LISTEN": f"127.0.0.1:{self.port}", "DATABASE_URL": self.postgres.url,
            "GROUNDSWELL_BASE_URL": f"http://127.0.0.1:{self.port}",
        }  # fmt: skip
        for command in ([GROUNDSWELL, "init"], [sys.executable, "-c", _WORLD]):
            self.run(command)
        self.log = (home / "up.log").open("wb")
        self.up = subprocess.Popen(
            [GROUNDSWELL, "up"], env=self.environment, stdout=subprocess.PIPE,
            stderr=self.log, text=True, start_new_session=True,
        )  # fmt: skip
        assert self.up.stdout and "Ctrl-C ends it" in self.up.stdout.readline()

    def run(self, arguments: list[str]) -> str:
        done = subprocess.run(arguments, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    def part(self, words: str) -> psutil.Process | None:
        """The process of the group whose command line holds `words`."""
        for child in psutil.Process(self.up.pid).children():
            with suppress(psutil.Error):
                if words in " ".join(child.cmdline()):
                    return child
        return None

    def close(self) -> None:
        self.up.send_signal(signal.SIGINT)
        self.up.communicate(timeout=60)
        self.log.close()
        self.postgres.stop()


class Crowd(threading.Thread):
    """Signs, one stranger after the other, and remembers only whose signature was acknowledged."""

    def __init__(self, port: int, number: int, ended: threading.Event) -> None:
        super().__init__(name=f"crowd-{number}")
        self.port, self.number, self.ended = port, number, ended
        self.acknowledged: list[str] = []
        self.asked = 0
        self.slowest = 0.0

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        while not self.ended.is_set():
            address = f"p{self.number}-{self.asked}@example.org"
            self.asked += 1
            try:
                connection.request(
                    "POST", "/a/end-it/sign", f"name=Ada&email={address}&country=GB&consent=yes",
                    {"content-type": "application/x-www-form-urlencoded"},
                )  # fmt: skip
                answer = connection.getresponse()
                answer.read()
                if answer.status == 303:
                    self.acknowledged.append(address)
                self.ended.wait(0.005)
            except (OSError, http.client.HTTPException):
                connection.close()
                self.ended.wait(0.02)
        connection.close()


@pytest.fixture
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    made = Installation(tmp_path_factory.mktemp("fire"))
    yield made
    made.close()


def test_every_acknowledged_signature_is_there_exactly_once(installation: Installation) -> None:
    ended = threading.Event()
    crowd = [Crowd(installation.port, number, ended) for number in range(8)]
    for one in crowd:
        one.start()
    killed = {"door": 0, "worker": 0}
    installation.postgres.stop()
    began, during = time.monotonic(), sum(len(one.acknowledged) for one in crowd)
    database_is_away = True
    while killed["door"] < KILLS or killed["worker"] < KILLS or database_is_away:
        for name, words in (("door", "groundswell.pages.door.main"), ("worker", "['worker']")):
            part = installation.part(words)
            if part is not None and killed[name] < KILLS:
                # By turns the server, everything that it runs, and one of the doors that stand side by side.
                below = part.children(recursive=True)
                victims = ([part], below, below[:1])[killed[name] % 3]
                for victim in victims or [part]:
                    victim.kill()
                killed[name] += 1
        ended.wait(0.7)
        assert installation.up.poll() is None
        if database_is_away and time.monotonic() - began > AWAY:
            taken = sum(len(one.acknowledged) for one in crowd) - during
            assert taken > 10, "the door stays open without a database, between one kill and the next"
            installation.postgres.start()
            database_is_away = False
    ended.wait(2)
    ended.set()
    for one in crowd:
        one.join(20)
    acknowledged = [address for one in crowd for address in one.acknowledged]
    asked = sum(one.asked for one in crowd)
    rows = settled(installation, acknowledged, until=time.monotonic() + 90)
    missing = [address for address in acknowledged if rows.get(address, 0) != 1]
    assert not missing, (len(missing), len(acknowledged))
    with psycopg.connect(installation.postgres.url) as connection:
        total, persons = connection.execute("SELECT count(*), count(DISTINCT person_id) FROM actions_signature").fetchone()  # type: ignore[misc]
    assert total == persons and len(acknowledged) <= total <= asked
    told = installation.run([GROUNDSWELL, "intake", "verify", "--json"])
    assert '"problems": []' in told and '"missing": 0' in told
    print(f"acknowledged {len(acknowledged)}, in the database {total}, kills {killed}, database away {AWAY} s, {told.strip()}")


def settled(installation: Installation, addresses: list[str], until: float) -> dict[str, int]:
    """Address → its signatures, once the worker has caught up (or the time is over)."""
    ring = KeyFolder(installation.home / "data" / "keys").ring("index")
    found = {address: email_index(ring, parsed) for address in addresses if isinstance(parsed := parse(address), Address)}
    while True:
        with psycopg.connect(installation.postgres.url) as connection:
            connection.execute("SET ROLE groundswell_vault")
            persons = {bytes(index): person for index, person in connection.execute(
                "SELECT email_index, person FROM vault.contact").fetchall()}  # fmt: skip
            connection.execute("RESET ROLE")
            counts = dict(connection.execute("SELECT person_id, count(*) FROM actions_signature GROUP BY 1").fetchall())
        rows = {address: counts.get(persons.get(index, 0), 0) for address, index in found.items()}
        if all(rows.values()) or time.monotonic() > until:
            return rows
        time.sleep(0.5)
