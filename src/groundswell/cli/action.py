"""Letters, calls, pledges, photos and events from the shell: what there is, what came of it, ends, recipients, lists."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from groundswell.basics.result import Refused
from groundswell.cli import ready
from groundswell.cli.app import Json, app, now, say

if TYPE_CHECKING:
    from groundswell.actions.queries import PetitionView

action_app = typer.Typer(no_args_is_help=True, help="Letters, calls, pledges, photos, events: numbers, ends, recipients, lists.")
app.add_typer(action_app, name="action")
_Why = Annotated[str, typer.Option(help="The occasion: it goes into the ledger.")]


@action_app.command("list")
def list_(json_: Json = False) -> None:
    """Everything that people sign or do, newest first."""
    with ready.database():
        from groundswell.actions.queries import petitions

        views = petitions()
    facts: dict[str, object] = {
        view.slug: {"kind": view.manner, "title": view.title, "people": view.count, "closed": view.closed}
        if json_
        else f"{view.manner}, {view.count} people, {f'over: {view.closed}' if view.closed else 'open'}: {view.title}"
        for view in views
    }
    say(facts, json_)


@action_app.command("show")
def show(action: str, json_: Json = False) -> None:
    """One of them: what came of it, by outcome and by recipient. Nobody is named."""
    with ready.database():
        from groundswell.actions.acting import deeds, photos, sending

        view = _action(action)
        facts: dict[str, object] = {
            "kind": view.manner, "title": view.title, "version": view.version, "people": view.count, "goal": view.goal,
            "closed": view.closed, "outcomes": dict(view.tally), "by recipient": dict(deeds.by_whom(view.id)),
        }  # fmt: skip
        if view.manner == "send":
            facts["recipients"] = {str(whom.id): _whom(whom) for whom in sending.recipients(view.id)}
            facts["letters"] = sending.states(view.id)
        if view.kind == "photo":
            facts["photos to look at"] = len(photos.waiting(view.id))
    say(facts if json_ else {key: _plain(value) for key, value in facts.items() if value not in ("", {}, None)}, json_)


@action_app.command("make")
def make(
    name: Annotated[str, typer.Argument(help="Its address will be /a/NAME.")],
    kind: Annotated[str, typer.Option(help="petition, letter, call, pledge, photo or event.")],
    campaign: Annotated[str, typer.Option(help="The short name of its campaign.")],
    title: Annotated[str, typer.Option()],
    text: Annotated[Path, typer.Option(help="A file with the words of its page, in Markdown.")],
    setting: Annotated[Path | None, typer.Option(help="A JSON file with what the kind needs: see docs/actions.md.")] = None,
    goal: Annotated[int, typer.Option(min=1)] = 1000,
    language: Annotated[str, typer.Option()] = "en",
    thanks_subject: Annotated[str, typer.Option()] = "Thank you",
    thanks: Annotated[Path | None, typer.Option(help="A file with the thank-you letter, in Markdown with an ask.")] = None,
    json_: Json = False,
) -> None:
    """A new action with a plain page, published at once. The same name again, with other words, is a new version of it."""
    with ready.database() as settings:
        from groundswell.actions.operations import open_petition
        from groundswell.actions.queries import petition_named
        from groundswell.campaigns.queries import campaign_cards, campaign_named
        from groundswell.pages.authoring import keep_page
        from groundswell.site.publishing import publish_petitions

        at = campaign_named(campaign)
        if at is None:
            names = ", ".join(card.slug for card in campaign_cards()) or "none yet"
            raise Refused.because("campaign-unknown", f"There is no campaign “{campaign}”.", f"There are: {names}.")
        before = petition_named(_slug(name))
        if before is not None and before.kind != kind:
            raise Refused.because("action-kind", f"{name} is a {before.kind}, and its kind stays.", "Choose another name.")
        found = open_petition(
            slug=_slug(name), campaign_id=at, title=title, text=_read(text), goal=goal, kind=kind, language=language,
            setting=_json(setting), thanks_subject=thanks_subject, thanks_text=_read(thanks) if thanks else _THANKS, now=now(),
        )  # fmt: skip
        keep_page(found)
        publish_petitions(settings, now(), only={found})
    say({"page": f"{settings.base_url}/a/{_slug(name)}", "kind": kind}, json_)


@action_app.command("close")
def close(action: str, why: Annotated[str, typer.Option(help="What the page says.")], json_: Json = False) -> int:
    """Take nothing more. What was done stays; the page says why. Exit 1 where it was over before."""
    with ready.database() as settings:
        from groundswell.actions.acting import steering
        from groundswell.site.publishing import publish_petitions

        found = _action(action).id
        ended = steering.end(petition_id=found, why=why, staff_id=None, now=now())
        publish_petitions(settings, now(), only={found})
    say({"closed": ended}, json_)
    return 0 if ended else 1


@action_app.command("open")
def open_(action: str, json_: Json = False) -> int:
    """Take up again what was closed. Exit 1 where it was open."""
    with ready.database() as settings:
        from groundswell.actions.acting import steering
        from groundswell.site.publishing import publish_petitions

        found = _action(action).id
        opened = steering.take_up(petition_id=found, staff_id=None, now=now())
        publish_petitions(settings, now(), only={found})
    say({"opened": opened}, json_)
    return 0 if opened else 1


@action_app.command("export")
def export(
    action: str,
    file: Path,
    why: _Why,
    outcome: Annotated[list[str] | None, typer.Option(help="Only people with this outcome (coming); more than once.")] = None,
    column: Annotated[list[str] | None, typer.Option(help="A column of theirs; more than once. Without it: their names.")] = None,
    totals: Annotated[bool, typer.Option("--totals", help="Numbers by recipient and outcome, and nobody's name.")] = False,
    json_: Json = False,
) -> None:
    """Write who did it, or with --totals how many, as CSV: mode 600, and into the ledger."""
    with ready.database():
        from groundswell.actions.acting import steering

        found = _action(action).id
        what: dict[str, Any] = {"path": file, "why": why, "staff_id": None, "now": now()}
        if totals:
            rows = steering.write_totals(petition_id=found, **what)
        else:
            rows = steering.write_people(petition_id=found, outcomes=outcome or [], columns=column or steering.NAMES, **what)
    say({"rows": rows, "file": str(file)}, json_)


@action_app.command("recipient")
def recipient(
    action: str,
    name: str,
    address: Annotated[str, typer.Argument(help="Their mail address: into the vault, not shown again.")],
    role: Annotated[str, typer.Option()] = "",
    place: Annotated[list[str] | None, typer.Option(help="Whose they are, as “US WA” or “GB SW1”; more than once.")] = None,
    json_: Json = False,
) -> None:
    """Somebody to whom we send people's letters from now on."""
    with ready.database():
        from groundswell.actions.acting import sending

        view = _sent_by_us(action)
        sending.name_recipient(
            petition_id=view.id, name=name, role=role, address=address, places=place or [], staff_id=None, now=now()
        )
        named = sending.recipients(view.id)
    say({"recipients": {str(whom.id): _whom(whom) for whom in named} if json_ else len(named)}, json_)


@action_app.command("recipient-drop")
def recipient_drop(
    action: str, number: Annotated[int, typer.Argument(help="From `groundswell action show`.")], json_: Json = False
) -> None:
    """No more letters to somebody; those that wait for them are withheld."""
    with ready.database():
        from groundswell.actions.acting import sending

        view = _sent_by_us(action)
        if number not in {whom.id for whom in sending.recipients(view.id)}:
            raise Refused.because(
                "recipient-unknown", f"{action} has no recipient {number}.", f"See `groundswell action show {action}`."
            )
        sending.drop_recipient(recipient_id=number, staff_id=None, now=now())
        left = len(sending.recipients(view.id))
    say({"recipients": left}, json_)


_THANKS = '{{ first_name | "Friend" }},\n\nThank you. It counts.\n\n::: ask\nPass it on\n:::\n'


def _action(slug: str) -> "PetitionView":
    from groundswell.actions.queries import petition_named

    view = petition_named(slug)
    if view is None:
        raise Refused.because("action-unknown", f"There is no action {slug}.", "See `groundswell action list`.")
    return view


def _sent_by_us(slug: str) -> "PetitionView":
    view = _action(slug)
    if view.manner != "send":
        raise Refused.because("action-recipients", f"{slug} is no letter that we send.", "Its offices stand on its page.")
    return view


def _slug(name: str) -> str:
    from django.utils.text import slugify

    slug = slugify(name)[:50]
    if not slug:
        raise Refused.because("action-name", "An action's short name needs letters or digits.", "For example call-them.")
    return slug


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise Refused.because("file-unreadable", f"{path} can't be read as text.", "Name a UTF-8 file.") from None


def _json(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        found = json.loads(_read(path))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Refused.because("action-setting", f"{path} holds no JSON object.", 'Write it as {"until": "…"}.')
    return found


def _whom(whom: Any) -> str:
    return ", ".join(part for part in (whom.name, whom.role, " ".join(f"({place})" for place in whom.places)) if part)


def _plain(value: object) -> object:
    """Nested numbers on one line."""
    if not isinstance(value, dict):
        return value
    return "; ".join(f"{key or '–'}: {_plain(each)}" for key, each in value.items())
