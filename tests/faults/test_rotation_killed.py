"""A change of keys that is killed wherever it is, and asked for again, loses nothing: every value opens, the old key can go."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from groundswell.basics.keyring import KeyFolder
from groundswell.people import operations as people
from groundswell.people import queries
from groundswell.people.keys import vault_ring
from groundswell.people.operations.rotating import uses
from groundswell.people.vault import second, store
from groundswell.people.vault.index import Indexer
from groundswell.people.vault.open import Opener
from tests.people.test_rotation import address

PEOPLE = 4000
_FIELDS = ("email", "given_name", "family_name", "phone", "street")


@pytest.fixture
def listed(home: Path, own_keys: Path, now: datetime, transactional_db: None) -> dict[int, tuple[str | None, ...]]:
    """A list, some of it written over by a second one (what was there is kept for its undo), notes, a stranger's goodbye."""
    path, again = home / "list.csv", home / "again.csv"
    rows = [f"p{n}@example.org,Given{n % 50},Family{n % 70},+4420{n:08d},{n} High Street\n" for n in range(PEOPLE)]
    path.write_text("email,first name,last name,phone,address\n" + "".join(rows))
    again.write_text("email,first name\n" + "".join(f"p{n}@example.org,Other{n}\n" for n in range(0, PEOPLE, 40)))
    for file, over in ((path, ()), (again, ("given_name",))):
        people.import_list(file, organisation="o", wording="w", source="s", overwrite=over, now=now)
    for person in list(opened())[::40]:
        people.write_note(person=person, text=f"Note on {person}", staff_id=None, now=now)  # type: ignore[arg-type]
    people.suppress(email=address("stranger@example.org"), reason="unsubscribed", source="x", now=now)
    return opened()


def opened() -> dict[int, tuple[str | None, ...]]:
    """Person → everything of theirs in the vault, opened: their details, what an undo would give back, notes."""
    opener = Opener(KeyFolder(settings.GROUNDSWELL.key_folder.folder).ring("vault"))
    with store.inside() as cursor:
        cursor.execute(f"SELECT person, {', '.join(_FIELDS)} FROM vault.contact ORDER BY person")
        found = {row[0]: [opener.open(row[0], name, value) for name, value in zip(_FIELDS, row[1:], strict=True)]
                 for row in cursor.fetchall()}  # fmt: skip
        cursor.execute("SELECT person, field, before, after FROM vault.change ORDER BY run, person, field")
        for person, field, before, after in cursor.fetchall():
            found[person] += [opener.open(person, field, before), opener.open(person, field, after)]
    for person in list(found)[::40]:
        found[person] += [opener.open(whose, "note", text) for whose, _, text, _ in second.notes_of(person)]
    return {person: tuple(values) for person, values in found.items()}


class Command:
    """`groundswell keys rotate RING` on this test's database and keys, as often as it is asked for."""

    def __init__(self, out: Path) -> None:
        at = connection.settings_dict
        url = f"postgresql://{at['USER']}@/{at['NAME']}?host={at['HOST']}" + (f"&port={at['PORT']}" if at["PORT"] else "")
        environment = {**os.environ, "DATABASE_URL": url, "GROUNDSWELL_KEYS": str(settings.GROUNDSWELL.key_folder.folder)}
        self.out, self.process = out, subprocess.Popen(
            [sys.executable, "-m", "tests.faults.command_child", str(out)], env=environment, text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.running = 0

    def begin(self, ring: str) -> None:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps(["keys", "rotate", ring, "--why", "yearly", "--json"]) + "\n")
        self.process.stdin.flush()
        self.running = int(self.process.stdout.readline())

    def kill(self) -> int:
        """Kill -9, wherever it is; returns how it ended. One that has ended before stays so."""
        with suppress(ProcessLookupError):
            os.kill(self.running, signal.SIGKILL)
        return self.ended()

    def ended(self) -> int:
        assert self.process.stdout is not None
        return int(self.process.stdout.readline())

    def alive(self) -> bool:
        """Whether it still runs: one that ended is not waited for yet, and is no process any more."""
        try:
            return Path(f"/proc/{self.running}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False

    def said(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out.read_text())
        return found


@pytest.fixture
def command(home: Path, listed: dict[int, tuple[str | None, ...]]) -> Iterator[Command]:
    made = Command(home / "said.json")
    yield made
    made.process.communicate()


@contextmanager
def in_the_way(person: int) -> Iterator[None]:
    """Somebody holds this person's row: whoever comes to it waits there, in the middle of a batch."""
    with psycopg.connect(**connection.get_connection_params()) as other:  # type: ignore[arg-type]
        other.execute("SET ROLE groundswell_vault")
        other.execute("SELECT FROM vault.contact WHERE person = %s FOR UPDATE", [person])
        yield


def waits_or_is_done(command: Command, ring: str, key: int, rows: int) -> bool:
    """Whether the child waits for a row or has brought so many to the new key (True), or ended before (False)."""
    while command.alive():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()"
                " AND wait_event_type = 'Lock' AND wait_event IN ('transactionid', 'tuple'))"
            )
            if cursor.fetchone()[0] or uses(ring).get(key, 0) >= rows:  # type: ignore[arg-type]
                return True
        time.sleep(0.005)
    return False


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_keys_killed_half_way_open_everything_afterwards(listed: dict[int, tuple[str | None, ...]], command: Command) -> None:
    persons, dice = list(listed), random.Random()
    for ring in ("vault", "index"):
        with in_the_way(persons[PEOPLE // 2]):
            command.begin(ring)
            assert waits_or_is_done(command, ring, 2, PEOPLE), "it waits in the middle of a batch"
            assert command.kill() == -signal.SIGKILL
        assert {key for key, rows in uses(ring).items() if rows} == {1, 2}, "it was killed half-way"  # type: ignore[arg-type]
        assert opened() == listed, "half-way, both keys open"
        for rows in (0, 1, 1000):
            # Wherever it is: before its first row, between batches, in one, at its end.
            command.begin(ring)
            waits_or_is_done(command, ring, max(uses(ring)), max(uses(ring).values()) + rows)  # type: ignore[arg-type]
            time.sleep(dice.uniform(0, 0.1))
            command.kill()
            assert opened() == listed
        command.begin(ring)
        assert command.ended() == 0
        said = command.said()
        assert opened() == listed and said["current"] >= 2
        if ring == "vault":
            assert set(vault_ring().keys) == {said["current"]} and set(uses("vault")) == {said["current"]}, "the old key is gone"
        else:
            assert sum(said["kept"].values()) == 1, "only a stranger's hash, which nobody can make anew, holds an old key"
    index = Indexer(KeyFolder(settings.GROUNDSWELL.key_folder.folder).ring("index"))
    for number in range(0, PEOPLE, 97):
        # By today's key alone, whatever older ones are still there.
        assert store.person_by_index(index.email(address(f"p{number}@example.org"))) == persons[number]
    assert queries.counts()["supporters"] == PEOPLE
