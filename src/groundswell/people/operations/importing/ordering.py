"""Importing from the office: a file taken in, its columns understood, rehearsed, imported, or an import taken back.

The file is sealed as it arrives, opened only while it is read, and deleted when it is imported, dropped, or a day old.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import DataError, connection

from groundswell.basics.result import Refused
from groundswell.people.operations.importing.arriving import Arriving, kept
from groundswell.people.operations.importing.run import check_fields, import_list
from groundswell.people.operations.importing.undoing import undo_import
from groundswell.people.order_models import ImportOrder
from groundswell.people.sheets import mapping
from groundswell.people.sheets.reading import look, sheet
from groundswell.staff.operations import note

KEPT_FOR = timedelta(days=1)
_PROOF = ("organisation", "partner", "wording", "source", "language", "version")
_SHOWN = 50
_NAME_KEPT = 200
"""Characters of a column's name that an order keeps (see `arriving`)."""
_ORDERS = 0x6774
InUse = Callable[[Sequence[int]], set[int]]


def take_file(
    *, chunks: Iterable[bytes], file_name: str, folder: Path, staff_id: int | None, now: datetime
) -> int:  # fmt: skip
    """Keep an uploaded list, sealed, and read its first line; returns the order's number. `Refused` where it can't be read."""
    arriving = Arriving(folder)
    try:
        for chunk in chunks:
            arriving.write(chunk)
    except BaseException:
        arriving.drop()
        raise
    return keep_file(arriving=arriving, file_name=file_name, folder=folder, staff_id=staff_id, now=now)


def keep_file(*, arriving: Arriving, file_name: str, folder: Path, staff_id: int | None, now: datetime) -> int:
    """The same of one that has arrived piece by piece."""
    sweep(folder=folder, now=now)
    try:
        return arriving.keep(file_name=file_name, staff_id=staff_id, now=now)
    except DataError:
        # A sign that the database takes into no text. Its own words would name the columns, in the log.
        raise Refused.because(
            "import-header", "The first line holds signs that are in no column's name.", "Save the list again as CSV."
        ) from None


def order(
    *, order_id: int, act: str, asked: Mapping[str, str], said: Mapping[str, str], overwrite: Sequence[str]
) -> None:  # fmt: skip
    """Ask for a rehearsal or for the import itself, under this mapping. `Refused` where something is missing or unknown."""
    row = ImportOrder.objects.filter(pk=order_id).exclude(key="").first()
    if row is None or act not in ("rehearse", "import"):
        raise Refused.because("order-gone", "This file is not here any more.", "Upload it again.")
    words = {name: asked.get(name, "").strip() for name in _PROOF}
    ImportOrder.objects.filter(pk=order_id).exclude(state__in=("asked", "working")).update(
        asked=words, said=dict(said), overwrite=list(overwrite)
    )
    if not (words["organisation"] and words["wording"] and words["source"]):
        raise Refused.because(
            "consent-unproven",
            "An import can't raise consent without its proof.",
            "Say whom they allowed to write, in which words, and where they agreed.",
        )
    check_fields(said, tuple(overwrite))
    mapping.plan(row.header, said)
    if (
        not ImportOrder.objects.filter(pk=order_id)
        .exclude(state__in=("asked", "working"))
        .update(act=act, state="asked", seen=0, problem="", report={})
    ):
        raise Refused.because("order-busy", "This list is being worked on at this moment.", "Wait until it is done.")


def order_undo(*, run_id: int, file_name: str, why: str, staff_id: int | None, now: datetime) -> int:
    """Ask for a whole import to be taken back; returns the order's number."""
    if not why.strip():
        raise Refused.because("reason-missing", "Taking an import back needs a reason.", "Say why.")
    return ImportOrder.objects.create(
        act="undo", state="asked", file_name=file_name, run_id=run_id, why=why.strip()[:500], at=now, by=staff_id
    ).pk


def carry_out(*, order_id: int, folder: Path, in_use: InUse, now: datetime) -> None:
    """Do what was asked, and write down how it went. One that was killed goes on when it is called again.

    Where another process is at it already, nothing happens.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_ORDERS, order_id])
        if not cursor.fetchone()[0]:
            return
        try:
            _carry_out(order_id, folder, in_use, now)
        finally:
            if not connection.needs_rollback:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_ORDERS, order_id])


def _carry_out(order_id: int, folder: Path, in_use: InUse, now: datetime) -> None:
    row = ImportOrder.objects.filter(pk=order_id, state__in=("asked", "working")).first()
    if row is None:
        return
    mine = ImportOrder.objects.filter(pk=order_id)
    mine.update(state="working", seen=0)
    try:
        if row.act == "undo":
            undone = undo_import(run_id=row.run_id or 0, why=row.why, staff_id=row.by, in_use=in_use, now=now)
            mine.update(state="done", report=asdict(undone))
            return
        report = _import(row, folder / row.key, now)
    except Refused as refused:
        mine.update(state="failed", problem=str(refused.problems[0])[:500])
        return
    except OSError:
        mine.update(state="failed", problem="The file is not here any more. Upload it again.", key="")
        return
    except Exception as failure:
        # Said on the page, and kept from being tried every minute for ever; asked for again, it goes on where it ended.
        words = f"It ended by itself ({type(failure).__name__}); the log says more. Ask again, and it goes on where it was."
        mine.update(state="failed", problem=words)
        raise
    mine.update(state="done", report=report, run_id=report["run"])
    if row.act == "import":
        note(
            actor_id=row.by,
            act="import list",
            about=f"import {report['run']}: {report['rows']} rows",
            why=row.asked["source"],
            now=now,
        )
        _delete(row, folder)


def drop(*, order_id: int, folder: Path) -> bool:
    """The uploaded file is not wanted; it is deleted. False while it is being worked on."""
    row = ImportOrder.objects.filter(pk=order_id).exclude(state__in=("asked", "working")).first()
    if row is not None:
        _delete(row, folder)
    return row is not None


def sweep(*, folder: Path, now: datetime) -> int:
    """Delete files that nobody imported within a day, and files that no order knows. Returns how many."""
    for row in ImportOrder.objects.filter(at__lt=now - KEPT_FOR).exclude(key="").exclude(state="working"):
        ImportOrder.objects.filter(pk=row.pk).update(key="", state="failed" if row.state == "asked" else row.state)
    wanted = set(ImportOrder.objects.exclude(key="").values_list("key", flat=True))
    gone = 0
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in wanted and now.timestamp() - path.stat().st_mtime > KEPT_FOR.total_seconds():
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _import(row: ImportOrder, path: Path, now: datetime) -> dict[str, Any]:
    mine, seen = ImportOrder.objects.filter(pk=row.pk), 0

    def tick(count: int) -> None:
        nonlocal seen
        seen += count
        mine.update(seen=seen)

    asked = row.asked
    report = import_list(
        kept(path), organisation=asked["organisation"], partner=asked["partner"], wording=asked["wording"], source=asked["source"],
        language=asked["language"] or "en", version=asked.get("version") or "import", said=_in_full(row, path),
        overwrite=tuple(row.overwrite), dry_run=row.act == "rehearse", now=now, seen=tick, name=row.file_name,
    )  # fmt: skip
    found = asdict(report)
    found["rejected"], found["advice"] = found["rejected"][:_SHOWN], found["advice"][:_SHOWN]
    return found


def _in_full(row: ImportOrder, path: Path) -> dict[str, str]:
    """What was said of the columns, by their names as the file has them: an order keeps the beginning of a long one."""
    if max(map(len, row.said), default=0) < _NAME_KEPT:
        return dict(row.said)
    list_ = kept(path)
    header = sheet(list_, look(list_), mapping.known).header
    return {name: row.said[name[:_NAME_KEPT]] for name in header if name[:_NAME_KEPT] in row.said}


def _delete(row: ImportOrder, folder: Path) -> None:
    if row.key:
        (folder / row.key).unlink(missing_ok=True)
        ImportOrder.objects.filter(pk=row.pk).update(key="")
