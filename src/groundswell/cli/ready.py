"""Getting an installation ready for a command: folder, keys, database, Django, in the order in which they can fail."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path

from groundswell.site.installation import check_keys, make_folder
from groundswell.site.settings import Settings, load


def django_ready(settings: Settings) -> None:
    """Django with these settings; keys are checked first, so that a missing one is named in one line."""
    os.environ["GROUNDSWELL_DATA"] = str(settings.data)
    os.environ["GROUNDSWELL_MODE"] = settings.mode
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "groundswell.site.django")
    make_folder(settings)
    check_keys(settings)
    import django

    django.setup()


@contextmanager
def database() -> Iterator[Settings]:
    """For the time of a command: the running database, or the embedded one started for it, up to date."""
    settings = load()
    with ExitStack() as stack:
        make_folder(settings)
        check_keys(settings)
        if not settings.database_url:
            from groundswell.site.embedded import EmbeddedPostgres

            stack.enter_context(EmbeddedPostgres(settings.database_folder, system_user=settings.postgres_user).running())
        django_ready(settings)
        migrate()
        from django.db import connections

        stack.callback(connections.close_all)
        yield settings


def migrate() -> None:
    """Bring the database's tables up to date; says nothing where they are."""
    from django.core.management import call_command

    # Wagtail leaves this one in pieces for the sake of SQLite. Killed between two of them, it could never be gone on with.
    import_module("wagtail.migrations.0070_rename_pagerevision_revision").Migration.atomic = True
    call_command("migrate", verbosity=0, interactive=False)


def collect_static(settings: Settings) -> None:
    """The office's style and scripts as files, once per version of the packages and of ours."""
    import wagtail
    from django.core.management import call_command

    ours = sorted((Path(__file__).parents[1] / "office" / "static").rglob("*.*"))
    mark = hashlib.sha256(b"".join(path.read_bytes() for path in ours)).hexdigest()[:16]
    stamp = settings.data / "static" / f".wagtail-{wagtail.__version__}-{mark}"
    if not stamp.exists():
        call_command("collectstatic", verbosity=0, interactive=False)
        stamp.write_text("")
