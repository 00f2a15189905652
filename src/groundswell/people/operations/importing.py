"""Importing a list: a row at a time understood, a thousand at a time written, and never a consent that nobody gave."""

import csv
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.db import transaction

from groundswell.basics.addresses import parse
from groundswell.basics.result import Problem, Refused
from groundswell.people.models import ImportRun
from groundswell.people.operations.consent import record_consent
from groundswell.people.operations.enrol import enrol
from groundswell.people.operations.suppress import suppress_person
from groundswell.people.rules import row_consents, row_reason

BATCH = 500
COLUMNS: Mapping[str, frozenset[str]] = {
    "email": frozenset({"email", "e-mail", "email address", "mail", "email_address"}),
    "given_name": frozenset({"first name", "first_name", "firstname", "given name", "given_name", "fname"}),
    "family_name": frozenset({"last name", "last_name", "lastname", "family name", "family_name", "surname", "lname"}),
    "language": frozenset({"language", "lang", "locale"}),
    "country": frozenset({"country", "country code", "country_code"}),
    "region": frozenset({"region", "state", "state/province"}),
    "postcode_area": frozenset({"postcode", "zip", "zip_code", "zip code", "postal code", "postal_code"}),
    "unsubscribed": frozenset({"unsubscribed", "unsubscribed at", "unsubscribed_at", "unsub_time", "opted_out", "opted out"}),
    "bounced": frozenset({"bounced", "bounced at", "bounced_at", "hard bounce", "hard_bounce"}),
    "complained": frozenset({"complained", "complained at", "complained_at", "spam complaint"}),
    "status": frozenset({"status", "email status", "subscription status", "can2_subscription_status"}),
}


@dataclass(slots=True)
class ImportReport:
    """What an import did, or (dry run) would do."""

    rows: int = 0
    new: int = 0
    known: int = 0
    suppressed: int = 0
    withheld: int = 0
    """New people whose status is none we know as a yes: taken in, but not mailed."""
    rejected: list[tuple[int, str]] = field(default_factory=list)
    """Line and reason of each row that could not be taken; never its content."""


def import_csv(
    path: Path, *, organisation: str, wording: str, source: str, now: datetime, dry_run: bool = False,
    seen: Callable[[int], None] = lambda _: None,
) -> ImportReport:  # fmt: skip
    """Import a CSV of supporters who agreed to `wording` at `source`. Repeating it, even after a kill, changes nothing.

    Needs a column with the address; a status column that says unsubscribed, bounced or complained suppresses. Rows
    that can't be taken are reported with their line and reason; the others go on.
    """
    if not wording.strip() or not source.strip():
        raise Refused.because(
            "consent-unproven", "An import can't raise consent without its proof.", "Name --wording and --source."
        )
    content = path.read_bytes()
    rows = _rows(_text(content))
    report = ImportReport()
    run, _ = ImportRun.objects.get_or_create(
        sha256=hashlib.sha256(content).hexdigest(), defaults={"file_name": path.name[:200], "started_at": now}
    )
    if not dry_run:
        # A file that was begun goes on behind the last row that was committed; one that is done stays done.
        report.rows, report.new, report.known = run.rows_done, run.counts.get("new", 0), run.counts.get("known", 0)
        seen(report.rows)
    stream = islice(rows, report.rows, None)
    while batch := list(islice(stream, BATCH)):
        with transaction.atomic():
            for line, row in batch:
                report.rows += 1
                _take(line, row, report, organisation, wording, source, now)
            run.rows_done = max(run.rows_done, report.rows)
            run.counts = {"new": report.new, "known": report.known, "rejected": len(report.rejected)}
            run.save(update_fields=["rows_done", "counts"])
            if dry_run:
                transaction.set_rollback(True)
        seen(len(batch))
    if dry_run:
        if run.finished_at is None and run.started_at == now:
            run.delete()
    else:
        ImportRun.objects.filter(pk=run.pk, finished_at=None).update(finished_at=now)
    return report


def _take(
    line: int, row: Mapping[str, str], report: ImportReport, organisation: str, wording: str, source: str, now: datetime
) -> None:
    email = parse(row.get("email", ""))
    if isinstance(email, Problem):
        report.rejected.append((line, email.message))
        return
    enrolled = enrol(
        email=email,
        given_name=row.get("given_name") or None,
        family_name=row.get("family_name") or None,
        language=(row.get("language") or "en")[:12],
        country=(row.get("country") or "")[:2].upper(),
        region=(row.get("region") or "")[:80],
        postcode_area=(row.get("postcode_area") or "")[:4],
        now=now,
    )
    report.new += enrolled.created
    report.known += not enrolled.created
    reason = row_reason(row)
    consents = row_consents(row)
    if enrolled.created and not consents and not reason:
        report.withheld += 1
    elif enrolled.created:
        # A person known already keeps what they told us; a list can't speak for them.
        record_consent(
            person=enrolled.person, given=reason != "unsubscribed", organisation=organisation, wording=wording,
            version="import", language=row.get("language") or "en", source=source, how="import", now=now,
        )  # fmt: skip
    if reason:
        report.suppressed += suppress_person(person=enrolled.person, reason=reason, source=source, now=now)


def _text(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    lines = text.replace("\x00", "").splitlines(keepends=True)
    if not lines:
        raise Refused.because("import-empty", "The file is empty.", "Export the list again.")
    delimiter = max(",;\t|", key=lines[0].count)
    reader = csv.reader(lines, delimiter=delimiter)
    names = {index: name for index, head in enumerate(next(reader)) if (name := _column(head))}
    if "email" not in names.values():
        raise Refused.because(
            "import-no-address",
            "No column holds e-mail addresses.",
            "Name one of the columns “email” in the first line.",
        )
    return ((reader.line_num, {names[at]: cell.strip() for at, cell in enumerate(cells) if at in names}) for cells in reader)


def _column(head: str) -> str | None:
    head = " ".join(head.strip().casefold().split())
    return next((name for name, spellings in COLUMNS.items() if head in spellings), None)
