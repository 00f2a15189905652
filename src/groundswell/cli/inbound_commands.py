"""What comes back by mail: into the spool by hand or by a mail server's pipe, and how it goes."""

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from groundswell.basics.result import Refused
from groundswell.cli import ready
from groundswell.cli.app import Json, inbound_app, now, say

_To = Annotated[str, typer.Option("--to", help="The envelope's recipient (Postfix: ${recipient}), where you know it.")]
_From = Annotated[str, typer.Option("--from", help="The envelope's sender (Postfix: ${sender}).")]
_Mails = Annotated[list[Path], typer.Argument(help="Mails, one a file; - for standard input.")]


@inbound_app.command("take")
def inbound_take(files: _Mails, to: _To = "", from_: _From = "") -> int:
    """Take mails in: each is on the disk when this ends. A worker applies them. Exit 75 (try again) where one could not be kept.

    Needs no database, so that a mail server's pipe can call it at any time.
    """
    from groundswell.inbox.spool import Piece, spool_of
    from groundswell.site.settings import load

    try:
        spool = spool_of(load())
        for file in files:
            content = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
            spool.keep(Piece("mail", "command", content, envelope_to=to, envelope_from=from_))
    except Refused as refused:
        sys.stderr.write(f"groundswell: {refused.problems[0]}\n")
        return os.EX_TEMPFAIL
    except OSError as error:
        sys.stderr.write(f"groundswell: a mail could not be kept ({error.strerror or type(error).__name__}); try again later\n")
        return os.EX_TEMPFAIL
    except ValueError:
        sys.stderr.write("groundswell: a mail is larger than 25 MB; it is not taken\n")
        return os.EX_DATAERR
    return 0


@inbound_app.command("apply")
def inbound_apply(json_: Json = False) -> int:
    """Apply what waits, now. `groundswell up` does this by itself."""
    with ready.database():
        from groundswell.inbox.working import Applier

        applied = Applier().look()
        say({"applied": applied}, json_)
    return 0


@inbound_app.command("status")
def inbound_status(json_: Json = False) -> int:
    """How much waits: in the spool, in the books, for a person, for the sender's mailbox."""
    with ready.database() as settings:
        from groundswell.inbox.queries import standing

        found = standing(settings.spool_folder)
        say(
            {
                "in the spool": found.spooled, "being applied": found.taken, "kept for a person": found.kept,
                "set aside": found.set_aside, "answers to forward": found.forwards,
            },
            json_,
        )  # fmt: skip
    return 0


@inbound_app.command("shares")
def inbound_shares(json_: Json = False) -> int:
    """Complaints and dead addresses per letter and per day, by provider. Exit 1 where any share is above its limit."""
    with ready.database():
        from groundswell.inbox.queries import shares_by_day, shares_by_letter

        moment = now()
        tables = {"letters": shares_by_letter(moment), "days": shares_by_day(moment)}
        if json_:
            rows = {
                name: [
                    {
                        "letter": each.letter, "provider": each.provider, "day": each.day.isoformat() if each.day else None,
                        "handed": each.handed, "complained": each.complained, "bounced": each.bounced,
                        "complaint_share": each.complaint_share, "bounce_share": each.bounce_share, "verdict": each.verdict,
                    }
                    for each in lines
                ]
                for name, lines in tables.items()
            }  # fmt: skip
            sys.stdout.write(json.dumps(rows) + "\n")
        else:
            for name, lines in tables.items():
                sys.stdout.write(f"{name} of the last 30 days\n")
                for each in lines:
                    sys.stdout.write(
                        f"  {each.letter or each.day!s:<40.40} {each.provider:<10} {each.handed:>8} letters  "
                        f"{each.complaint_share:>7.2%} complaints  {each.bounce_share:>7.2%} dead  {each.verdict}\n"
                    )
            sys.stdout.write("Limits: complaints 0.10 % (Gmail), never 0.30 % (Gmail, Yahoo). A letter stops by itself above.\n")
        above = any(each.verdict == "stop" for lines in tables.values() for each in lines)
    return 1 if above else 0


@inbound_app.command("webhooks")
def inbound_webhooks() -> int:
    """The addresses to enter at the mail providers that GROUNDSWELL_WEBHOOKS names. They hold a secret: don't publish them."""
    from groundswell.site.settings import load

    settings = load()
    ready.django_ready(settings)
    from groundswell.inbox import providers

    wanted = providers.parse(settings.webhooks)
    if not wanted:
        sys.stdout.write("None is switched on. Name your provider in GROUNDSWELL_WEBHOOKS; docs/operating.md says how.\n")
    for name in wanted:
        provider = providers.PROVIDERS[name]
        sys.stdout.write(f"{provider.shown}, events:  {providers.address(name, 'tracking')}\n")
        if provider.inbound is not None and provider.inbound is not provider.tracking:
            sys.stdout.write(f"{provider.shown}, mail:    {providers.address(name, 'inbound')}\n")
    return 0
