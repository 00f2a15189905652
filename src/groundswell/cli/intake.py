"""The journal of the public door: how it stands, whether it is whole, and applying it anew."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from groundswell.cli import ready
from groundswell.cli.app import Json, app, say

intake_app = typer.Typer(no_args_is_help=True, help="The journal of signatures: status, verify, replay.")
app.add_typer(intake_app, name="intake")


@intake_app.command("status")
def status(json_: Json = False) -> int:
    """How many journals there are and how far they are applied. Exit 1 where a person must look."""
    with ready.database() as settings:
        from groundswell.intake import queries

        disk, stands = queries.on_disk(settings.journal_folder), queries.standing(settings.journal_folder)
    say({**asdict(disk), **asdict(stands)}, json_)
    return 1 if stands.failed or stands.damaged else 0


@intake_app.command("verify")
def verify(json_: Json = False) -> int:
    """Open every record on the disk and look it up in the database. Changes nothing. Exit 1 where anything is wrong."""
    with ready.database() as settings:
        from groundswell.intake import queries

        found = queries.verify(settings.journal_folder, dict(settings.key_folder.ring("intake").keys))
    say(asdict(found), json_)
    return 1 if found.problems else 0


@intake_app.command("replay")
def replay(
    past_damage: Annotated[bool, typer.Option("--past-damage", help="Step over places that can't be read.")] = False,
    json_: Json = False,
) -> int:
    """Apply every journal on the disk anew: nothing is applied twice, what failed is tried again."""
    with ready.database() as settings:
        from groundswell.intake.operations import apply_journals, reopen
        from groundswell.intake.queries import standing
        from groundswell.pages.applying import Applying
        from groundswell.site.publishing import publish_petitions

        now = datetime.now(UTC)
        journals = reopen(folder=settings.journal_folder)
        applying = Applying(tokens=settings.key_folder.tokens, now=now)
        entries = apply_journals(
            folder=settings.journal_folder, private_keys=dict(settings.key_folder.ring("intake").keys), apply=applying, now=now,
            past_damage=past_damage,
        )  # fmt: skip
        publish_petitions(settings, now, only=applying.petitions)
        stands = standing(settings.journal_folder)
    facts = {"journals": journals, "entries": entries, "still_failed": stands.failed, "damaged": stands.damaged}
    say({**facts, "say": "Letters that follow from it leave with the worker's next look."}, json_)
    return 1 if stands.failed or stands.damaged else 0
