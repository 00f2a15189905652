"""Where it is measured: an installation of this run's own, and whether the disk has room for it."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from groundswell.basics.result import Refused
from groundswell.site.embedded import EmbeddedPostgres
from groundswell.site.installation import make_folder, make_keys
from groundswell.site.settings import load

_A_PERSON = 2600
"""Bytes on disk for a person with five signatures, their indexes, and the rewriting of people's rows while it is filled."""
_BESIDE = 6 * 10**9
"""The write-ahead log, the lists, what sorting needs."""


def room_for(people: int, *, minutes: int, keep: Path | None) -> None:
    """Say what a large run takes; refuse it where the disk is too small."""
    where = keep.absolute().parent if keep else Path(tempfile.gettempdir())
    needed = people * _A_PERSON + _BESIDE
    free = shutil.disk_usage(where).free
    if free < needed:
        raise Refused.because(
            "bench-disk",
            f"{people:,} people need {needed / 1e9:.0f} GB in {where}; {free / 1e9:.0f} GB are free.",
            "Point TMPDIR to a larger disk, or measure fewer with --people.",
        )
    say(f"{people:,} people with {people * 5:,} actions: about {needed / 1e9:.0f} GB of disk and {minutes} minutes on two cores.")


def say(words: str) -> None:
    """How far it is, for whoever waits; the result alone goes to the standard output."""
    sys.stderr.write(words + "\n")
    sys.stderr.flush()


@contextmanager
def scratch(keep: Path | None) -> Iterator[tuple[Path, EmbeddedPostgres]]:
    """An installation of this run's own, with Django ready in it: gone afterwards, or kept in this folder."""
    with ExitStack() as stack:
        name = str(keep.absolute()) if keep else stack.enter_context(tempfile.TemporaryDirectory(prefix="gs-bench-"))
        folder = Path(name)
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)
        os.environ.update(GROUNDSWELL_DATA=name, GROUNDSWELL_MODE="development", DATABASE_URL="")
        settings = load()
        make_folder(settings)
        make_keys(settings)
        postgres = EmbeddedPostgres(settings.database_folder, system_user=settings.postgres_user)
        with postgres.running():
            from groundswell.cli import ready

            ready.django_ready(settings)
            ready.migrate()
            yield folder, postgres
            from django.db import connections

            connections.close_all()
