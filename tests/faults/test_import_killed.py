"""An import that is killed twenty times ends as one that was left alone."""

import hashlib
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from groundswell.basics.keyring import KeyFolder
from groundswell.people.vault.open import Opener
from tests.installation import postgres

ROWS = 200_000
_GIVEN = ("Ada", "Grace", "Alan", "Zoë", "José", "Łukasz", "", "Müge")


def write(path: Path) -> None:
    dice = random.Random(7)
    with path.open("w", encoding="utf-8") as file:
        file.write("Email,First name,Last name,Phone,Country,Postcode,Status,Tags\n")
        for number in range(ROWS):
            who = number if number % 10 else dice.randrange(number + 1)  # every tenth row is somebody again
            status = {1: "unsubscribed", 2: "bounced", 3: "pending"}.get(number % 97, "subscribed")
            email = "no address" if number % 501 == 0 else f"person{who}@example.org"
            file.write(f"{email},{_GIVEN[number % 8]},Family{who % 999},+4420{who:08d},GB,LS{who % 30} 1AA,{status},t{who % 5}\n")


@pytest.fixture
def databases() -> Iterator[tuple[str, str]]:
    """Two empty databases with all tables, for a clean run and a killed one."""
    names = ("import_clean", "import_killed")
    base = postgres().url
    with psycopg.connect(base, dbname="postgres", autocommit=True) as connection:
        for name in names:
            drop(connection, name)
            connection.execute(f"CREATE DATABASE {name}")
    urls = tuple(base.replace("/groundswell?", f"/{name}?") for name in names)
    code = (
        "import django, sys; django.setup(); from django.core.management import call_command; call_command('migrate', verbosity=0)"
    )
    for url in urls:
        subprocess.run([sys.executable, "-c", code], check=True, env=environment(url), timeout=120)
    yield urls[0], urls[1]
    with psycopg.connect(base, dbname="postgres", autocommit=True) as connection:
        for name in names:
            drop(connection, name)


def drop(connection: psycopg.Connection, name: str) -> None:
    """PostgreSQL gives those who are still in it five seconds: on a busy machine its own cleaner of tables may take longer."""
    for tries_left in range(20, -1, -1):
        try:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            return
        except psycopg.errors.ObjectInUse:
            if not tries_left:
                raise
            time.sleep(1)


def environment(url: str) -> dict[str, str]:
    import os

    return {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "groundswell.site.django"}


def begin(path: Path, url: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.faults.import_child", str(settings.GROUNDSWELL.data), str(path), url]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment(url))


def state(url: str) -> tuple[str, dict[str, int]]:
    """A hash of everything that the import decides: details opened, for sealed bytes are never the same twice."""
    opener = Opener(KeyFolder(settings.GROUNDSWELL.key_folder.folder).ring("vault"))
    digest, lines = hashlib.sha256(), []
    with psycopg.connect(url) as connection:
        connection.execute("SET ROLE groundswell_vault")
        contacts = connection.execute(
            "SELECT person, email, given_name, family_name, phone, street, email_index, phone_index, name_tokens FROM vault.contact"
        ).fetchall()
        connection.execute("RESET ROLE")
        people = {row[0]: row[1:] for row in connection.execute(
            "SELECT id, language, country, region, postcode_area, joined_at, may_mail, why_not,"
            " ARRAY(SELECT c.given FROM people_consent c WHERE c.person_id = p.id ORDER BY c.id),"
            " ARRAY(SELECT t.name FROM people_tagged d JOIN people_tag t ON t.id = d.tag_id WHERE d.person_id = p.id ORDER BY 1)"
            " FROM people_person p").fetchall()}  # fmt: skip
        suppressed = connection.execute("SELECT index, reason, source FROM people_suppression ORDER BY 1, 2").fetchall()
        rejects = connection.execute("SELECT line, reason, taken FROM people_importreject ORDER BY line").fetchall()
        (run,) = connection.execute("SELECT rows_done, counts, finished_at FROM people_importrun").fetchall()
        numbers = {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # type: ignore[index]
            for table in ("people_person", "people_consent", "people_suppression", "people_tagged", "people_importreject")
        }
    fields = ("email", "given_name", "family_name", "phone", "street")
    for person, *sealed in contacts:
        opened = [opener.open(person, field, value) for field, value in zip(fields, sealed[:5], strict=True)]
        lines.append(repr((opened, sealed[5:], people.pop(person))))
    assert not people, "somebody is here without details"
    for line in sorted(lines):
        digest.update(line.encode())
    digest.update(repr((suppressed, rejects, run)).encode())
    return digest.hexdigest(), numbers


@pytest.mark.slow
@pytest.mark.faults
def test_twenty_kills_change_nothing(databases: tuple[str, str], tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    write(path)
    clean, killed = databases
    child = begin(path, clean)
    said, _ = child.communicate(timeout=300)
    assert child.returncode == 0 and said.startswith(str(ROWS))
    dice = random.Random()
    kills, cut_short = 0, 0
    while kills < 20:
        child = begin(path, killed)
        # Let it come to its rows, then cut it somewhere in the work of a few batches.
        wait_until_working(killed, child)
        time.sleep(dice.uniform(0, 0.35))
        if child.poll() is None:
            child.kill()
            cut_short += 1
        child.communicate()
        kills += 1
    child = begin(path, killed)
    again, _ = child.communicate(timeout=300)
    assert child.returncode == 0 and again == said
    assert cut_short >= 15, "most kills have to come in the middle"
    assert state(killed) == state(clean)
    once_more = begin(path, killed)
    assert once_more.communicate(timeout=120)[0] == said
    assert state(killed) == state(clean), "asking again changes nothing"
    for url in databases:
        with psycopg.connect(url) as connection:
            (options,) = connection.execute("SELECT reloptions FROM pg_class WHERE relname = 'contact_name_tokens'").fetchone()
        assert options == ["gin_pending_list_limit=16384"], "names wait in the usual measure again"


def wait_until_working(url: str, child: "subprocess.Popen[str]") -> None:
    """Until the child's session works on the database."""
    with psycopg.connect(url, autocommit=True) as connection:
        while child.poll() is None:
            row = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND (query LIKE 'COPY%' OR query LIKE '%vault.contact%')"
            ).fetchone()
            if row and row[0]:
                return
            time.sleep(0.01)
