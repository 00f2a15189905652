"""`groundswell bench handover`: 100,000 signatures as PDF and 1,000,000 as CSV, against a bare COPY of the same rows."""

import os
import random
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from groundswell.basics.ids import ActionId
from groundswell.basics.result import Refused
from groundswell.cli.benches import result
from groundswell.site.embedded import EmbeddedPostgres
from groundswell.site.settings import load

PDF_S, PDF_MB, CSV_S = 60.0, 500.0, 20.0
_GIVEN = ("Ada", "Grace", "Zoë", "José", "Łukasz", "Siân", "Müge", "Søren", "Priya", "Ngozi", "Олена", "Ελένη", "ليلى", "דוד")
_FAMILY = (
    "Lovelace",
    "Hopper",
    "García",
    "Kowalski",
    "van der Berg",
    "Yılmaz",
    "Patel",
    "Шевченко",
    "Παππά",
    "حداد",
    "כהן",
    "O’Neill",
)
_PLACES = (("GB", "SW1"), ("GB", "M1"), ("US", "98"), ("US", "10"), ("DE", "10"), ("FR", "75"), ("ES", "28"), ("IE", "D02"))
_Result = TypeVar("_Result")


def handover(people: int = 1_000_000) -> dict[str, Any]:
    """The figures. `people` sign one petition (CSV), a tenth of them another one (PDF); making them is not counted."""
    with tempfile.TemporaryDirectory(prefix="gs-bench-") as folder, _installation(Path(folder)) as postgres:
        from groundswell.deliveries.operations import hand_over
        from groundswell.deliveries.order import Order

        small, large = _world(people, max(1, people // 10))
        now, home = datetime.now(UTC), Path(folder) / "handed-over"

        def make(petition: ActionId, *formats: str) -> Any:
            return hand_over(petition_id=petition, folder=home, staff_id=None, why="bench", now=now, order=Order(formats=formats))

        printed, pdf_s, pdf_mb = _measured(lambda: make(small, "pdf"), apart=postgres.pid)
        listed, csv_s, csv_mb = _measured(lambda: make(large, "csv"), apart=postgres.pid)
        _, copy_s, _ = _measured(lambda: _bare_copy(large, Path(folder) / "bare.csv"), apart=postgres.pid)
        if (printed.total, listed.total) != (max(1, people // 10), people):
            raise RuntimeError("the bench handed over other numbers than it made")
        record, published = _record()
        pages = sum(1 for file in printed.files if file.kind == "pdf")
    figures = [
        _figure("pdf_100k_s", pdf_s, "s", f"the limit of {PDF_S:.0f} s", PDF_S, PDF_S),
        _figure("pdf_peak_mb", pdf_mb, "MB resident, with the typesetter", f"the limit of {PDF_MB:.0f} MB", PDF_MB, PDF_MB),
        _figure("csv_1m_s", csv_s, "s", f"a bare COPY of the same rows, {copy_s:.2f} s", copy_s, CSV_S),
    ]
    sizes = {"signatures_pdf": printed.total, "signatures_csv": listed.total, "pdf_parts": pages,
             "csv_peak_mb": round(csv_mb), "bare_copy_s": round(copy_s, 2)}  # fmt: skip
    return {**result("handover", [*figures, *published]), **record, **sizes}


def _record() -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the record's bench says in this installation, where it is there."""
    try:
        from groundswell.cli.bench_record import record_publish
    except ModuleNotFoundError:
        return {}, []
    found = dict(record_publish())
    published = found.pop("figures", [])
    return found, list(published)


def _figure(name: str, value: float, unit: str, against: str, peer: float, reach: float) -> dict[str, Any]:
    return {
        "name": name, "value": round(value, 2), "unit": unit, "against": against, "ratio": round(value / peer, 2) if peer else 0.0,
        "reach": reach, "ok": value <= reach,
    }  # fmt: skip


@contextmanager
def _installation(folder: Path) -> Iterator[EmbeddedPostgres]:
    """An installation of the bench's own: keys, database, tables; gone afterwards."""
    if os.environ.get("DJANGO_SETTINGS_MODULE") and "django.db" in __import__("sys").modules:
        raise Refused.because("bench-inside", "The bench needs a process of its own.", "Run `groundswell bench handover`.")
    os.environ.update(GROUNDSWELL_DATA=str(folder), GROUNDSWELL_MODE="development", DATABASE_URL="")
    from groundswell.cli import ready
    from groundswell.site.installation import make_folder, make_keys

    settings = load()
    make_folder(settings)
    make_keys(settings)
    postgres = EmbeddedPostgres(settings.database_folder, system_user=settings.postgres_user)
    with postgres.running():
        ready.django_ready(settings)
        ready.migrate()
        from django.db import connections

        try:
            yield postgres
        finally:
            connections.close_all()


def _world(people: int, printed: int) -> tuple[ActionId, ActionId]:
    """People with sealed details, the first of them under one petition, all of them under another; two texts each."""
    from django.db import connection, transaction

    from groundswell.actions import operations as actions
    from groundswell.actions.models import TextVersion
    from groundswell.campaigns import operations as campaigns

    now = datetime.now(UTC)
    campaign = campaigns.open_campaign(slug="b", title="B", target_slug="t", target_name="Target", summary="", now=now)
    petitions = []
    for slug in ("printed", "listed"):
        petition = actions.open_petition(
            slug=slug, campaign_id=campaign, title="End it for good", text="We ask for an end.\n\n" * 5, goal=1, thanks_subject="x",
            thanks_text="y", now=now,
        )  # fmt: skip
        actions.reword(petition_id=petition, title="End it for good, in writing", text="We ask for it in writing.\n" * 20, now=now)
        petitions.append(petition)
    with transaction.atomic(), connection.cursor() as cursor:
        _people(cursor, people, now)
        for petition, count in zip(petitions, (printed, people), strict=True):
            texts = list(TextVersion.objects.filter(petition_id=petition).order_by("number").values_list("pk", flat=True))
            _signatures(cursor, petition, texts, count, now)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return petitions[0], petitions[1]


def _people(cursor: Any, people: int, now: datetime) -> None:
    from groundswell.people.keys import sealer

    dice, seal = random.Random(6), sealer().seal  # noqa: S311 (a fixed world, not a secret)
    with cursor.copy(
        "COPY people_person (id, language, country, region, postcode_area, joined_at, may_mail, why_not) FROM STDIN"
    ) as rows:
        for person in range(1, people + 1):
            country, area = dice.choice(_PLACES)
            rows.write_row((person, "en", country, "", area, now, True, ""))
    cursor.execute("SET LOCAL ROLE groundswell_vault")
    with cursor.copy("COPY vault.contact (person, email, email_index, given_name, family_name) FROM STDIN") as rows:
        for person in range(1, people + 1):
            rows.write_row((
                person, seal(person, "email", f"person{person}@example.org"), person.to_bytes(16, "big"),
                seal(person, "given_name", dice.choice(_GIVEN)), seal(person, "family_name", dice.choice(_FAMILY)),
            ))  # fmt: skip
    cursor.execute("RESET ROLE")


def _signatures(cursor: Any, petition: int, texts: list[int], count: int, now: datetime) -> None:
    columns = "id, petition_id, version_id, person_id, source, position, signed_at, state, shows"
    with cursor.copy(f"COPY actions_signature ({columns}) FROM STDIN") as rows:
        for person in range(1, count + 1):
            text, shows = texts[person % 3 == 0], "place" if person % 20 == 0 else "name+place"
            signed = now - timedelta(seconds=count - person + 10)
            number = UUID(int=(petition << 64) + person)
            rows.write_row((number, petition, text, person, "website", "website", signed, "confirmed", shows))


def _bare_copy(petition: int, path: Path) -> None:
    """The peer: the same rows, names still sealed, as PostgreSQL's own CSV into a file."""
    import psycopg
    from django.db import connection

    parameters = connection.get_connection_params()
    with psycopg.connect(host=parameters["host"], dbname=parameters["dbname"], user="postgres") as server, path.open("wb") as out:
        query = f"""COPY (SELECT s.id, v.number, s.signed_at, p.country, p.postcode_area, c.given_name, c.family_name
            FROM actions_signature s JOIN actions_textversion v ON v.id = s.version_id JOIN people_person p ON p.id = s.person_id
            JOIN vault.contact c ON c.person = s.person_id WHERE s.petition_id = {int(petition)} AND s.state = 'confirmed'
            ORDER BY s.signed_at, s.id) TO STDOUT (FORMAT csv)"""  # noqa: S608 (a number)
        with server.cursor().copy(query) as copy:
            for piece in copy:
                out.write(piece)


def _measured(work: Callable[[], _Result], *, apart: int | None) -> tuple[_Result, float, float]:
    """What the work gave, its seconds, and the most megabytes that this process and its children held, without `apart`."""
    peak, ended = [0], threading.Event()

    def watch() -> None:
        while not ended.wait(0.02):
            peak[0] = max(peak[0], sum(_resident(pid) for pid in _family(os.getpid(), apart)))

    watcher = threading.Thread(target=watch)
    watcher.start()
    began = time.perf_counter()
    try:
        done = work()
    finally:
        took = time.perf_counter() - began
        ended.set()
        watcher.join()
    return done, took, peak[0] / 1e6


def _family(pid: int, apart: int | None) -> list[int]:
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        if one == apart:
            continue  # the database server is there before and after; its memory is its own setting
        found.append(one)
        for tasks in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                waiting += map(int, tasks.read_text().split())
            except OSError:
                continue
    return found


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0
