"""The run: one machine, one disk, one database; the door with its worker, then the view, then the database by itself."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from groundswell.cli import ready
from groundswell.site.embedded import DATABASE, OWNER, EmbeddedPostgres
from groundswell.site.group import Group
from groundswell.site.installation import make_folder, make_keys
from groundswell.site.settings import Settings, load

CONNECTIONS = 192
_SECONDS = 10.0


def door() -> dict[str, Any]:
    """The figures of the public door; takes about a minute and a half."""
    home = Path(tempfile.mkdtemp(prefix="groundswell-bench-"))
    try:
        return _door(home)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _door(home: Path) -> dict[str, Any]:
    from groundswell.cli.benches import result

    settings = load(data=home, mode="production", database_url="", listen=f"127.0.0.1:{_free_port()}", keys=None)
    make_folder(settings)
    make_keys(settings)
    postgres = EmbeddedPostgres(settings.database_folder, system_user=settings.postgres_user)
    with postgres.running():
        _open(settings)
        seen = _measure_door(settings, postgres)
        view = _measure_view(postgres)
        inserts = _measure_pgbench(postgres)
    figures = {
        "door_per_s": (seen["crowd"]["per_s"], 10_000, "accepted/s", f"{CONNECTIONS} connections, {seen['client']}"),
        "door_p99_ms": (seen["steady"]["p99_ms"], 30, "ms", _steadily(seen["steady"], seen["idle"])),
        "door_vs_view": (round(seen["crowd"]["per_s"] / view["per_s"], 2), 10, "times", f"a plain Django view: {view['per_s']}/s"),
        "door_vs_pgbench": (round(seen["crowd"]["per_s"] / inserts, 2), 1, "times", f"pgbench of the two inserts: {inserts}/s"),
        "apply_per_s": (seen["apply_per_s"], 5_000, "applied/s", "with nothing else to do"),
        "static_per_s": (seen["static"]["per_s"], 10_000, "pages/s", "the petition's page"),
    }
    rows = [
        {"name": name, "value": value, "unit": unit, "against": against, "reach": reach,
         "ratio": round(value / reach, 3) if reach else 0.0,
         "ok": (value < reach if name == "door_p99_ms" else value >= reach) and seen["once"]}
        for name, (value, reach, unit, against) in figures.items()
    ]  # fmt: skip
    return {**result("door", rows), **{name: value for name, (value, *_) in figures.items()}, "seen": seen, "view": view}


def _steadily(steady: dict[str, float], idle: dict[str, float]) -> str:
    return (
        f"3,000/s, open loop; {steady['p99_apart_ms']} without the {steady['machine_stood_still']:.1%} of the time"
        f" in which the machine itself stood still; 3,000 plain pages/s beside nothing: {idle['p99_ms']}"
    )


def _open(settings: Settings) -> None:
    """A campaign and a petition, published."""
    os.environ.pop("DATABASE_URL", None)
    os.environ["GROUNDSWELL_LISTEN"] = settings.listen
    ready.django_ready(settings)
    ready.migrate()
    ready.collect_static(settings)
    from groundswell.actions.operations import open_petition
    from groundswell.campaigns.operations import open_campaign
    from groundswell.site.publishing import publish_all

    now = datetime.now(UTC)
    campaign = open_campaign(slug="bench", title="Bench", target_slug="t", target_name="Acme", summary="", now=now)
    text = "A pause can end on any day, without a word to anyone at all. " * 30
    open_petition(slug="bench", campaign_id=campaign, title="End it", text=text, goal=10_000, thanks_subject="Thanks",
                  thanks_text="Thanks", now=now)  # fmt: skip
    publish_all(settings, now)


def _measure_door(settings: Settings, postgres: EmbeddedPostgres) -> dict[str, Any]:
    group = Group(settings)
    group.postgres = None  # it is ours, and stays for the peers
    sign = {"port": settings.port, "path": "/a/bench/sign", "connections": CONNECTIONS}
    try:
        group.start_rest("Bench")
        warm = _load({**sign, "seconds": 1.0, "first": 1})
        # What the machine itself makes late: a page that is a file, asked for as often, with nothing else to do.
        idle = _load({**sign, "path": "/a/bench", "seconds": _SECONDS, "first": 0, "get": True, "rate": 3000.0})
        steady = _load({**sign, "seconds": _SECONDS, "first": 10**6, "rate": 3000.0, "machine": True})
        crowd = _load({**sign, "seconds": _SECONDS, "first": 10**7})
        total = int(warm["good"] + steady["good"] + crowd["good"])
        before, took = _applied(postgres, total)
        applied = total - before
        pages = _load({**sign, "path": "/a/bench", "seconds": _SECONDS / 2, "first": 0, "get": True})
    finally:
        group.stop()
    with psycopg.connect(postgres.url) as connection:
        rows = connection.execute("SELECT count(*), count(DISTINCT person_id) FROM actions_signature").fetchone()
    return {
        "client": "our own client, in a process of its own", "idle": idle, "steady": steady, "crowd": crowd, "static": pages,
        "applied_under_load": before, "backlog": applied, "apply_per_s": round(applied / took, 1), "acknowledged": total,
        "in_the_database": rows and rows[0], "once": rows == (total, total),
    }  # fmt: skip


def _measure_view(postgres: EmbeddedPostgres) -> dict[str, float]:
    from groundswell.cli.bench_door.peer import TABLES

    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute(TABLES)
    port = _free_port()
    environment = {
        **os.environ, "BENCH_DATABASE": DATABASE, "BENCH_USER": OWNER, "BENCH_HOST": str(postgres.socket_folder),
        "DJANGO_SETTINGS_MODULE": "",
    }  # fmt: skip
    environment.pop("DJANGO_SETTINGS_MODULE")
    child = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers", "2", "--blocking-threads", "2",
         "--log-level", "error", "groundswell.cli.bench_door.peer:application"], env=environment,
    )  # fmt: skip
    try:
        _wait(lambda: _listens(port))
        sign = {"port": port, "path": "/sign", "connections": 16}
        _load({**sign, "seconds": 1.0, "first": 1})
        return _load({**sign, "seconds": _SECONDS / 2, "first": 10**7})
    finally:
        child.terminate()
        child.wait(20)


def _measure_pgbench(postgres: EmbeddedPostgres) -> float:
    """Transactions a second of the two inserts, on prepared statements, at the better of two numbers of clients."""
    from groundswell.cli.bench_door.peer import PERSON, SIGNATURE

    script = postgres.folder.parent / "two-inserts.sql"
    who = "'q' || :n || '@example.org', 'Ada Lovelace', 'GB', 'SW1A', 'yes'"
    script.write_text(
        "\\set n random(1, 9000000000000000)\nBEGIN;\n"
        f"{PERSON.format(who)} \\gset\n{SIGNATURE.format(f'1, :id, 1, {chr(39)}bench{chr(39)}')};\nCOMMIT;\n"
    )
    best = 0.0
    for clients in (16, 40):
        done = subprocess.run(
            [str(postgres.bin / "pgbench"), "-h", str(postgres.socket_folder), "-U", OWNER, "-n", "-M", "prepared",
             "-f", str(script), "-c", str(clients), "-j", "2", "-T", "5", DATABASE], capture_output=True, text=True, check=True,
        )  # fmt: skip
        found = re.search(r"tps = ([\d.]+)", done.stdout)
        best = max(best, float(found.group(1)) if found else 0.0)
    return round(best, 1)


def _load(asked: dict[str, Any]) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "groundswell.cli.bench_door.load", json.dumps(asked)], stdout=subprocess.PIPE, text=True, check=True
    )
    seen: dict[str, float] = json.loads(done.stdout)
    return seen


def _applied(postgres: EmbeddedPostgres, total: int) -> tuple[int, float]:
    """How many signatures were there at once, and the seconds until all are.

    Looked at five times a second, by one connection and one process of it: counting twenty times a second, each time by a new
    connection and its helpers, took a third of a core from what is measured.
    """
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute("SET max_parallel_workers_per_gather = 0")

        def signed() -> int:
            row = connection.execute("SELECT count(*) FROM actions_signature").fetchone()
            return int(row[0]) if row else 0

        before, began = signed(), time.perf_counter()
        _wait(lambda: signed() >= total, every=0.2)
        return before, time.perf_counter() - began


def _wait(until: Callable[[], bool], seconds: float = 120, every: float = 0.05) -> None:
    deadline = time.monotonic() + seconds
    while not until():
        if time.monotonic() > deadline:
            raise TimeoutError("the bench waited too long")
        time.sleep(every)


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
