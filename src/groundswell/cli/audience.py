"""Audiences: the schema, the saved ones, counting, saving, removing."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from groundswell.basics.result import Refused
from groundswell.cli import ready
from groundswell.cli.app import Json, app, now, say

audience_app = typer.Typer(no_args_is_help=True, help="Audiences: schema, list, show, count, save, use, remove.")
app.add_typer(audience_app, name="audience")


@audience_app.command("schema")
def audience_schema() -> None:
    """The JSON Schema of a definition."""
    from groundswell.mailings.audiences.schema import SCHEMA

    sys.stdout.write(json.dumps(SCHEMA, indent=1) + "\n")


@audience_app.command("list")
def audience_list(json_: Json = False) -> None:
    """The saved audiences, in words."""
    with ready.database():
        from groundswell.mailings.audiences.queries import audiences

        facts: dict[str, object] = {each.slug: f"{each.name}: {each.words}" for each in audiences()}
    say(facts, json_)


@audience_app.command("show")
def audience_show(slug: str) -> None:
    """A saved audience's definition, as JSON that `count` and `save` take again."""
    with ready.database():
        sys.stdout.write(json.dumps(_saved(slug), ensure_ascii=False, indent=1) + "\n")


@audience_app.command("count")
def audience_count(
    what: Annotated[str, typer.Argument(help="A definition (a JSON file), or the name of a saved audience.")], json_: Json = False
) -> None:
    """How many people a definition is now, in words, and why others are left out."""
    with ready.database():
        from groundswell.mailings.audience import shown
        from groundswell.mailings.audiences.reading import from_text

        content = from_text(_content(Path(what))) if "." in what or "/" in what else _saved(what)
        seen = shown(content, now=now())
        found = seen.explained
        house = {"house_cap": seen.cap, "without_house_cap": seen.without_cap} if seen.cap else {}
        facts: dict[str, object] = {
            "who": seen.words,
            "eligible": found.eligible,
            **found.left_out,
            "in_words": found.words,
            **house,
        }
        say(facts | house | ({"only_on_one_campaign": found.depends} if found.depends else {}), json_)


@audience_app.command("save")
def audience_save(slug: str, file: Path, name: Annotated[str, typer.Option(help="A few words that say who they are.")]) -> None:
    """Keep a definition (a JSON file) under a name."""
    with ready.database():
        from groundswell.mailings.audiences.operations import save_audience
        from groundswell.mailings.audiences.queries import in_words
        from groundswell.mailings.audiences.reading import from_text

        content = from_text(_content(file))
        save_audience(slug=slug, name=name, definition=content, now=now())
        say({slug: in_words(content)}, False)


@audience_app.command("use")
def audience_use(slug: str, mailing: str) -> None:
    """Send a mailing to this audience; it keeps its own copy of the definition."""
    with ready.database():
        from groundswell.mailings.audiences.operations import use_audience

        use_audience(slug=slug, mailing_slug=mailing)
        say({mailing: slug}, False)


@audience_app.command("remove")
def audience_remove(slug: str) -> None:
    """Forget a saved audience. Letters that use it keep their own copy; one that others are made of stays."""
    with ready.database():
        from groundswell.mailings.audiences.operations import remove_audience

        say({slug: "removed" if remove_audience(slug=slug) else "was not there"}, False)


def _saved(slug: str) -> dict[str, Any]:
    from groundswell.mailings.audiences.queries import audience_named

    found = audience_named(slug)
    if found is None:
        raise Refused.because("audience-unknown", f"There is no audience “{slug}”.", "`groundswell audience list` names them.")
    return dict(found.definition)


def _content(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise Refused.because("audience-file", f"{file} can't be read as text.", "Name a JSON file in UTF-8.") from None
