"""Measuring the list: an import of real rows against PostgreSQL's bare COPY, and audiences on years of signatures.

In a database of its own, in a folder that is gone afterwards unless it is to be kept. All people are made up, at example addresses.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from groundswell.cli.bench_people.asking import Asked, ask
from groundswell.cli.bench_people.filling import fill
from groundswell.cli.bench_people.lists import bare_copy, imported, write
from groundswell.cli.bench_people.scratch import room_for, say, scratch
from groundswell.cli.benches import result
from groundswell.site.embedded import EmbeddedPostgres

Figure = dict[str, Any]


def measure(*, full: bool, people: int, keep: Path | None = None) -> dict[str, Any]:
    """The figures, and beside them the plan of each audience's statement.

    In full, the audiences are asked of ten times as many people as were imported; a second import onto the first is left
    out then. With `keep`, the installation stays in that folder, and once it is filled only the audiences are asked again.
    """
    grown = people * 10 if full else people
    filled = keep / "filled" if keep else None
    figures: list[Figure] = []
    if filled is None or not filled.exists():
        room_for(grown, minutes=max(1, grown // 150_000), keep=keep)
    with scratch(keep) as (folder, postgres):
        if filled is None or not filled.exists():
            figures += _import(folder, postgres, people)
            say(f"{grown:,} people and what they did …")
            fill(grown, datetime.now(UTC))
            if filled:
                filled.write_text(f"{grown}\n")
        else:
            grown = int(filled.read_text())
        say("asking …")
        asked = ask()
        figures += _asked(asked, grown)
        if not full and not keep:
            say(f"importing {people:,} others onto them …")
            figures += _onto_full(folder, people, figures)
    more = {"audiences_ms": asked.counted, "explained_ms": asked.explained, "audiences": asked.found, "plans": asked.plans}
    return {**result("people-full" if full else "people", figures), "people": grown, **more}


def _import(folder: Path, postgres: EmbeddedPostgres, people: int) -> list[Figure]:
    path = folder / "first.csv"
    write(path, people, seed=1)
    copy_rate = bare_copy(postgres, path, people)
    say(f"COPY: {copy_rate:,.0f} rows/s; importing {people:,} …")
    rate, peak = imported(path, people)
    say(f"{rate:,.0f} rows/s")
    share, against = rate / copy_rate, f"COPY of the same rows into a bare table: {copy_rate:.0f} rows/s"
    return [
        _figure("import_rows_per_s", rate, "rows/s", against, share, 15_000, rate >= 15_000),
        {**_figure("import_vs_copy", 0, "of COPY", against, share, None, True), "value": round(share, 3)},
        _figure("import_peak_mb", peak, "MB", "500 MB", peak / 500, 500, peak < 500),
    ]


def _asked(asked: Asked, people: int) -> list[Figure]:
    slowest, reach, frozen = max(asked.counted.values()), 2000 if people >= 10**7 else 300, asked.frozen_per_s
    shown = f"{people} people, {people * 5} actions: slowest of five"
    return [
        _figure("audience_count_ms", slowest, "ms", shown, slowest / reach, reach, slowest <= reach),
        _figure("audience_freeze_rows_per_s", frozen, "rows/s", "80000 rows/s", frozen / 80_000, 80_000, frozen >= 80_000),
    ]


def _onto_full(folder: Path, people: int, before: list[Figure]) -> list[Figure]:
    """The same onto a full table: its rate, and the peak of both runs in the place of the first one's."""
    path, (first, _, peak) = folder / "again.csv", before[:3]
    write(path, people, seed=2)
    rate, second = imported(path, people)
    most = max(peak["value"], second)
    peak.update(_figure("import_peak_mb", most, "MB", "500 MB", most / 500, 500, most < 500))
    share, against = rate / first["value"], f"the same into an empty table: {first['value']}"
    return [_figure("import_onto_full_rows_per_s", rate, "rows/s", against, share, 0.8, share >= 0.8)]


def _figure(name: str, value: float, unit: str, against: str, ratio: float, reach: float | None, ok: bool) -> Figure:
    return {
        "name": name, "value": round(value), "unit": unit, "against": against, "ratio": round(ratio, 3), "reach": reach, "ok": ok,
    }  # fmt: skip
