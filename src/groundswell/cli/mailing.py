"""Mailings: keys, list, send."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from groundswell.basics.ids import LetterId
from groundswell.basics.result import Refused
from groundswell.cli import ready
from groundswell.cli.app import Json, app, mailing_app, now, say
from groundswell.cli.progress import bar

if TYPE_CHECKING:
    from groundswell.mailings.queries import MailingView


dkim_app = typer.Typer(no_args_is_help=True, help="Keys that sign letters, and the DNS records that publish them.")
app.add_typer(dkim_app, name="dkim")


@dkim_app.command("new")
def dkim_new(
    domain: str,
    ed25519: Annotated[bool, typer.Option("--ed25519", help="A second, short key beside the RSA one (RFC 8463).")] = False,
) -> None:
    """Make a DKIM key for a from-domain, if it has none, and print the DNS records to publish."""
    from groundswell.basics import addresses
    from groundswell.basics.result import Problem

    parsed = addresses.parse(f"postmaster@{domain}")
    if isinstance(parsed, Problem):
        raise Refused.because("dkim-domain", f"“{domain}” is no domain.", "Name the part behind the @ of the from-address.")
    with ready.database() as settings:
        from groundswell.cli.signing import dkim_records, ensure_dkim_key

        ensure_dkim_key(parsed.domain)
        if ed25519:
            ensure_dkim_key(parsed.domain, second=True)
        records, bounce = dkim_records(parsed.domain), settings.bounce_domain
    sys.stdout.write(
        "\n".join(records) + "\n"
        f'{parsed.domain}. IN TXT "v=spf1 include:YOUR-RELAY ~all"    ; the relay that you send through\n'
        f'_dmarc.{parsed.domain}. IN TXT "v=DMARC1; p=none"    ; add rua=mailto:… to hear of forgeries\n'
        f"{bounce}. IN MX 10 THIS-HOST.    ; bounces come back here\n"
        f'{bounce}. IN TXT "v=spf1 include:YOUR-RELAY ~all"\n'
        "; once they are published: groundswell doctor --dns\n"
    )


@dkim_app.command("show")
def dkim_show(domain: str) -> int:
    """Print the DNS records of a domain's keys. Exit 1 where it has none."""
    with ready.database():
        from groundswell.cli.signing import dkim_records

        records = dkim_records(domain)
    sys.stdout.write("\n".join(records or [f"{domain} has no key. Make one: groundswell dkim new {domain}"]) + "\n")
    return 0 if records else 1


@mailing_app.command("list")
def mailing_list(json_: Json = False) -> None:
    """Every mailing and how it stands."""
    with ready.database():
        from groundswell.mailings.queries import mailings
        from groundswell.post.queries import progress

        facts: dict[str, object] = {
            mailing.slug: progress(mailing.letter_id) if mailing.letter_id else mailing.state for mailing in mailings()
        }
    say(facts, json_)


@mailing_app.command("send")
def mailing_send(
    slug: str, dry_run: Annotated[bool, typer.Option(help="Count who would get it and why others not; send nothing.")] = False,
    json_: Json = False,
) -> int:  # fmt: skip
    """Freeze the audience and send. Sending again goes on where it was; nobody gets a second copy."""
    with ready.database():
        from groundswell.mailings import operations, queries

        mailing = named(slug)
        if dry_run:
            say(dict(queries.counted_for(mailing.id)), json_)
            return 0
        operations.start(mailing_id=mailing.id, now=now())
        facts: dict[str, object] = {}
        for name, letter_id in _letters(mailing.slug):
            counts = deliver_with_bar(letter_id)
            facts.update(counts if name == "A" else {f"{name} {state}": count for state, count in counts.items()})
        say(facts, json_)
        return 0 if not facts.get("uncertain") else 1


@mailing_app.command("status")
def mailing_status(slug: str, json_: Json = False) -> None:
    """How a mailing goes: rows by state, letters a minute, time left, why people were left out, what is in doubt."""
    with ready.database():
        from groundswell.post import queries as post

        facts: dict[str, object] = {}
        for name, letter_id in _letters(named(slug).slug):
            pulse = post.pulse(letter_id, now())
            mark = "" if name == "A" else f"{name} "
            facts |= {f"{mark}{state}": count for state, count in pulse.counts.items()}
            facts |= {f"{mark}left": pulse.left, f"{mark}per_minute": pulse.per_minute, f"{mark}minutes_left": pulse.minutes_left}
            if pulse.paused or pulse.stopped:
                facts[f"{mark}stands"] = pulse.stopped or "paused"
            facts[f"{mark}left_out"] = post.withheld(letter_id)
            facts[f"{mark}in_doubt"] = [int(row.delivery) for row in post.uncertain(letter_id)]
    say(facts, json_)


@mailing_app.command("pause")
def mailing_pause(slug: str) -> None:
    """Begin no more letters; what has left, has left."""
    _steer(slug, "pause")


@mailing_app.command("resume")
def mailing_resume(slug: str) -> None:
    """Go on with a paused mailing, or one that stopped itself."""
    _steer(slug, "resume")


@mailing_app.command("cancel")
def mailing_cancel(slug: str) -> None:
    """Never send what has not been sent; a scheduled mailing becomes a draft again."""
    _steer(slug, "cancel")


@mailing_app.command("speed")
def mailing_speed(slug: str, per_minute: Annotated[int, typer.Argument(help="Letters a minute; 0: as fast as it goes.")]) -> None:
    """Another speed, while it runs."""
    with ready.database():
        from groundswell.post import operations as post

        for _, letter_id in _letters(named(slug).slug):
            post.set_speed(letter_id=letter_id, per_minute=per_minute or None)


@mailing_app.command("settle")
def mailing_settle(
    slug: str,
    arrived: Annotated[bool, typer.Option("--arrived/--send-again", help="What you decide about the rows in doubt.")],
    row: Annotated[list[int] | None, typer.Option(help="Only these rows, by the numbers that `status` lists.")] = None,
) -> None:
    """Decide about rows in doubt: they arrived, or go out once more with the same Message-ID."""
    with ready.database():
        from groundswell.basics.ids import DeliveryId
        from groundswell.post import operations as post

        rows = [DeliveryId(number) for number in row] if row else None
        changed = sum(
            post.settle(letter_id=letter_id, deliveries=rows, arrived=arrived, now=now())
            for _, letter_id in _letters(named(slug).slug)
        )
    say({"settled": changed}, False)


@mailing_app.command("test")
def mailing_test(
    slug: str, address: Annotated[list[str] | None, typer.Argument()] = None, first_name: str = "Ada",
    colleagues: Annotated[bool, typer.Option(help="To every account of staff that has an address, too.")] = False,
) -> int:  # fmt: skip
    """Send the letter to yourself and colleagues, marked [test]; of a split test, every way."""
    with ready.database():
        from groundswell.mailings.testing import addresses_of, send_test
        from groundswell.mailings.testing import colleagues as seed_list
        from groundswell.post.wiring import post_office, transport

        others = addresses_of([each.id for each in seed_list()]) if colleagues else []
        replies = send_test(
            mailing_id=named(slug).id,
            addresses=[*(address or []), *others],
            first_name=first_name,
            office=post_office(),
            transport=transport(),
            now=now(),
        )
    say({reply.state: sum(each.state == reply.state for each in replies) for reply in replies}, False)
    return 0 if all(reply.state == "accepted" for reply in replies) else 1


@mailing_app.command("resend")
def mailing_resend(
    slug: str,
    new_slug: str,
    note: Annotated[str, typer.Option(help="The new words on top.")],
    subject: str = "",
) -> None:
    """Draft a second letter to those who got the first and did not act; look at it, then send it like any other."""
    with ready.database():
        from groundswell.mailings.resending import resend

        resend(mailing_id=named(slug).id, slug=new_slug, note=note, subject=subject, now=now())
        from groundswell.mailings.composing.looking import composition

        drafted = composition(new_slug, today=now().date())
    for each in drafted.advice if drafted else ():
        if each.problem.code == "subject-false-reply":
            sys.stderr.write(f"{each.problem}\n")
    say({"drafted": new_slug}, False)


def named(slug: str) -> "MailingView":
    """The mailing of this name (`demo`: the demo's); `Refused` says which there are."""
    from groundswell.mailings import queries

    mailing = queries.mailing_named(slug)
    if mailing is None and slug == "demo":
        from groundswell.demo.world import MAILING

        mailing = queries.mailing_named(MAILING)
    if mailing is None:
        names = ", ".join(found.slug for found in queries.mailings()) or "none yet"
        raise Refused.because("mailing-unknown", f"There is no mailing “{slug}”.", f"There are: {names}.")
    return mailing


def _letters(slug: str) -> "tuple[tuple[str, LetterId], ...]":
    from groundswell.mailings.queries import detail

    found = detail(slug)
    return found.letters if found else ()


def _steer(slug: str, verb: str) -> None:
    with ready.database():
        from groundswell.mailings.steering import steer

        said = steer(mailing_id=named(slug).id, verb=verb, staff_id=None, now=now())
    sys.stdout.write(f"{said}\n")


def deliver_with_bar(letter_id: LetterId) -> dict[str, int]:
    """Deliver from here, with a progress bar; returns the rows by state."""
    from groundswell.post.queries import progress
    from groundswell.post.wiring import deliver_all

    counts = progress(letter_id)
    with bar() as shown:
        task = shown.add_task("sending", total=counts.get("ready", 0) + counts.get("retry", 0))
        deliver_all(letter_id, clock=now, seen=lambda count: shown.advance(task, count))
    return progress(letter_id)
