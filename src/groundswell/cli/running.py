"""Running it: the folder and its keys, the whole group, the demo, the doctor."""

import json
import sys
from typing import Annotated

import typer

from groundswell import __version__
from groundswell.cli import doctor as examination
from groundswell.cli import ready
from groundswell.cli.app import Json, app, now
from groundswell.site.installation import make_folder, make_keys
from groundswell.site.interrupts import plain_interrupts
from groundswell.site.settings import load


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
        with plain_interrupts():
            group.start_database()
            ready.django_ready(settings)
            ready.migrate()
            ready.collect_static(settings)
            from groundswell.inbox.providers import parse
            from groundswell.people.operations.proving import prove_keys
            from groundswell.site.publishing import house, publish_all

            # Before anything is taken in: what is sealed under another installation's keys opens for nobody afterwards.
            prove_keys()
            parse(settings.webhooks)
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
def doctor(
    json_: Json = False,
    dns: Annotated[bool, typer.Option("--dns", help="Look only at what is published: SPF, DKIM, DMARC, PTR, MX.")] = False,
    ip: Annotated[str, typer.Option(help="With --dns: the address that letters leave from, where it is yours.")] = "",
    dns_at: Annotated[str, typer.Option(help="With --dns: ask this name server, `host:port`, not the machine's own.")] = "",
) -> int:
    """Say what is wrong with this installation and how to mend it. Exit 1 if anything is."""
    findings = examination.published(load(), dns_at, ip) if dns or dns_at or ip else examination.examine(load())
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
def publish(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; say which files are not as they should be.")] = False,
) -> int:
    """Write every public page anew; or, with --check, compare. Exit 1 if a file differs."""
    with ready.database() as settings:
        from groundswell.site import publishing

        if check:
            wrong = publishing.check(settings, now())
            for name in wrong:
                sys.stdout.write(f"differs: {name}\n")
            sys.stdout.write(
                "Some files are not what would be published. Mend: groundswell publish\n" if wrong else "All as published.\n"
            )
            return 1 if wrong else 0
        for path in publishing.publish_all(settings, now()):
            sys.stdout.write(f"{path}\n")
    return 0
