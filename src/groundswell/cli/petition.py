"""Petitions from the shell: partners who ask with us, and which share text brings people."""

from pathlib import Path
from typing import Annotated

import typer

from groundswell.basics.ids import ActionId
from groundswell.basics.result import Refused
from groundswell.cli import ready
from groundswell.cli.app import Json, app, now, say

petition_app = typer.Typer(no_args_is_help=True, help="Petitions: partners, share texts.")
app.add_typer(petition_app, name="petition")
_Why = Annotated[str, typer.Option(help="The occasion: it goes into the ledger.")]


@petition_app.command("partner")
def partner(
    petition: str,
    name: Annotated[str, typer.Argument(help="Short name for links: rights-watch gives ?source=partner-rights-watch.")],
    organisation: Annotated[str, typer.Option(help="The partner's full name.")],
    wording: Annotated[str, typer.Option(help="The words people agree to: “Yes, … may write to me too.”")],
    privacy: Annotated[str, typer.Option(help="Address of the partner's privacy page.")],
    wording_in: Annotated[
        list[str] | None, typer.Option(help="The same words in another language of the petition, as de=…; more than once.")
    ] = None,
    json_: Json = False,
) -> None:
    """A partner asks with you: who comes by its link or its frame is asked its own question, never ticked for them."""
    with ready.database() as settings:
        from groundswell.actions import partners
        from groundswell.site.publishing import publish_petitions

        found = _petition(petition)
        view = partners.invite(
            petition_id=found, slug=name, organisation=organisation, wording=wording, wordings=_by_language(wording_in or []),
            privacy_url=privacy, now=now(),
        )  # fmt: skip
        publish_petitions(settings, now(), only={found})
    link = f"{settings.base_url}/a/{petition}?source={view.source}"
    frame = f'<script src="{settings.base_url}/a/{petition}/embed.js" data-partner="{view.slug}"></script>'
    say({"partner": view.organisation, "link": link, "frame": frame}, json_)


@petition_app.command("partner-end")
def partner_end(petition: str, name: str, json_: Json = False) -> int:
    """Ask the partner's question no more. What people agreed to stays in the ledger."""
    with ready.database() as settings:
        from groundswell.actions import partners
        from groundswell.site.publishing import publish_petitions

        found = _petition(petition)
        ended = partners.end(petition_id=found, slug=name, now=now())
        publish_petitions(settings, now(), only={found})
    say({"ended": ended}, json_)
    return 0 if ended else 1


@petition_app.command("partners")
def partners_of(petition: str, json_: Json = False) -> None:
    """Every partner, how many signed by it, and how many said yes to it."""
    with ready.database():
        from groundswell.actions import partners

        counts = partners.counts(_petition(petition))
    facts: dict[str, object] = {
        each.partner.slug: {"signed": each.signed, "agreed": each.agreed, "ended": each.ended}
        if json_
        else f"{each.signed} signed, {each.agreed} said yes to {each.partner.organisation}"
        for each in counts
    }
    say(facts, json_)


@petition_app.command("partner-export")
def partner_export(petition: str, name: str, file: Path, why: _Why, json_: Json = False) -> None:
    """Write the list for a partner: only signers who came by it and said yes to it. Mode 600, and into the ledger."""
    with ready.database():
        from groundswell.actions import partners

        rows = partners.hand_list(petition_id=_petition(petition), slug=name, path=file, why=why, staff_id=None, now=now())
    say({"rows": rows, "file": str(file), "columns": ", ".join(partners.EXPORTED)}, json_)


@petition_app.command("share-texts")
def share_texts(petition: str, json_: Json = False) -> None:
    """What sharers were given to say, and how many of them brought somebody."""
    with ready.database():
        from groundswell.actions import share_trials

        tried = share_trials.results(_petition(petition))
    facts: dict[str, object] = {
        each.text: f"{each.brought_any} of {each.given_to} sharers brought {each.brought} signatures "
        f"({100 * each.interval[0]:.1f}% to {100 * each.interval[1]:.1f}%)"
        for each in tried
    }
    say({**facts, "verdict": share_trials.verdict(tried)}, json_)


def _petition(slug: str) -> ActionId:
    from groundswell.actions.queries import petition_named

    found = petition_named(slug)
    if found is None:
        raise Refused.because("petition-unknown", f"There is no petition {slug}.", "Its address is /a/<name>: give that name.")
    return found.id


def _by_language(said: list[str]) -> dict[str, str]:
    told = {}
    for each in said:
        language, equals, words = each.partition("=")
        if not equals:
            raise Refused.because("partner-language", f"“{each}” names no language.", "Write it as de=Ja, …")
        told[language.strip()] = words
    return told
