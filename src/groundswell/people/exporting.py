"""Window 5: some columns of some people as CSV, with a reason, into the ledger. The file is staff's to keep safe."""

import csv
import errno
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from django.db import transaction

from groundswell.basics import cells
from groundswell.basics.ids import PersonRef
from groundswell.basics.result import Refused
from groundswell.people.keys import vault_ring
from groundswell.people.models import Person
from groundswell.people.vault import store
from groundswell.people.vault.open import Opener
from groundswell.staff.operations import note

COLUMNS = ("person", *store.FIELDS, "language", "country", "region", "postcode_area", "joined_at", "may_mail", "why_not")
_AT_ONCE = 2000


def export(
    *, persons: Iterable[PersonRef], columns: Sequence[str], path: Path, staff_id: int | None, why: str, now: datetime
) -> int:  # fmt: skip
    """Write these columns of these people; returns how many rows. The file is only the caller's to read (mode 600)."""
    if not why.strip():
        raise Refused.because("reason-missing", "An export of people needs a reason.", "Say what it is for.")
    if wrong := [column for column in columns if column not in COLUMNS] or ([] if columns else ["nothing"]):
        raise Refused.because("export-column", f"There is no column “{wrong[0]}”.", f"There are: {', '.join(COLUMNS)}.")
    with transaction.atomic():
        note(actor_id=staff_id, act="export people", about=f"columns {', '.join(columns)}"[:200], why=why, now=now)
    count = 0
    with sheet(path, encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in _rows(iter(persons), columns):
            writer.writerow([harmless(value) for value in row])
            count += 1
    note(actor_id=staff_id, act="exported people", about=f"{count} rows, columns {', '.join(columns)}"[:200], why=why, now=now)
    return count


def harmless(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula, however many blanks stand before its first mark."""
    return cells.harmless("" if value is None else value.isoformat() if isinstance(value, datetime) else str(value))


def sheet(path: Path, *, encoding: str) -> TextIO:
    """A file for what names people: only the caller's to read (mode 600), also where one with another mode was there.

    A link is not followed: who may write into the folder must not choose what is written over, or who reads it.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        if error.errno != errno.ELOOP:
            raise
        raise Refused.because("file-link", f"{path} is a link.", "Name the file itself, or one that is not there yet.") from None
    file = os.fdopen(descriptor, "w", encoding=encoding, newline="")
    try:
        # A pipe or a device keeps its mode: it is no file of ours.
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.fchmod(descriptor, 0o600)
            os.ftruncate(descriptor, 0)
    except PermissionError:
        file.close()
        raise Refused.because("file-owner", f"{path} is somebody else's.", "Name a file that is not there yet.") from None
    return file


def _rows(persons: Iterator[PersonRef], columns: Sequence[str]) -> Iterator[list[Any]]:
    opener = Opener(vault_ring())
    sealed_columns = [column for column in columns if column in store.FIELDS]
    while some := list(islice(persons, _AT_ONCE)):
        facts = {row["id"]: row for row in Person.objects.filter(pk__in=some).values()}
        details = {row.person: row for row in store.get(some)} if sealed_columns else {}
        for person in some:
            if person not in facts:
                continue
            row: dict[str, Any] = {**facts[person], "person": person}
            one = details.get(person)
            for column in sealed_columns:
                row[column] = opener.open(person, column, getattr(one, column)) if one else None
            yield [row[column] for column in columns]
