"""The command itself, and what every one of its parts needs: the clock, the way results are said."""

import json
import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False,
                  help="Groundswell: write, send, sign, hand over, remember.")  # fmt: skip
people_app = typer.Typer(no_args_is_help=True, help="Supporters: import, counts.")
mailing_app = typer.Typer(no_args_is_help=True, help="Mailings: write, test, send, steer, and what they brought.")
inbound_app = typer.Typer(no_args_is_help=True, help="What comes back by mail.")
app.add_typer(people_app, name="people")
app.add_typer(mailing_app, name="mailing")
app.add_typer(inbound_app, name="inbound")
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object, for machines.")]


def now() -> datetime:
    """The clock, read at the door."""
    return datetime.now(UTC)


def say(facts: dict[str, object], as_json: bool) -> None:
    """The result: JSON on one line, or a line per fact."""
    text = json.dumps(facts, default=str) if as_json else "\n".join(f"{key}: {value}" for key, value in facts.items())
    sys.stdout.write(text + "\n")
