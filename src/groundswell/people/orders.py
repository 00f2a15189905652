"""Reads of uploaded lists: how each was understood, how far it is, what it did. No content of any row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from groundswell.basics.result import Refused
from groundswell.people.models import FactKind, ImportRun
from groundswell.people.order_models import ImportOrder
from groundswell.people.sheets import mapping
from groundswell.people.sheets.mapping import Plan
from groundswell.people.sheets.rows import CLEAR, SEALED

OVERWRITABLE = frozenset((*SEALED, *CLEAR))
"""Fields that an import may write over, where staff ask for it."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file, and what it is read as."""

    name: str
    field: str
    overwrite: bool
    secret: bool
    unclear: bool
    """Looks like saying who may be mailed, and nobody has said what it holds: nothing is chosen beforehand."""


@dataclass(frozen=True, slots=True)
class OrderView:
    """An uploaded list."""

    id: int
    file_name: str
    here: bool
    act: str
    state: str
    system: str
    columns: tuple[Column, ...]
    asked: Mapping[str, str]
    total: int
    seen: int
    report: Mapping[str, Any]
    problem: str
    run_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class RunView:
    """An import, as its page shows it."""

    id: int
    file_name: str
    started_at: datetime
    finished_at: datetime | None
    undone_at: datetime | None
    counts: Mapping[str, int]
    rows: int
    mapping: Mapping[str, str]
    rejects: int
    undoing: bool
    dropped: int
    """Values it wrote over that taking it back leaves as they are."""
    problem: str
    """Why it could not be taken back, where that was tried last."""


def fields() -> list[tuple[str, str]]:
    """What a column can be read as, with words for staff: the usual fields, and every custom one."""
    custom = [(f"fact:{row.slug}", row.label) for row in FactKind.objects.order_by("label")]
    return [("ignore", "not read"), *((name, words) for name, words in mapping.FIELDS.items() if name != "ignore"), *custom]


def order_view(order_id: int) -> OrderView | None:
    """One uploaded list."""
    row = ImportOrder.objects.filter(pk=order_id).exclude(act="undo").first()
    if row is None:
        return None
    plan = _understood(row.header, row.said, row.file_name)
    guessed = plan.named
    columns = tuple(
        Column(
            name, guessed.get(name, "ignore"), guessed.get(name) in row.overwrite, name in plan.secret, name in plan.unclear,
        )
        for name in row.header if name
    )  # fmt: skip
    return OrderView(
        row.pk, row.file_name, bool(row.key), row.act, row.state, plan.system, columns, row.asked, row.total, row.seen, row.report,
        row.problem, row.run_id, row.at,
    )  # fmt: skip


def waiting() -> list[int]:
    """Orders that were asked for and are not done, the oldest first."""
    return list(ImportOrder.objects.filter(state__in=("asked", "working")).order_by("pk").values_list("pk", flat=True))


def unfinished() -> list[tuple[int, str]]:
    """Uploaded lists that are still here: number and name."""
    return list(ImportOrder.objects.exclude(key="").order_by("-pk").values_list("pk", "file_name"))


def run_view(run_id: int) -> RunView | None:
    """One import."""
    run = ImportRun.objects.filter(pk=run_id).first()
    if run is None:
        return None
    undo = ImportOrder.objects.filter(act="undo", run_id=run_id).order_by("-pk").values_list("state", "problem").first() or ("", "")
    return RunView(
        run.pk, run.file_name, run.started_at, run.finished_at, run.undone_at, run.counts, run.rows_done, run.mapping,
        run.rejects.count(), undo[0] in ("asked", "working"), run.dropped, undo[1] if run.undone_at is None else "",
    )  # fmt: skip


def _understood(header: list[str], said: Mapping[str, str], file_name: str) -> Plan:
    """As far as it is settled: also where no column is an address yet, or one about mail is not explained."""
    try:
        return mapping.plan(header, said, file_name=file_name, unsettled=True)
    except Refused:
        # Nothing is settled yet: guess what can be guessed, and let staff say the rest.
        kept = {name: wanted for name, wanted in said.items() if name in header and wanted in mapping.FIELDS}
        return mapping.plan([*header, "email"], kept, file_name=file_name, unsettled=True)
