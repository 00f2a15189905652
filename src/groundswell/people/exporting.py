"""Window 5: some columns of some people as CSV, with a reason, into the ledger. The file is staff's to keep safe."""

import csv
import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction

from groundswell.basics.ids import PersonRef
from groundswell.basics.result import Refused
from groundswell.people.keys import vault_ring
from groundswell.people.models import Person
from groundswell.people.vault import store
from groundswell.people.vault.open import Opener
from groundswell.staff.operations import note

COLUMNS = ("person", *store.FIELDS, "language", "country", "region", "postcode_area", "joined_at", "may_mail", "why_not")
_AT_ONCE = 2000
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


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
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in _rows(iter(persons), columns):
            writer.writerow([harmless(value) for value in row])
            count += 1
    note(actor_id=staff_id, act="exported people", about=f"{count} rows, columns {', '.join(columns)}"[:200], why=why, now=now)
    return count


def harmless(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula, however many blanks stand before its first mark."""
    text = "" if value is None else value.isoformat() if isinstance(value, datetime) else str(value)
    bare = text.lstrip(" \u00a0\ufeff\u200b\u3000")
    return f"'{text}" if bare.startswith(_BEGINS_A_FORMULA) else text


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
