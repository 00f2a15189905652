"""Reads of uploaded lists: how each was understood, how far it is, what it did. No content of any row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from groundswell.basics.result import Refused
from groundswell.people.models import FactKind, ImportRun
from groundswell.people.order_models import ImportOrder
from groundswell.people.sheets import mapping
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


def fields() -> list[tuple[str, str]]:
    """What a column can be read as, with words for staff: the usual fields, and every custom one."""
    custom = [(f"fact:{row.slug}", row.label) for row in FactKind.objects.order_by("label")]
    return [("ignore", "not read"), *((name, words) for name, words in mapping.FIELDS.items() if name != "ignore"), *custom]


def order_view(order_id: int) -> OrderView | None:
    """One uploaded list."""
    row = ImportOrder.objects.filter(pk=order_id).exclude(act="undo").first()
    if row is None:
        return None
    system, guessed, secret = _understood(row.header, row.said)
    columns = tuple(
        Column(name, guessed.get(name, "ignore"), guessed.get(name) in row.overwrite, name in secret) for name in row.header if name
    )
    return OrderView(
        row.pk, row.file_name, bool(row.key), row.act, row.state, system, columns, row.asked, row.total, row.seen, row.report,
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
    undoing = ImportOrder.objects.filter(act="undo", run_id=run_id, state__in=("asked", "working")).exists()
    return RunView(
        run.pk, run.file_name, run.started_at, run.finished_at, run.undone_at, run.counts, run.rows_done, run.mapping,
        run.rejects.count(), undoing,
    )  # fmt: skip


def _understood(header: list[str], said: Mapping[str, str]) -> tuple[str, Mapping[str, str], tuple[str, ...]]:
    """The system, column → field, and the columns of secrets; also where no column is an address yet."""
    try:
        plan = mapping.plan(header, said)
    except Refused:
        # Nothing is settled yet: guess what can be guessed, and let staff say the rest.
        plan = mapping.plan([*header, "email"], {k: v for k, v in said.items() if k in header and v in mapping.FIELDS})
    return plan.system, plan.named, plan.secret
