"""`groundswell bench NAME`: measuring, each figure against a limit or a peer of the same run. Exit 1 below what was asked for."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from groundswell.cli.app import Json, app

bench_app = typer.Typer(no_args_is_help=True, help="Measure, against a limit or a peer of the same run.")
app.add_typer(bench_app, name="bench")


@bench_app.command()
def letter(json_: Json = False) -> int:
    """Letters rendered and signed, against OpenSSL's bare RSA."""
    from groundswell.cli.benches import letter as measure

    return told(measure(), json_)


@bench_app.command()
def inbound(
    json_: Json = False,
    corpus: Annotated[Path | None, typer.Option(help="A folder of mails to read in place of made ones.")] = None,
) -> int:
    """Mails that came back, read; against Python's own parser."""
    from groundswell.cli.bench_inbound import inbound as measure

    return told(measure(corpus), json_)


@bench_app.command()
def door(json_: Json = False) -> int:
    """The public door, against a plain view and against the database itself."""
    from groundswell.cli.bench_door import door as measure

    return told(measure(), json_)


@bench_app.command()
def handover(
    json_: Json = False, people: Annotated[int, typer.Option(help="How many sign; a tenth of them are printed.")] = 1_000_000
) -> int:
    """Signatures handed over as CSV and PDF; against a bare COPY of the same rows."""
    from groundswell.cli.bench_handover import handover as measure

    return told(measure(people), json_)


@bench_app.command()
def mailing(json_: Json = False) -> int:
    """A mailing from the sealed vault to a receiver; against OpenSSL's bare RSA and Postfix's own sender."""
    from groundswell.cli.bench_mailing import mailing as measure

    return told(measure(), json_)


@bench_app.command()
def people(
    json_: Json = False,
    full: Annotated[
        bool,
        typer.Option(
            help="Audiences of ten times as many people, and five actions of each: 10 and 50 million. Takes an hour and 32 GB."
        ),
    ] = False,
    people: Annotated[int, typer.Option(help="How many rows are imported.")] = 1_000_000,
    keep: Annotated[
        Path | None, typer.Option(help="Leave everything in this folder; the next run with it asks the same people again.")
    ] = None,
) -> int:
    """A list imported, against a bare COPY of the same rows; audiences counted and frozen."""
    from groundswell.cli.bench_people import measure

    return told(measure(full=full, people=people, keep=keep), json_)


def told(result: dict[str, Any], as_json: bool) -> int:
    """Say the result; the exit code says whether every figure reached what was asked for."""
    if as_json:
        sys.stdout.write(json.dumps(result) + "\n")
    else:
        for figure in result["figures"]:
            sys.stdout.write(f"{figure['name']}: {figure['value']} {figure['unit']} ({figure['ratio']} of {figure['against']})\n")
    return 0 if all(figure["ok"] for figure in result["figures"]) else 1
