"""One file, from its first look to its last row: resumable after a kill, and the same however often it is asked for."""

import hashlib
import json
import os
import re
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.db import OperationalError, connection, transaction

from groundswell.basics import arrays
from groundswell.basics.result import Refused
from groundswell.basics.side_by_side import one_ahead
from groundswell.people import understanding
from groundswell.people.apart import WORTH_IT, Asked, read_apart
from groundswell.people.keys import index_ring, indexer
from groundswell.people.models import FactKind, ImportReject, ImportRun
from groundswell.people.operations.consent import terms_id
from groundswell.people.operations.importing.batch import Batch, refusals, sort_out
from groundswell.people.operations.importing.beside import names_worked_in, no_collector
from groundswell.people.operations.importing.taking_turns import only_one
from groundswell.people.operations.importing.writing import Counts, Order, by_field, foresee, write
from groundswell.people.operations.proving import prove_keys
from groundswell.people.sheets import mapping
from groundswell.people.sheets.facts import Kind, Kinds
from groundswell.people.sheets.mapping import Plan
from groundswell.people.sheets.reading import Looked, Sheet, look, sheet
from groundswell.people.sheets.rows import CLEAR, SEALED, Reader
from groundswell.people.sheets.sealed import SealedList
from groundswell.people.understanding import Marker, Note, Understood
from groundswell.people.vault import bulk, store

SHOWN = 1000
"""Rejected rows that a report holds; all of them are in the database and in the file beside the list."""
_COUNTED = ("new", "known", "suppressed", "withheld", "filled", "consents")


@dataclass(slots=True)
class ImportReport:
    """What an import did, or (dry run) would do."""

    rows: int = 0
    new: int = 0
    known: int = 0
    suppressed: int = 0
    withheld: int = 0
    """New people whose status is none we know as a yes: taken in, but not mailed."""
    filled: int = 0
    """Values given to people who were here."""
    consents: int = 0
    rejections: int = 0
    rejected: list[tuple[int, str]] = field(default_factory=list)
    """Line and reason of the first rows that could not be taken; never their content."""
    advice: list[tuple[int, str]] = field(default_factory=list)
    """Line and what a person may want to look at; these rows were taken."""
    run: int | None = None
    system: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    done_before: bool = False
    fields: dict[str, int] = field(default_factory=dict)
    """Field → how many people who were here would be given it (dry run)."""


def import_list(
    path: Path | SealedList, *, organisation: str, wording: str, source: str, now: datetime, version: str = "import",
    language: str = "en", partner: str = "", said: Mapping[str, str] | None = None, overwrite: tuple[str, ...] = (),
    dry_run: bool = False, name: str = "", total: Callable[[int], None] = lambda _: None,
    seen: Callable[[int], None] = lambda _: None,
) -> ImportReport:  # fmt: skip
    """Import a list of supporters who agreed to `wording` at `source`. Repeating it, even after a kill, changes nothing.

    `name` is shown for the file, where it is not its own. `said` maps columns to fields where a person knows better than we
    guess; blanks are filled, and only the fields in `overwrite` are written over. Rows that can't be taken are kept with their
    line and reason; the others go on.
    """
    if not wording.strip() or not source.strip():
        raise Refused.because(
            "consent-unproven", "An import can't raise consent without its proof.", "Name --wording and --source."
        )
    check_fields(said or {}, overwrite)
    prove_keys()
    looked = look(path)
    total(max(0, looked.lines - 1))
    opened = sheet(path, looked, mapping.known)
    check_names(opened.header)
    header = header_digest(opened.header)
    asked = dict(said) if said else said_before(header)
    plan = mapping.plan(opened.header, asked, file_name=name or path.name, kinds=kinds(asked))
    said_of_all = filter(None, (plan.status, language.removeprefix("en")))  # in other words the same rows are another list
    wanted = json.dumps(
        [looked.sha256, sorted(asked.items()), sorted(overwrite), organisation, partner, wording, version, source, *said_of_all]
    )
    report = ImportReport(system=plan.system, mapping=dict(plan.named), ignored=plan.ignored, secret=plan.secret)
    if dry_run:
        _rehearse(_understood(path, opened, looked, plan, now, skip=0), report, frozenset(overwrite), seen)
        return report
    run, _ = ImportRun.objects.get_or_create(
        sha256=hashlib.sha256(wanted.encode()).hexdigest(), undone_at=None,
        defaults={
            "file_name": (name or path.name)[:200], "started_at": now, "header": header, "said": asked, "mapping": dict(plan.named),
        },
    )  # fmt: skip
    report.run = run.pk
    with only_one(run.pk, "This file is being imported, or taken back, at this moment."):
        run.refresh_from_db()
        report.done_before = run.finished_at is not None
        if not report.done_before:
            terms = {
                given: terms_id(
                    organisation=organisation, partner=partner, purpose="mail", wording=wording, version=version,
                    language=language, source=source, how="import", proof_needed=True,
                )
                for given in (True, False)
            }  # fmt: skip
            seen(run.rows_done)
            # A file that was begun goes on behind the last row that was committed.
            pieces = _understood(path, opened, looked, plan, now, skip=run.rows_done)
            with names_worked_in(looked.lines - run.rows_done) as written:
                order = Order(run.pk, terms, source, frozenset(overwrite), run.started_at)
                with closing(_take_all(pieces, run, order)) as done:
                    for taken in done:
                        seen(taken)
                        written(taken)
            bulk.sort_names_in()
            ImportRun.objects.filter(pk=run.pk, finished_at=None, undone_at=None).update(finished_at=now)
    _still_wanted(run)
    _report(run, report)
    return report


def _understood(
    path: Path | SealedList, opened: Sheet, looked: Looked, plan: Plan, now: datetime, *, skip: int
) -> Generator[Understood, None, None]:
    """The list in batches, made beside their use: a long one in a process of its own, where there is a core for it."""
    if looked.lines - skip >= WORTH_IT and (os.cpu_count() or 1) > 1:
        opened.rows.close()
        return read_apart(Asked(path, looked, plan, now, skip, index_ring()))
    return one_ahead(understanding.batches(islice(opened.rows, skip, None), Reader(plan, now=now), indexer))


def _take_all(pieces: Generator[Understood, None, None], run: ImportRun, order: Order) -> Generator[int, None, None]:
    """Batch after batch; how many rows each was."""
    with closing(pieces), no_collector():
        for batch in pieces:
            _take(batch, run, order)
            yield batch.rows


def _take(batch: Understood, run: ImportRun, order: Order) -> None:
    for tries_left in (4, 3, 2, 1, 0):
        try:
            with transaction.atomic():
                store.alone()
                _still_wanted(run)
                _without_waiting_for_the_disk()
                index = indexer()
                if index.key_id != batch.index_key:  # the key was replaced since these rows were read
                    batch.marks = list(map(Marker(index).of, batch.drafts))
                sorted_out = sort_out(batch.drafts, batch.marks, index)
                counts = write(sorted_out, order)
                _checkpoint(run, batch.rows, counts, [*batch.notes, *refusals(sorted_out)])
            return
        except OperationalError:
            # A deadlock with somebody who was writing people: theirs went first, ours goes again.
            if not tries_left or connection.in_atomic_block:
                raise
            batch = batch.again()


def _still_wanted(run: ImportRun) -> None:
    """`Refused` where the run was taken back. Looked at anew: taking another one back may have given this one its people."""
    run.refresh_from_db()
    if run.undone_at is not None:
        raise Refused.because(
            "import-taken-back", "This import was taken back meanwhile.", "Import the file again if it is wanted after all."
        )


def _without_waiting_for_the_disk() -> None:
    """A batch may be lost where the database's machine falls: the run's place in the file goes with it, so it is taken again.

    The commit that ends the run waits for the disk, and with it for everything before.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")


def _checkpoint(run: ImportRun, rows: int, counts: Counts, notes: Sequence[Note]) -> None:
    run.rows_done += rows
    for name in _COUNTED:
        run.counts[name] = run.counts.get(name, 0) + getattr(counts, name)
    run.counts["rejected"] = run.counts.get("rejected", 0) + sum(not note.taken for note in notes)
    if counts.persons:
        run.first_person = min(run.first_person or counts.persons[0], counts.persons[0])
        run.last_person = max(run.last_person or 0, counts.persons[-1])
    rejects = [ImportReject(run_id=run.pk, line=note.line, reason=note.reason, taken=note.taken) for note in notes]
    ImportReject.objects.bulk_create(rejects)
    run.save(update_fields=["rows_done", "counts", "first_person", "last_person"])


def _rehearse(
    pieces: Generator[Understood, None, None], report: ImportReport, overwrite: frozenset[str], seen: Callable[[int], None]
) -> None:
    """Everything but the writing. Who would be new is remembered in a table of this session, so that memory stays small."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.rehearsed")
        cursor.execute("CREATE TEMPORARY TABLE rehearsed (index bytea PRIMARY KEY)")
    with closing(pieces):
        for understood in pieces:
            _rehearsed(understood, report, overwrite)
            seen(understood.rows)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE pg_temp.rehearsed")


def _rehearsed(understood: Understood, report: ImportReport, overwrite: frozenset[str]) -> None:
    with transaction.atomic():
        batch = sort_out(understood.drafts, understood.marks, indexer())
        repeated = _met_before(batch)
    notes = [*understood.notes, *refusals(batch)]
    counts = foresee(batch, overwrite)
    counts.known += repeated
    for name, count in by_field(batch, overwrite).items():
        report.fields[name] = report.fields.get(name, 0) + count
    report.rows += understood.rows
    for name in _COUNTED:
        setattr(report, name, getattr(report, name) + getattr(counts, name))
    report.rejections += sum(not note.taken for note in notes)
    report.rejected += [(note.line, note.reason) for note in notes if not note.taken][: SHOWN - len(report.rejected)]
    report.advice += [(note.line, note.reason) for note in notes if note.taken][: SHOWN - len(report.advice)]


def _met_before(batch: Batch) -> int:
    """Take out of `new` who was new in an earlier batch of this rehearsal; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO pg_temp.rehearsed SELECT unnest(%s::bytea[]) ON CONFLICT DO NOTHING RETURNING index",
            [arrays.of_bytes(mark for mark, _ in batch.new)],
        )
        first = {bytes(row[0]) for row in cursor.fetchall()}
    before = len(batch.new)
    batch.new = [(mark, draft) for mark, draft in batch.new if mark in first]
    return before - len(batch.new)


def _report(run: ImportRun, report: ImportReport) -> None:
    report.rows = run.rows_done
    for name in _COUNTED:
        setattr(report, name, run.counts.get(name, 0))
    report.rejections = run.counts.get("rejected", 0)
    report.rejected = list(run.rejects.filter(taken=False).values_list("line", "reason")[:SHOWN])
    report.advice = list(run.rejects.filter(taken=True).values_list("line", "reason")[:SHOWN])


_AN_ADDRESS = re.compile(r"@[^@\s]*\.")


def check_names(header: Sequence[str]) -> None:
    """`Refused` where the names of the columns hold an address: they are kept in clear, and would name a person there."""
    if any(_AN_ADDRESS.search(name) for name in header):
        raise Refused.because("import-headless", "The first line names a person, not columns.", "Put a line of names above it.")


def header_digest(header: Sequence[str]) -> str:
    """What a mapping is remembered by: the names of the columns, as they are compared."""
    return hashlib.sha256("\x1f".join(map(mapping.plain, header)).encode()).hexdigest()


def said_before(header: str) -> dict[str, str]:
    """How a file with these columns was mapped the last time somebody said."""
    found = ImportRun.objects.filter(header=header).exclude(said={}).order_by("-pk").values_list("said", flat=True).first()
    return dict(found or {})


def kinds(said: Mapping[str, str]) -> Kinds:
    """What the custom fields take that a list fills."""
    wanted = {name[5:] for name in said.values() if name.startswith("fact:")}
    return {row.slug: Kind(row.kind, tuple(row.choices)) for row in FactKind.objects.filter(slug__in=wanted)}


def check_fields(said: Mapping[str, str], overwrite: tuple[str, ...]) -> None:
    """`Refused` where a field can't be written over, or a custom field is not there."""
    for name in overwrite:
        if name not in (*SEALED, *CLEAR):
            raise Refused.because(
                "overwrite-field", f"“{name}” can't be written over.", f"These can: {', '.join((*SEALED, *CLEAR))}."
            )
    wanted = {name[5:] for name in said.values() if name.startswith("fact:")}
    missing = wanted - set(FactKind.objects.filter(slug__in=wanted).values_list("slug", flat=True))
    if missing:
        raise Refused.because(
            "field-unknown", f"There is no custom field “{min(missing)}”.", "Make it first: groundswell people field."
        )
