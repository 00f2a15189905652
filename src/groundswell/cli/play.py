"""The demo: the whole story on one machine, for a person to look at, or (`once`) played and verified by itself."""

import os
import sys
import time
from datetime import UTC, datetime

from groundswell.basics.ids import LetterId
from groundswell.cli import ready
from groundswell.cli.progress import bar
from groundswell.site.group import Group
from groundswell.site.installation import make_folder, make_keys
from groundswell.site.interrupts import plain_interrupts
from groundswell.site.settings import Settings, load


def play(*, once: bool) -> int:
    """Start the group, build the world, send the letter; then stay, or play the story and end. Exit 0 only if all is well."""
    os.environ["GROUNDSWELL_MODE"] = "demo"
    settings = load()
    os.environ["GROUNDSWELL_DATA"] = str(settings.data)
    make_folder(settings)
    group = Group(settings)
    group.lock()
    if not (settings.database_folder / "PG_VERSION").exists():
        make_keys(settings)
    try:
        with plain_interrupts():
            return _play(group, settings, once)
    except KeyboardInterrupt:
        sys.stdout.write("\nEnding …\n")
        return 0
    finally:
        group.stop()


def _play(group: Group, settings: Settings, once: bool) -> int:
    now = datetime.now(UTC)
    say("Starting the database …")
    group.start_database()
    ready.django_ready(settings)
    ready.migrate()
    ready.collect_static(settings)
    from groundswell.cli.signing import ensure_dkim_key
    from groundswell.demo import story, world  # tables exist only now: Django is ready
    from groundswell.site.publishing import publish_all

    ensure_dkim_key(world.DOMAIN)
    with bar() as shown:
        task = shown.add_task("supporters", total=2040)
        built = world.build(
            folder=settings.data / "demo", base_url=settings.base_url, now=now, seen=lambda count: shown.advance(task, count)
        )
    publish_all(settings, now)
    group.start_rest(world.ORGANISATION)
    letter_id = story.send(settings, built)
    _watch_sending(letter_id)
    if once:
        return story.verify(settings, built, letter_id)
    from groundswell.staff.operations import one_time_password

    password = one_time_password(username="staff", now=now)
    say(
        f"\nThe letter is out. Open:\n  the mailbox    {settings.base_url}/mailbox\n"
        f"  the petition   {settings.base_url}/a/{world.PETITION}\n"
        f"  the record     {settings.base_url}/record/end-the-pause\n"
        f"  the office     {settings.base_url}/office/   name: staff   password: {password}\nCtrl-C ends it."
    )
    return group.watch()


def _watch_sending(letter_id: LetterId) -> None:
    from groundswell.post.queries import progress

    with bar() as shown:
        counts = progress(letter_id)
        total = sum(count for state, count in counts.items() if state != "withheld")
        task = shown.add_task("the letter", total=total)
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline:
            counts = progress(letter_id)
            open_rows = counts.get("ready", 0) + counts.get("claimed", 0) + counts.get("retry", 0)
            shown.update(task, completed=total - open_rows)
            if not open_rows:
                return
            time.sleep(0.2)


def say(text: str) -> None:
    """A line for the person at the terminal, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
