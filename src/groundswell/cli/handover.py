"""Handing signatures over: make, list, verify, link, and the drip."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from groundswell.basics.ids import ActionId
from groundswell.basics.result import Refused
from groundswell.cli import ready
from groundswell.cli.app import Json, app, now, say
from groundswell.site.settings import Settings

deliver_app = typer.Typer(no_args_is_help=True, help="Signatures to the target: make, list, verify, link, drip.")
drip_app = typer.Typer(no_args_is_help=True, help="Signatures by mail, a few at a time: start, stop, list.")
app.add_typer(deliver_app, name="deliver")
deliver_app.add_typer(drip_app, name="drip")
Why = Annotated[str, typer.Option(help="The occasion: it goes into the ledger.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="A day (UTC), itself included.")]
Country = Annotated[str, typer.Option(help="Only signers of this country, by its two letters.")]
Region = Annotated[str, typer.Option(help="Only signers of this region or postcode area of the country.")]
Text = Annotated[list[int], typer.Option(help="Only signers of this text, by its number; may be given again.")]


@deliver_app.command()
def make(
    petition: str,
    why: Why,
    format_: Annotated[list[str] | None, typer.Option("--format", help="csv, pdf, label or press; may be given again.")] = None,
    since: Day = None,
    until: Day = None,
    country: Country = "",
    region: Region = "",
    text: Text = [],  # noqa: B006 (typer's way; never changed)
    reasons: Annotated[bool, typer.Option(help="With the signers' own words.")] = False,
    places: Annotated[bool, typer.Option(help="With the signers' regions.")] = True,
    preview: Annotated[bool, typer.Option(help="Only say what would be handed over.")] = False,
    json_: Json = False,
) -> int:
    """Write the signatures of a petition as files with their hashes; --preview says who is left out and why."""
    with ready.database() as settings:
        from groundswell.deliveries import operations as deliveries
        from groundswell.deliveries.order import Order

        order = Order(
            since.date() if since else None, until.date() if until else None, country, region, tuple(text), places=places,
            reasons=reasons, formats=tuple(format_ or ("csv", "pdf")),
        )  # fmt: skip
        found = _petition(petition)
        if preview:
            counts = deliveries.preview(petition_id=found, order=order, now=now())
            say({"signatures": counts.total, "per_version": counts.per_version, "left_out": counts.left_out}, json_)
            return 0
        done = deliveries.hand_over(
            petition_id=found, folder=settings.handover_folder, staff_id=None, why=why, now=now(), order=order
        )
    facts: dict[str, object] = {
        "hand_over": done.id, "file": done.path, "sha256": done.sha256, "signatures": done.total, "per_version": done.per_version,
        "left_out": done.left_out, "files": [file.name for file in done.files],
    }  # fmt: skip
    if done.undrawable:
        signs = "".join(done.undrawable[:40])
        facts["no font for"] = signs
        sys.stderr.write(
            f"Some names hold signs that no font here draws ({signs}); in the PDF words say so in their place, the CSV has "
            f"them. Put fonts into {settings.data / 'fonts'} (or install fonts-noto-core and fonts-noto-cjk), and make it again.\n"
        )
    say(facts, json_)
    return 0


@deliver_app.command("list")
def list_(json_: Json = False) -> int:
    """What was handed over, newest first."""
    with ready.database():
        from groundswell.deliveries.queries import hand_overs

        rows = hand_overs()
    say({str(row.id): f"{row.made_at:%Y-%m-%d} {row.slug}: {row.total} signatures, {row.state}"
         + (f", {row.dossier.how} to {row.dossier.to_role}" if row.dossier else "") for row in rows}, json_)  # fmt: skip
    return 0


@deliver_app.command()
def verify(file: Path, json_: Json = False) -> int:
    """Say whether a file is one that was handed over, byte for byte: list, part, label or manifest. Exit 1 if not."""
    with ready.database():
        from groundswell.deliveries.operations import verify as look

        found = look(file)
    if found is None:
        say({"handed_over": False}, True) if json_ else sys.stdout.write("not a file that was handed over\n")
        return 1
    versions = ", ".join(f"{count} under text {number}" for number, count in sorted(found.per_version.items()))
    facts = {
        "handed_over": True, "on": f"{found.made_at:%Y-%m-%d}", "petition": found.petition, "hand_over": found.hand_over,
        "kind": found.kind, "part": f"{found.part} of {found.parts}", "signatures": found.total, "per_version": found.per_version,
    }  # fmt: skip
    if json_:
        say(facts, True)
    else:
        part = f", part {found.part} of {found.parts}" if found.parts > 1 else ""
        sys.stdout.write(f"handed over on {found.made_at:%Y-%m-%d}: {found.total} signatures ({versions}); {found.kind}{part}\n")
    return 0


@deliver_app.command()
def link(
    hand_over: int, why: Why, days: Annotated[int, typer.Option(help="For how many days it opens.")] = 14, json_: Json = False
) -> int:
    """A page for the target with the files of a hand-over, behind a link that ends by itself."""
    with ready.database() as settings:
        from groundswell.deliveries import operations as deliveries
        from groundswell.deliveries.queries import hand_over as look

        page_id = deliveries.open_target_page(hand_over_id=hand_over, days=days, staff_id=None, why=why, now=now())
        made = look(hand_over)
        page = next(page for page in made.pages if page.id == page_id) if made else None
        if page is None:
            raise Refused.because("page-gone", "The page was closed at the same moment.", "Make another one.")
        _publish(settings)
        address = deliveries.address(settings.key_folder.tokens, settings.base_url, page.key, page.expires_at)
    say({"address": address, "until": f"{page.expires_at:%Y-%m-%d %H:%M} UTC", "page": page_id}, json_)
    return 0


@deliver_app.command()
def close(page: int) -> int:
    """End a target's link now."""
    with ready.database() as settings:
        from groundswell.deliveries.operations import close_target_page

        closed = close_target_page(page_id=page, staff_id=None, now=now())
        _publish(settings)
    sys.stdout.write("closed\n" if closed else "it was closed before, or never there\n")
    return 0 if closed else 1


@drip_app.command()
def start(
    petition: str,
    role: Annotated[str, typer.Option(help="Whose address it is: an office or role.")],
    why: Why,
    per_mail: Annotated[int, typer.Option(help="Signatures in a mail.")] = 1,
    per_day: Annotated[int, typer.Option(help="Mails in a day.")] = 1,
    cap: Annotated[int, typer.Option(help="Signatures in all.")] = 100,
    json_: Json = False,
) -> int:
    """Send signatures to an address by mail. The address is asked for, so that it stays out of the shell's history."""
    address = typer.prompt("The target's address", err=True).strip() if sys.stdin.isatty() else sys.stdin.readline().strip()
    with ready.database():
        from groundswell.deliveries.operations import Pace, start_drip
        from groundswell.deliveries.order import Order

        drip_id = start_drip(
            petition_id=_petition(petition), address=address, to_role=role, pace=Pace(per_mail, per_day, cap), order=Order(),
            staff_id=None, why=why, now=now(),
        )  # fmt: skip
    say({"drip": drip_id}, json_)
    return 0


@drip_app.command()
def stop(drip: int, why: Why = "stopped at the command line") -> int:
    """End a drip at once; mails that wait go nowhere."""
    with ready.database():
        from groundswell.deliveries.operations import stop_drip

        stopped = stop_drip(drip_id=drip, staff_id=None, why=why, now=now())
    sys.stdout.write("stopped\n" if stopped else "it had ended before\n")
    return 0 if stopped else 1


@drip_app.command("list")
def list_drips(json_: Json = False) -> int:
    """Drips, newest first."""
    with ready.database():
        from groundswell.deliveries.queries import drips

        rows = drips()
    say({str(row.id): f"{row.slug} to {row.to_role}: {row.sent} of {row.cap} signatures in {row.mails} mails, {row.state}"
         + (f" ({row.ended_why})" if row.ended_why else "") for row in rows}, json_)  # fmt: skip
    return 0


def _petition(slug: str) -> ActionId:
    from groundswell.actions.queries import petition_named

    found = petition_named(slug)
    if found is None:
        raise Refused.because("petition-unknown", f"There is no petition “{slug}”.", "Name one by its slug.")
    return ActionId(found.id)


def _publish(settings: Settings) -> None:
    from groundswell.pages.handed_over import publish_hand_overs
    from groundswell.site.publishing import house

    publish_hand_overs(published=settings.published_folder, handed_over=settings.handover_folder, house=house(settings), now=now())
