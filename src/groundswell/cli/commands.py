"""The commands, thin: read the clock once, call an operation, say what happened."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from groundswell import __version__
from groundswell.basics.ids import ActionId, LetterId
from groundswell.basics.result import Refused
from groundswell.cli import doctor as examination
from groundswell.cli import ready
from groundswell.cli.progress import bar, console
from groundswell.site.installation import make_folder, make_keys
from groundswell.site.settings import load

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False,
                  help="Groundswell: write, send, sign, hand over, remember.")  # fmt: skip
people_app = typer.Typer(no_args_is_help=True, help="Supporters: import, counts.")
mailing_app = typer.Typer(no_args_is_help=True, help="Mailings: list, send.")
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


@app.command()
def version() -> None:
    """Which Groundswell this is."""
    sys.stdout.write(f"groundswell {__version__}\n")


@app.command()
def init() -> None:
    """Make the data folder and its keys (mode 600). Keeps whatever is there; run it once, then back the keys up."""
    settings = load()
    make_folder(settings)
    if (settings.database_folder / "PG_VERSION").exists() and not settings.key_folder.path("vault").exists():
        settings.key_folder.ring("vault")  # refuses: a new key would not open what the old one sealed
    made = make_keys(settings)
    for path in made:
        sys.stdout.write(f"made {path}\n")
    sys.stdout.write(f"ready: {settings.data}. Back up {settings.key_folder.folder} somewhere else: without it nothing opens.\n")


@app.command()
def up() -> int:
    """Run everything in the foreground: database, web, worker. Ctrl-C ends it cleanly."""
    from groundswell.site.group import Group

    settings = load()
    make_folder(settings)
    group = Group(settings)
    group.lock()
    try:
        group.start_database()
        ready.django_ready(settings)
        ready.migrate()
        ready.collect_static(settings)
        from groundswell.site.publishing import house, publish_all

        publish_all(settings, now())
        group.start_rest(house(settings).organisation)
        sys.stdout.write(f"Groundswell runs at {settings.base_url} (office: {settings.base_url}/office/). Ctrl-C ends it.\n")
        sys.stdout.flush()
        return group.watch()
    except KeyboardInterrupt:
        return 0
    finally:
        group.stop()


@app.command()
def worker() -> None:
    """Apply the journal and deliver letters. `up` runs one; more machines may run more."""
    settings = load()
    ready.django_ready(settings)
    from groundswell.site.worker import run

    run()


@app.command()
def demo(
    once: Annotated[bool, typer.Option("--once", help="Play the whole story without a person, verify it, end.")] = False,
) -> int:
    """A whole campaign on this machine: a list, a letter, a mailbox, a petition. Nothing leaves the machine."""
    from groundswell.cli.play import play

    return play(once=once)


@app.command()
def doctor(json_: Json = False) -> int:
    """Say what is wrong with this installation and how to mend it. Exit 1 if anything is."""
    findings = examination.examine(load())
    well = all(finding.well for finding in findings)
    if json_:
        rows = [{"name": f.name, "well": f.well, "words": f.words} for f in findings]
        sys.stdout.write(json.dumps({"well": well, "findings": rows}) + "\n")
    else:
        for finding in findings:
            sys.stdout.write(f"{'well ' if finding.well else 'WRONG'}  {finding.name}: {finding.words}\n")
        sys.stdout.write("All well.\n" if well else "Something is wrong; see above.\n")
    return 0 if well else 1


@app.command()
def dkim(domain: str) -> None:
    """Make a DKIM key for a from-domain, if it has none, and print the DNS record to publish."""
    with ready.database():
        from groundswell.cli.signing import ensure_dkim_key

        selector, record = ensure_dkim_key(domain)
    sys.stdout.write(f"{selector}._domainkey.{domain}. IN TXT {record}\n")


@people_app.command("import")
def people_import(
    file: Path,
    wording: Annotated[str, typer.Option(help="The words people agreed to when they joined this list.")],
    source: Annotated[str, typer.Option(help="Where they agreed: a form, an event, a system.")],
    organisation: Annotated[str, typer.Option(help="Whom they allowed to write.")],
    dry_run: Annotated[bool, typer.Option(help="Show what would change; change nothing.")] = False,
    json_: Json = False,
) -> int:
    """Import a CSV of supporters. Blanks are filled, nothing is overwritten, nobody is re-subscribed; safe to repeat."""
    if not file.is_file():
        raise Refused.because("import-file", f"{file} is not there.", "Name a CSV file.")
    with ready.database(), bar() as progress:
        from groundswell.people.operations import import_csv

        task = progress.add_task("importing", total=max(0, file.read_bytes().count(b"\n") - 1))
        report = import_csv(
            file, organisation=organisation, wording=wording, source=source, now=now(), dry_run=dry_run,
            seen=lambda count: progress.advance(task, count),
        )  # fmt: skip
    for line, reason in report.rejected[:20]:
        console.print(f"line {line}: {reason}", highlight=False)
    facts: dict[str, object] = {
        "rows": report.rows, "new": report.new, "known": report.known, "suppressed": report.suppressed,
        "rejected": len(report.rejected), "dry_run": dry_run,
    }  # fmt: skip
    say(facts, json_)
    return 0


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
        from groundswell.mailings.audience import counted

        mailing = queries.mailing_named(slug)
        if mailing is None:
            names = ", ".join(found.slug for found in queries.mailings()) or "none yet"
            raise Refused.because("mailing-unknown", f"There is no mailing “{slug}”.", f"There are: {names}.")
        if dry_run:
            say(dict(counted(petition_id=mailing.petition_id, language=mailing.language)), json_)
            return 0
        letter_id = operations.start(mailing_id=mailing.id, now=now())
        facts: dict[str, object] = dict(deliver_with_bar(letter_id))
        say(facts, json_)
        return 0 if not facts.get("uncertain") else 1


def deliver_with_bar(letter_id: LetterId) -> dict[str, int]:
    """Deliver in this process, with a progress bar; returns the rows by state."""
    from groundswell.post.deliver import deliver
    from groundswell.post.queries import progress
    from groundswell.post.wiring import post_office, transport

    counts = progress(letter_id)
    with bar() as shown:
        task = shown.add_task("sending", total=counts.get("ready", 0) + counts.get("retry", 0))
        deliver(
            letter_id=letter_id, office=post_office(), transport=transport(), clock=now,
            seen=lambda count: shown.advance(task, count),
        )  # fmt: skip
    return progress(letter_id)


@app.command()
def deliver(
    petition: str, why: Annotated[str, typer.Option(help="The occasion: it goes into the ledger.")], json_: Json = False
) -> int:
    """Write the signatures of a petition as a hand-over file, with its hash kept in the books."""
    with ready.database() as settings:
        from groundswell.actions.queries import petition_named
        from groundswell.deliveries.operations import hand_over

        found = petition_named(petition)
        if found is None:
            raise Refused.because("petition-unknown", f"There is no petition “{petition}”.", "Name one by its slug.")
        done = hand_over(petition_id=ActionId(found.id), folder=settings.handover_folder, staff_id=None, why=why, now=now())
    say({"file": done.path, "sha256": done.sha256, "signatures": done.total, "per_version": done.per_version}, json_)
    return 0


@app.command("verify")
def verify_file(file: Path) -> int:
    """Say whether a file is one that was handed over, byte for byte. Exit 1 if not."""
    with ready.database():
        from groundswell.deliveries.operations import verify

        found = verify(file)
    sys.stdout.write(
        f"handed over on {found.made_at:%Y-%m-%d}: {found.total} signatures\n" if found else "not a file that was handed over\n"
    )
    return 0 if found else 1


@app.command()
def publish() -> None:
    """Write every public page anew."""
    with ready.database() as settings:
        from groundswell.site.publishing import publish_all

        for path in publish_all(settings, now()):
            sys.stdout.write(f"{path}\n")


@inbound_app.command("read")
def inbound_read(files: list[Path]) -> int:
    """Read mails that came back: one JSON object a line for each. Never stops at a bad file."""
    from groundswell.letterbox import as_json, read

    settings = load()
    try:
        tokens = settings.key_folder.tokens
    except Refused:
        tokens = None  # without keys the text still says what happened, only not to which row
    for file in files:
        try:
            facts = as_json(read(file.read_bytes(), keys=tokens))
        except OSError as error:
            facts = {"kind": "none", "recipients": [], "delivery": None, "sure": False, "why": error.strerror}
        sys.stdout.write(json.dumps({"file": str(file), **facts}, ensure_ascii=False) + "\n")
    return 0


@app.command()
def bench(name: str, json_: Json = False) -> int:
    """Measure: `letter` (render and sign, against OpenSSL's bare RSA). Prints a ratio measured in the same run."""
    from groundswell.cli.benches import BENCHES

    if name not in BENCHES:
        raise Refused.because("bench-unknown", f"There is no bench “{name}”.", f"There are: {', '.join(BENCHES)}.")
    result = BENCHES[name]()
    if json_:
        sys.stdout.write(json.dumps(result) + "\n")
    else:
        for figure in result["figures"]:
            sys.stdout.write(f"{figure['name']}: {figure['value']} {figure['unit']} ({figure['ratio']} of {figure['against']})\n")
    return 0 if all(figure["ok"] for figure in result["figures"]) else 1
