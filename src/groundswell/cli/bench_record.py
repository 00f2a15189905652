"""Publishing a public record of 1,000 entries, against writing the same bytes to files and nothing else."""

import random
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

ENTRIES = 1000
_WORDS = (
    "the company said that police departments would not use its service until further notice and gave no reason for it while "
    "campaigners asked for a promise in writing that covers every feature and every agency without an end"
)


def record_publish() -> dict[str, Any]:
    """`record_publish_s`: seconds from the rows in the database to every page on disk (limit: 2). Leaves no row behind."""
    from groundswell.cli import ready

    with ready.database():
        from django.db import transaction

        with tempfile.TemporaryDirectory() as folder, transaction.atomic():
            figures = _measured(Path(folder))
            transaction.set_rollback(True)
    return figures


def _measured(folder: Path) -> dict[str, Any]:
    from groundswell.campaigns import operations, queries
    from groundswell.pages.masthead import House
    from groundswell.pages.record.files import publish_record, record_files

    now = datetime(2026, 6, 1, tzinfo=UTC)
    campaign_id = operations.open_campaign(
        slug="bench-record", title="Bench", target_slug="bench-target", target_name="Bench target", summary="A bench.", now=now
    )
    operations.commit(campaign_id=campaign_id, title="A promise", slug="a-promise", now=now)
    operations.enter_many(campaign_id=campaign_id, entries=_entries(), now=now)
    house = House("Bench", "/", "https://act.example.org", "answers@example.org")
    began = time.perf_counter()
    publish_record(folder / "published", queries.record(campaign_id, now.date()), house)
    taken = time.perf_counter() - began
    files = record_files(queries.record(campaign_id, now.date()), house)
    began = time.perf_counter()
    for place, content in enumerate(files.values()):
        (folder / f"bare-{place}").write_bytes(content)
    bare = time.perf_counter() - began
    figure = {
        "name": "record_publish_s", "value": round(taken, 3), "unit": f"s for {ENTRIES} entries in {len(files)} files",
        "ratio": round(taken / bare, 2) if bare else 0.0, "against": f"the same bytes written bare in {bare:.3f} s", "reach": 2.0,
        "ok": taken <= 2.0,
    }  # fmt: skip
    return {"record_publish_s": round(taken, 3), "figures": [figure]}


def _entries() -> list[dict[str, Any]]:
    chosen = random.Random(20260601)  # noqa: S311 (the same record in every run)
    kinds = ("pledge", "supply", "evidence", "law", "pressure", "end")
    actors = [f"Actor {number}" for number in range(40)]

    def words(count: int) -> str:
        return " ".join(chosen.choice(_WORDS.split()) for _ in range(count)).capitalize()

    entries = []
    for number in range(ENTRIES):
        day = date(2012, 1, 1) + timedelta(days=number * 5)
        bears = number % 100 == 0
        entries.append({
            "key": f"bench-{number}", "dated": day.isoformat(), "kind": chosen.choice(kinds), "actor": chosen.choice(actors),
            "subject": words(7), "summary": f"{words(35)}.", "wording": words(18) if number % 4 == 0 else "",
            "note": f"{words(15)}." if number % 2 else "", "certainty": "found",
            **({"commitment": "a-promise", "bearing": "makes" if number == 0 else "confirms"} if bears else {}),
            "sources": [
                {"publisher": f"Paper {chosen.randrange(90)}", "title": words(9), "url": f"https://paper.example.org/{number}/{place}"}
                for place in range(1 + number % 2)
            ],
        })  # fmt: skip
    return entries
