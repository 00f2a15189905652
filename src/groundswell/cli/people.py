"""Supporters: lists in, taken back, and what is known of them in numbers."""

import csv
import json
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from groundswell.basics.addresses import parse
from groundswell.basics.ids import PersonRef
from groundswell.basics.result import Problem, Refused
from groundswell.cli import ready
from groundswell.cli.app import Json, now, people_app, say
from groundswell.cli.progress import bar, console

_LONGER_THAN_ANY_NUMBER = 19
"""Digits that no number of a person has: the database would stumble over it, and say it aloud."""


@people_app.command("import")
def people_import(
    file: Path,
    wording: Annotated[str, typer.Option(help="The words people agreed to when they joined this list.")],
    source: Annotated[str, typer.Option(help="Where they agreed: a form, an event, a system.")],
    organisation: Annotated[str, typer.Option(help="Whom they allowed to write.")],
    partner: Annotated[str, typer.Option(help="The organisation that collected the list with you.")] = "",
    language: Annotated[str, typer.Option(help="The language of the words: en, de, …")] = "en",
    version: Annotated[str, typer.Option(help="Which version of the words it was, where there were several.")] = "import",
    map_: Annotated[list[str] | None, typer.Option("--map", help="What a column holds, as COLUMN=FIELD; more than once.")] = None,
    overwrite: Annotated[list[str] | None, typer.Option(help="A field to write over; otherwise only blanks are filled.")] = None,
    rejected: Annotated[Path | None, typer.Option(help="Where to write the rows that were not taken.")] = None,
    dry_run: Annotated[bool, typer.Option(help="Show what would change; change nothing.")] = False,
    json_: Json = False,
) -> int:
    """Import a list (CSV or XLSX). Blanks are filled, nothing is overwritten, nobody is re-subscribed; safe to repeat."""
    if not file.is_file():
        raise Refused.because("import-file", f"{file} is not there.", "Name a CSV or XLSX file.")
    with ready.database(), bar() as progress:
        from groundswell.people.operations import import_list
        from groundswell.people.queries import rejects

        began = time.monotonic()
        task = progress.add_task("looking" if dry_run else "importing", total=None)
        report = import_list(
            file, organisation=organisation, partner=partner, wording=wording, language=language, version=version, source=source,
            now=now(), dry_run=dry_run, said=_said(map_ or []), overwrite=tuple(overwrite or ()),
            total=lambda count: progress.update(task, total=count), seen=lambda count: progress.advance(task, count),
        )  # fmt: skip
        seconds = round(time.monotonic() - began, 2)
        beside = (
            _write_rejected(rejected or file.with_name(f"{file.name}.rejected.csv"), rejects(report.run)) if report.run else None
        )
    _explain(report, beside)
    facts: dict[str, object] = {
        "rows": report.rows, "new": report.new, "known": report.known, "filled": report.filled, "suppressed": report.suppressed,
        "withheld": report.withheld, "rejected": report.rejections, "dry_run": dry_run,
        "seconds": seconds,
    }  # fmt: skip
    say({**facts, "import": report.run} if report.run else facts, json_)
    return 0


@people_app.command("imports")
def people_imports(json_: Json = False) -> None:
    """Every import: its number, file, and how it ended."""
    with ready.database():
        from groundswell.people.queries import imports

        facts: dict[str, object] = {str(run.id): f"{run.file_name}, {run.rows} rows, {run.state}" for run in imports()}
    say(facts, json_)


@people_app.command("undo-import")
def people_undo_import(
    run: int, why: Annotated[str, typer.Option(help="The occasion: it goes into the ledger.")], json_: Json = False
) -> None:
    """Take a whole import back: who came by it, what it filled, what it said of consent. Suppressions stay."""
    with ready.database():
        from groundswell.mailings.audiences.queries import in_use
        from groundswell.people.operations import undo_import

        done = undo_import(run_id=run, why=why, staff_id=None, in_use=in_use, now=now())
    facts: dict[str, object] = {"removed": done.removed, "kept": done.kept, "restored": done.restored}
    if done.lost:
        facts["left as they are"] = done.lost if json_ else f"{done.lost} values: what was there before is kept for 90 days"
    say(facts, json_)


@people_app.command("export-one")
def people_export_one(reason: Annotated[str, typer.Option(help="Who asked, and when: it goes into the ledger.")]) -> int:
    """Everything held of one person, as JSON. Their number or address is read from standard input, never from the command."""
    with ready.database():
        from groundswell.people.rights import everything_of

        found = everything_of(person=_asked_for(), staff_id=None, reason=reason, now=now())
        if found is None:
            raise Refused.because("person-unknown", "Nobody of this number is here.", "Look at the number again.")
    sys.stdout.write(json.dumps(found, default=str, ensure_ascii=False, indent=1) + "\n")
    return 0


@people_app.command("forget")
def people_forget(why: Annotated[str, typer.Option(help="The occasion: it goes into the ledger.")], json_: Json = False) -> None:
    """Forget one person: details, tokens, notes, tags, their own words. The number or address is read from standard input."""
    with ready.database():
        from groundswell.people.operations import forget

        person = _asked_for()
        forget(person=person, staff_id=None, why=why, now=now())
    say({"forgotten": 1}, json_)


@people_app.command("retain")
def people_retain(
    dry_run: Annotated[bool, typer.Option(help="Say what would go; take nothing away.")] = False, json_: Json = False
) -> None:
    """What runs every night: let go of what is not needed any more (see GROUNDSWELL_SILENT_MONTHS)."""
    with ready.database() as settings:
        from groundswell.mailings.audiences.queries import in_use
        from groundswell.people.operations import retain

        kept = retain(silent_months=settings.silent_months, in_use=in_use, dry_run=dry_run, now=now())
    say({"silent": kept.silent, "old_values": kept.old_values, "old_rejects": kept.old_rejects, "dry_run": dry_run}, json_)


@people_app.command("field")
def people_field(
    slug: str, label: str, kind: Annotated[str, typer.Argument(help="choice, text, number, date or yes.")],
    choice: Annotated[list[str] | None, typer.Option(help="One of the words of a choice; more than once.")] = None,
) -> None:  # fmt: skip
    """Make a custom field, to be filled by an import (--map COLUMN=fact:SLUG) or in the office."""
    with ready.database():
        from groundswell.people.operations import make_field

        make_field(slug=slug, label=label, kind=kind, choices=choice or [])
    say({slug: kind}, False)


@people_app.command("export")
def people_export(
    file: Path,
    why: Annotated[str, typer.Option(help="What it is for: it goes into the ledger.")],
    column: Annotated[list[str], typer.Option(help="A column to write; more than once.")],
    audience: Annotated[str, typer.Option(help="A saved audience; only those of it who may be written to.")],
    json_: Json = False,
) -> None:
    """Write chosen columns of an audience as CSV (mode 600). Cells that a spreadsheet would run are made harmless."""
    with ready.database():
        from groundswell.mailings.audiences.queries import audience_named, members
        from groundswell.people.exporting import export

        found = audience_named(audience)
        if found is None:
            raise Refused.because("audience-unknown", f"There is no audience “{audience}”.", "`groundswell audience list`.")
        persons = (person for person, left_out in members(found.definition, now=now()) if not left_out)
        rows = export(persons=persons, columns=column, path=file, staff_id=None, why=why, now=now())
    say({"rows": rows, "file": file}, json_)


def _asked_for() -> PersonRef:
    """The person whose number or address is on standard input: neither belongs into a shell's history."""
    from groundswell.people.suppressions import person_with

    text = sys.stdin.readline().strip()
    if text.isdecimal() and len(text) < _LONGER_THAN_ANY_NUMBER:
        return PersonRef(int(text))
    address = parse(text)
    person = None if isinstance(address, Problem) else person_with(address)
    if person is None:
        raise Refused.because("person-unknown", "Nobody of this number or address is here.", "Look at the spelling again.")
    return person


def _said(maps: list[str]) -> dict[str, str]:
    said = {}
    for text in maps:
        column, equals, wanted = text.rpartition("=")
        if not equals or not column:
            raise Refused.because("map-form", f"--map {text} is not understood.", "Write it as --map 'COLUMN=FIELD'.")
        said[column] = wanted.strip()
    return said


def _write_rejected(path: Path, rows: Any) -> Path | None:
    """Line and reason, never the row itself: the list is there already, and one copy of a person is enough."""
    from groundswell.people.exporting import sheet

    rows = list(rows)
    if not rows:
        return None
    with sheet(path, encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["line", "taken", "reason"])
        writer.writerows((line, "yes" if taken else "no", reason) for line, reason, taken in rows)
    return path


def _explain(report: Any, beside: Path | None) -> None:
    """How the file was understood, for the person at the terminal."""
    if report.system:
        console.print(f"This is an export of {report.system}.", highlight=False)
    for column, field in report.mapping.items():
        console.print(f"  {column} → {field}", highlight=False, markup=False)
    for name, count in sorted(report.fields.items()):
        console.print(f"  {name}: {count} people who are here would be given it", highlight=False, markup=False)
    for column in report.ignored:
        console.print(f"  {column}: not read", highlight=False, markup=False)
    for column in report.secret:
        console.print(f"  {column}: looks like secrets. Not read; take it out of the file.", highlight=False, markup=False)
    if report.done_before:
        console.print("This file was imported already; nothing changed.", highlight=False)
    for line, reason in [*report.rejected[:20], *report.advice[:10]]:
        console.print(f"line {line}: {reason}", highlight=False, markup=False)
    if beside:
        sys.stderr.write(f"Every row that needs a look, with its line and reason: {beside}\n")
