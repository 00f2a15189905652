"""The record: enter, list, look at standings and flags, compare copies, import the register, play a night."""

import json
import sys
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Annotated, Any

import typer

from groundswell.basics.result import Refused
from groundswell.cli import ready
from groundswell.cli.app import Json, app, now, say

record_app = typer.Typer(no_args_is_help=True, help="The record: entries, standings, copies, the register.")
app.add_typer(record_app, name="record")
At = Annotated[str, typer.Option("--at", help="As if it were this day (2027-01-31). For looking ahead, and for tests.")]


@record_app.command("enter")
def record_enter(campaign: str, file: Path, json_: Json = False) -> int:
    """Enter what a JSON file holds: one entry, or a list of them; all or none. Safe to repeat."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Refused.because("record-file", f"{file} can't be read as JSON.", type(error).__name__) from None
    listed = content if isinstance(content, list) else content.get("entries", [content]) if isinstance(content, dict) else []
    if not listed or not all(isinstance(entry, dict) for entry in listed):
        raise Refused.because("record-file", f"{file} holds no entries.", "It should be an object, or a list of them.")
    with ready.database():
        from groundswell.campaigns import operations

        numbers = operations.enter_many(campaign_id=_campaign(campaign), entries=listed, now=now())
    say({"entered": len(set(numbers))}, json_)
    return 0


@record_app.command("list")
def record_list(campaign: str, json_: Json = False) -> int:
    """Every entry, oldest first, with its key, its certainty and how many sources."""
    with ready.database():
        from groundswell.campaigns import queries

        view = queries.record(_campaign(campaign), now().date(), everything=True)
    rows = [
        {
            "key": entry.key, "dated": entry.dated, "kind": entry.kind, "certainty": entry.certainty, "sources": len(entry.sources),
            "corrected_by": entry.corrected_by,
        }
        for entry in view.entries
    ]  # fmt: skip
    _rows(rows, json_)
    return 0


@record_app.command("standing")
def record_standing(campaign: str, at: At = "", json_: Json = False) -> int:
    """How every commitment stands, today or on another day."""
    with ready.database():
        from groundswell.campaigns import queries

        views = queries.commitments(_campaign(campaign), _moment(at).date())
    _rows([{"commitment": view.title, "standing": view.standing.words} for view in views], json_)
    return 0


@record_app.command("flags")
def record_flags(campaign: str, json_: Json = False) -> int:
    """Drafts and pages that cite what was corrected, disputed, or is no longer what the saved copy says. Exit 1 if any."""
    with ready.database():
        from groundswell.campaigns import operations, queries

        campaign_id = _campaign(campaign)
        operations.refresh_flags(campaign_id=campaign_id, now=now())
        flags = queries.open_flags(campaign_id)
    _rows([{"what": flag.place_kind, "where": flag.place, "cites": flag.key, "which was": flag.reason} for flag in flags], json_)
    return 1 if flags else 0


@record_app.command("check-copies")
def record_check_copies(
    files: list[Path], entry: Annotated[str, typer.Option(help="The entry, where the files are not named by its key.")] = "",
    json_: Json = False,
) -> int:  # fmt: skip
    """Compare new copies with the saved ones. A file is named by its entry: `KEY.pdf`, or `KEY--2.pdf` for its second source.

    Nothing is fetched here: you bring the copy (`record fetch` asks the web). Exit 1 if one differs.
    """
    results: list[dict[str, Any]] = []
    with ready.database() as settings:
        from groundswell.campaigns import evidence, operations, queries

        for file in files:
            key, _, place = (entry or file.name.partition(".")[0]).partition("--")
            found = queries.entry_named(key)
            number = int(place) if place.isdigit() else 1
            if found is None or number > len(found.sources) or not file.is_file():
                raise Refused.because(
                    "copy-whose", f"{file} names no source of the record.", "Name it KEY.pdf, or use --entry KEY."
                )
            sha256 = operations.keep_copy(
                evidence.pieces_of(file), file_name=file.name, folder=settings.evidence_folder, now=now()
            )  # fmt: skip
            result = operations.check_copy(source_id=found.sources[number - 1].id, sha256=sha256, now=now())
            results.append({"file": str(file), "sha256": sha256, "result": result})
    _rows(results, json_)
    return 1 if any(row["result"] == "differs" for row in results) else 0


@record_app.command("fetch")
def record_fetch(
    campaign: str, entry: Annotated[str, typer.Option(help="Only this entry's sources, by its key.")] = "", json_: Json = False
) -> int:
    """Fetch the record's sources, keep what they answer as WARC, and compare with the saved copies.

    Asks public machines only, one after the other, at most a minute and 200 MB each. Exit 1 if one differs or is gone.
    """
    rows: list[dict[str, Any]] = []
    with ready.database() as settings:
        from groundswell.campaigns import operations, queries

        view = queries.record(_campaign(campaign), now().date(), everything=True)
        listed = [each for each in view.standing_entries if entry in ("", each.key)]
        if not listed:
            raise Refused.because("entry-unknown", f"There is no entry “{entry}”.", "`groundswell record list` shows the keys.")
        for each in listed:
            for source in (source for source in each.sources if source.url):
                try:
                    result, words = operations.fetch_copy(
                        source_id=source.id, folder=settings.evidence_folder, user_agent=settings.fetches_as, now=now()
                    )
                except Refused as refused:
                    result, words = "refused", str(refused.problems[0])
                rows.append({"entry": each.key, "address": source.url, "result": result, "words": words})
    _rows(rows, json_)
    return 1 if any(row["result"] in ("differs", "gone") for row in rows) else 0


@record_app.command("supplies")
def record_supplies(
    file: Path, name: Annotated[str, typer.Option(help="What to call this list.")] = "",
    dry_run: Annotated[bool, typer.Option(help="Show what would change; change nothing.")] = False, json_: Json = False,
) -> int:  # fmt: skip
    """Import who supplies what to whom: our own columns, or a download of the Atlas of Surveillance. Safe to repeat."""
    if not file.is_file():
        raise Refused.because("register-file", f"{file} is not there.", "Name a CSV file.")
    with ready.database():
        from groundswell.campaigns import operations

        report = operations.import_supplies(file, list_name=name, dry_run=dry_run, now=now())
    if not json_:
        for line, why in report.refused[:20]:
            sys.stdout.write(f"line {line}: {why}\n")
    say(
        {"new": report.new, "renewed": report.renewed, "same": report.same, "refused": len(report.refused), "dry_run": dry_run},
        json_,
    )
    return 0


@record_app.command("nightly")
def record_nightly(at: At = "", json_: Json = False) -> int:
    """What the worker does every night: standings, reminders, flags, proposed letters, pages."""
    with ready.database() as settings:
        from groundswell.site.nightly import nightly

        night = nightly(settings, _moment(at))
    facts: dict[str, object] = {
        "standings changed": night.changes, "reminders": night.reminders, "new flags": night.flags,
        "letters proposed": night.letters, "files": night.pages,
    }  # fmt: skip
    say(facts, json_)
    return 0


def _campaign(slug: str) -> int:
    from groundswell.campaigns import queries

    found = queries.campaign_named(slug)
    if found is None:
        names = ", ".join(card.slug for card in queries.campaign_cards()) or "none yet"
        raise Refused.because("campaign-unknown", f"There is no campaign “{slug}”.", f"There are: {names}.")
    return found


def _moment(at: str) -> datetime:
    if not at:
        return now()
    try:
        day = datetime.fromisoformat(at)
    except ValueError:
        raise Refused.because("day-unreadable", f"“{at}” is no day.", "Write it as 2027-01-31.") from None
    return day if day.tzinfo else datetime.combine(day.date(), time(2, 20), UTC)


def _rows(rows: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(rows, default=str) + "\n")
        return
    for row in rows:
        sys.stdout.write("  ".join(str(value) for value in row.values() if value not in ("", None)) + "\n")
    if not rows:
        sys.stdout.write("nothing\n")
