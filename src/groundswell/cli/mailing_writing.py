"""Mailings from files: drafted, checked, tested in several ways, scheduled, read afterwards; and the steps of series."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from groundswell.basics.result import Refused
from groundswell.cli import ready
from groundswell.cli.app import Json, mailing_app, now, say
from groundswell.cli.mailing import named

if TYPE_CHECKING:
    from groundswell.basics.ids import ActionId

series_app = typer.Typer(no_args_is_help=True, help="Letters that go out by themselves, days after somebody joined.")
mailing_app.add_typer(series_app, name="series")


@mailing_app.command("draft")
def mailing_draft(
    slug: str, file: Path, sender: Annotated[str, typer.Option(help="A sender profile; the front matter may name it.")] = "",
    action: Annotated[str, typer.Option(help="A petition; the front matter may name it.")] = "", json_: Json = False,
) -> int:  # fmt: skip
    """Draft a letter from a file, or change the draft of that name; then say what the compiler says of it. Exit 1 with errors."""
    text = _read(file)
    with ready.database():
        from groundswell.engine.compile import head_of
        from groundswell.mailings import queries
        from groundswell.mailings.composing import choosing, looking, saving

        head = head_of(text)
        there = queries.mailing_named(slug)
        if there is None:
            senders = looking.senders()
            choosing.begin(
                slug=slug, appeal=text, sender=head.get("sender") or sender or (senders[0][0] if len(senders) == 1 else ""),
                action=head.get("action") or action or _only_action(), language=head.get("language", ""), staff_id=None, now=now(),
            )  # fmt: skip
        else:
            before = looking.composition(slug, today=now().date())
            saving.save(mailing_id=there.id, appeal=text, base=before.edition if before else 0, staff_id=None, now=now())
            choosing.choose(mailing_id=there.id, sender=sender, action=action)
        return _remarks(slug, json_)


@mailing_app.command("sender")
def mailing_sender(slug: str, file: Annotated[Path, typer.Argument(help="A JSON object.")]) -> None:
    """Make or change a sender profile; a file with a fact that there is none of is told which there are."""
    try:
        facts = json.loads(_read(file))
    except ValueError:
        facts = None
    with ready.database():
        from groundswell.mailings.senders import FIELDS, keep_profile

        if not isinstance(facts, dict) or not set(facts) <= set(FIELDS):
            raise Refused.because("sender-file", f"{file.name} is no sender profile.", f"A JSON object of: {', '.join(FIELDS)}.")
        kept = keep_profile(slug=slug, facts={name: str(value) for name, value in facts.items()}, staff_id=None, now=now())
    say({"kept": kept}, False)


@mailing_app.command("check")
def mailing_check(slug: str, json_: Json = False) -> int:
    """What the compiler says of a draft, with line and column. Exit 1 where it can't be sent."""
    with ready.database():
        return _remarks(named(slug).slug, json_)


@mailing_app.command("way")
def mailing_way(
    slug: str, subject: str = "", sender: str = "", body: Annotated[Path | None, typer.Option(help="A file.")] = None,
    share: Annotated[int, typer.Option(help="Of a hundred people, so many get the test.")] = 20,
    least: Annotated[int, typer.Option(help="Letters of each way before it is judged.")] = 1000, hours: int = 4,
) -> None:  # fmt: skip
    """Test another subject, sender or body against the letter: who then signs decides which one the rest gets."""
    text = _read(body) if body else ""
    with ready.database():
        from groundswell.mailings import splitting

        mailing = named(slug)
        name = splitting.keep_way(mailing_id=mailing.id, subject=subject, sender=sender, appeal=text)
        splitting.set_test(mailing_id=mailing.id, share=share, least=least, hours=hours)
    say({"way": name, "share": share, "least": least, "hours": hours}, False)


@mailing_app.command("schedule")
def mailing_schedule(
    slug: str, at: Annotated[str, typer.Argument(help="Day and time by the office's clock: 2026-11-24T09:30.")],
    reader_time: Annotated[bool, typer.Option(help="At this hour of each reader's own day.")] = False,
) -> None:  # fmt: skip
    """Let it begin then; `mailing cancel` takes it back before."""
    with ready.database():
        from django.conf import settings

        from groundswell.mailings import scheduling

        zone = ZoneInfo(settings.TIME_ZONE)
        try:
            moment = datetime.fromisoformat(at).replace(tzinfo=zone)
        except ValueError:
            raise Refused.because("moment", "That is no day and time.", "Write it like 2026-11-24T09:30.") from None
        begins = scheduling.schedule(mailing_id=named(slug).id, at=moment, reader_time=reader_time, now=now())
    sys.stdout.write(
        f"{slug} begins at {begins.astimezone(zone):%Y-%m-%d %H:%M}; groundswell mailing cancel {slug} takes it back.\n"
    )


@mailing_app.command("report")
def mailing_report(slug: str, json_: Json = False) -> None:
    """What a mailing brought: confirmed signatures by the place of the ask, of each way of a split test."""
    with ready.database():
        from groundswell.mailings import queries, report

        mailing = named(slug)
        found = report.outcomes(mailing.id)
        detail = queries.detail(mailing.slug)
    facts: dict[str, object] = {}
    for each in found:
        mark = f"{each.name} " if len(found) > 1 else ""
        facts |= {f"{mark}letters": each.sent, f"{mark}confirmed": each.confirmed}
        facts |= {f"{mark}{place.position}": place.confirmed for place in each.places}
    if detail and detail.split_result:
        facts["test"] = detail.split_result
    say(facts, json_)


@series_app.command("list")
def series_list(json_: Json = False) -> None:
    """Every step, with its wait, its condition and how its letter goes."""
    with ready.database():
        from groundswell.mailings.series import steps
        from groundswell.post.queries import progress

        facts: dict[str, object] = {}
        for step in steps():
            how = progress(step.letter_id) if step.letter_id else {}
            facts[f"{step.series} {step.position}"] = {
                "days": step.days,
                "condition": step.condition,
                "subject": step.subject,
                **how,
            }
    say(facts, json_)


@series_app.command("keep")
def series_keep(
    series: str, position: int, file: Path, days: int = 0,
    condition: Annotated[str, typer.Option(help="signed, unsigned, or nothing: everybody.")] = "",
    sender: str = "", action: str = "",
) -> None:  # fmt: skip
    """Make a step or change it; those who join from now on get it, so many days later."""
    text = _read(file)
    with ready.database():
        from groundswell.engine.compile import head_of
        from groundswell.mailings.composing import looking
        from groundswell.mailings.series import keep_step

        head, senders = head_of(text), [slug for slug, _ in looking.senders()]
        speaks = head.get("sender") or sender or (senders[0] if len(senders) == 1 else "")
        if speaks not in senders:
            raise Refused.because("sender-unknown", f"There is no sender profile “{speaks}”.", f"There are: {', '.join(senders)}.")
        keep_step(
            series=series, position=position, days=days, condition=condition, appeal=text, sender_slug=speaks,
            petition_id=_petition(head.get("action") or action or _only_action()), language=head.get("language", "en"), now=now(),
        )  # fmt: skip
    say({"kept": f"{series} {position}"}, False)


@series_app.command("remove")
def series_remove(series: str, position: int) -> int:
    """Nobody gets this step any more. Exit 1 where there is no such step."""
    with ready.database():
        from groundswell.mailings.series import remove_step

        gone = remove_step(series=series, position=position)
    sys.stdout.write("Taken out; letters that left stay as they were.\n" if gone else "There is no such step.\n")
    return 0 if gone else 1


def _remarks(slug: str, as_json: bool) -> int:
    from groundswell.mailings.composing import looking

    found = looking.composition(slug, today=now().date())
    if found is None:
        return 1
    if as_json:
        remarks = [
            {"code": each.problem.code, "severity": each.problem.severity, "line": each.problem.line, "column": each.problem.column,
             "message": each.problem.message, "mend": each.problem.mend}
            for each in found.remarks
        ]  # fmt: skip
        say({"slug": slug, "can_be_sent": found.compiles, "remarks": remarks}, True)
    else:
        for each in found.remarks:
            sys.stdout.write(f"{each.problem.severity}: {each.problem}\n")
        sys.stdout.write("It can be sent.\n" if found.compiles else "Mend the errors first.\n")
    return 0 if found.compiles else 1


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise Refused.because("file", f"{file.name} can't be read as text.", "Name a file in UTF-8.") from None


def _only_action() -> str:
    from groundswell.actions.queries import titles

    there = titles()
    return there[0][0] if len(there) == 1 else ""


def _petition(slug: str) -> "ActionId":
    from groundswell.actions.queries import petition_named, titles
    from groundswell.basics.ids import ActionId

    found = petition_named(slug)
    if found is None:
        there = ", ".join(each for each, _, _ in titles())
        raise Refused.because("action-unknown", f"There is no action “{slug}”.", f"There are: {there}.")
    return ActionId(found.id)
