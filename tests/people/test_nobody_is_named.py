"""An imported list names nobody: not in a dump, not in a log, not in a task's arguments, not to who watches the database."""

import os
import random
import re
import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from tests.installation import postgres

NAME = "names_nobody"
SAMPLED = 10_000
SHORTEST = 11
"""No secret has fewer characters."""


def write(path: Path) -> set[str]:
    """Rows that no other text could hold by chance; returns what must not be found anywhere."""
    dice, secrets = random.Random(11), set()
    letters = "bcdfghjklmnpqrstvwxz"
    with path.open("w", encoding="utf-8") as file:
        file.write("Email,First name,Last name,Phone,Street,Country\n")
        for number in range(SAMPLED):
            given, family = ("".join(dice.choices(letters, k=11)).title() for _ in range(2))
            email, phone = f"{family.lower()}.{number}@{given.lower()}.example.org", f"+44{dice.randint(10**9, 10**10 - 1)}"
            street = f"{number} {given}-{family}-Street"
            file.write(f"{email},{given},{family},{phone},{street},GB\n")
            secrets |= {email, given, family, phone[1:], street}
    assert min(map(len, secrets)) >= SHORTEST
    return secrets


def said(text: str, secrets: set[str]) -> list[str]:
    """Which of the secrets stand anywhere in the text, in any case: one pass, not one for each of fifty thousand.

    Every place of the text is looked up among the secrets' beginnings, and only what is found there is compared whole.
    """
    beginnings: dict[str, list[str]] = {}
    for secret in secrets:
        beginnings.setdefault(secret.lower()[:SHORTEST], []).append(secret)
    lowered = text.lower()
    met = {piece for at in range(len(lowered) - SHORTEST + 1) if (piece := lowered[at : at + SHORTEST]) in beginnings}
    return [secret for piece in met for secret in beginnings[piece] if stands(secret.lower(), lowered)]


def stands(secret: str, text: str) -> bool:
    """Whether it is there. Twelve digits in a row come by chance in a dump's millions of digits (keyed tokens are numbers of
    nineteen, sealed bytes are written as hexadecimal ones): a telephone number stands by itself.
    """
    if not secret.isdigit():
        return secret in text
    return re.search(rf"(?<![0-9a-f])(?:00)?{secret}(?![0-9a-f])", text) is not None


def test_the_search_finds_what_it_is_for() -> None:
    secrets = {"ada.lovelace@example.org", "+442079460001"[1:], "12 Lovelace-Street"}
    for text in ("x Ada.Lovelace@Example.org", "tel:442079460001", "at 12 LOVELACE-street."):
        assert len(said(text, secrets)) == 1
    for text in ("{+442079460001}", "00442079460001", '"442079460001"', "-442079460001\n"):
        assert said(text, secrets) == ["442079460001"]
    assert said("ada.lovelace@example.com 44207946000 12 Lovelace-Stree", secrets) == []
    assert said("{-1442079460001,7} \\x442079460001ab 4420794600013", secrets) == []


@pytest.mark.slow
def test_an_imported_list_names_nobody(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    secrets = write(path)
    base = postgres().url
    with psycopg.connect(base, dbname="postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {NAME}")
        connection.execute(f"CREATE DATABASE {NAME}")
    url = base.replace("/groundswell?", f"/{NAME}?")
    env = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "groundswell.site.django"}
    code = "import django; django.setup(); from django.core.management import call_command; call_command('migrate', verbosity=0)"
    subprocess.run([sys.executable, "-c", code], check=True, env=env, timeout=120)
    watched: set[str] = set()
    ended = threading.Event()

    def watch() -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            while not ended.wait(0.005):
                rows = connection.execute("SELECT query FROM pg_stat_activity WHERE pid <> pg_backend_pid()").fetchall()
                watched.update(row[0] for row in rows if row[0])

    watcher = threading.Thread(target=watch)
    watcher.start()
    log = Path(settings.GROUNDSWELL.data) / "postgres.log"
    before = log.stat().st_size
    command = [sys.executable, "-c", "from groundswell.cli import main; raise SystemExit(main())", "people", "import", str(path)]
    command += ["--organisation", "Us", "--wording", "Write to me", "--source", "the old system", "--json"]
    try:
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=240, check=False)
        again = subprocess.run(
            [*command, "--overwrite", "given_name"], env=env, capture_output=True, text=True, timeout=240, check=False
        )
    finally:
        ended.set()
        watcher.join()
    assert done.returncode == again.returncode == 0, done.stderr + again.stderr
    assert f'"new": {SAMPLED}' in done.stdout and f'"known": {SAMPLED}' in again.stdout
    with psycopg.connect(url) as connection:
        text = dump(connection)
    assert text.count("\n") > 3 * SAMPLED, "the dump holds the list"
    spoken = "\n".join([done.stdout, done.stderr, again.stdout, again.stderr])
    told = log.read_bytes()[before:].decode(errors="replace")
    for where, content in (("dump", text), ("activity", "\n".join(watched)), ("output", spoken), ("log", told)):
        assert not said(content, secrets), f"some of them in the {where}"
    assert len(watched) > 5, "the watcher saw the import at work"
    with psycopg.connect(base, dbname="postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


def dump(connection: "psycopg.Connection[tuple[object, ...]]") -> str:
    """Every row of every table as text, bytes also as what they would read: by pg_dump where the wheel has it."""
    program = postgres().bin / "pg_dump"
    parts = []
    if program.exists():
        done = subprocess.run(
            [str(program), "-h", str(postgres().socket_folder), "-U", "postgres", NAME], capture_output=True, text=True, check=True
        )
        parts.append(done.stdout)
    connection.execute("SET ROLE groundswell_vault")
    for table in ("contact", "change", "note"):
        for row in connection.execute(f"SELECT * FROM vault.{table}"):  # type: ignore[call-overload]
            parts.append(" ".join(value.decode("latin-1") if isinstance(value, bytes) else str(value) for value in row))
    connection.execute("RESET ROLE")
    tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    for (table,) in tables:
        parts.extend(row[0] for row in connection.execute(f'SELECT t::text FROM "{table}" t'))  # type: ignore[call-overload]
    return "\n".join(parts)
