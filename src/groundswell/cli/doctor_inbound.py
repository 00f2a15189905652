"""The doctor's look at what comes back: a way in, nothing stuck in the spool, nothing set aside."""

import os
import time
from pathlib import Path

from groundswell.basics.result import Refused
from groundswell.cli.finding import Finding
from groundswell.site.settings import Settings

_LATE = 600
"""Seconds that a mail may lie in the spool while a worker runs."""
_SET_ASIDE = "SELECT count(*) FROM inbox_incoming WHERE state = 6"


def examine(settings: Settings) -> list[Finding]:
    """Every check, changing nothing."""
    return [_ways(settings), _spool(settings.spool_folder), *_set_aside(settings)]


def _ways(settings: Settings) -> Finding:
    name = "ways in for mail"
    ways = []
    try:
        ways = _named(settings)
    except Refused as refused:
        return Finding(name, False, str(refused.problems[0]))
    for path, setting in ((settings.mx_certificate, "GROUNDSWELL_MX_CERTIFICATE"), (settings.mx_key, "GROUNDSWELL_MX_KEY")):
        if path and not os.access(path, os.R_OK):
            return Finding(name, False, f"{path} can't be read. Mend: {setting}")
    if settings.inbound_maildir and not os.access(settings.inbound_maildir, os.R_OK | os.W_OK | os.X_OK):
        return Finding(name, False, f"{settings.inbound_maildir} can't be read and emptied. Mend: GROUNDSWELL_INBOUND_MAILDIR")
    answers = settings.answers_to.strip().lower()
    if answers and (answers in settings.inbound_list or answers.endswith(f"@{settings.bounce_domain.lower()}")):
        return Finding(name, False, "Answers would be forwarded to where they came in. Mend: GROUNDSWELL_ANSWERS_TO")
    if ways or settings.is_local:
        return Finding(name, True, ", ".join(ways) or "none is set; the demo and development need none")
    return Finding(
        name, False, "None: bounces and goodbyes by mail are lost. Mend: docs/operating.md, “What comes back”, names five ways"
    )  # fmt: skip


def _named(settings: Settings) -> list[str]:
    from groundswell.inbox.fetching import Account

    ways = [f"own receiver at {settings.mx_listen}"] if settings.mx_listen else []
    ways += [f"mailbox at {account.host}" for account in Account.parse(settings.inbound_mailboxes)]
    ways += ["maildir"] if settings.inbound_maildir else []
    ways += [f"reports of {word.partition('=')[0]}" for word in settings.webhooks.replace(",", " ").split()]
    return ways


def _spool(folder: Path) -> Finding:
    from groundswell.inbox.spool import waiting

    name = "mail that came in"
    moments = []
    for path, _ in waiting(folder):
        try:
            moments.append(path.stat().st_mtime)
        except FileNotFoundError:
            continue
    if moments and time.time() - min(moments) > _LATE:
        minutes = int((time.time() - min(moments)) / 60)
        return Finding(
            name, False, f"{len(moments)} in the spool, the oldest for {minutes} minutes. Mend: groundswell up, or read worker.log"
        )
    if folder.exists() and not os.access(folder, os.W_OK):
        return Finding(name, False, f"{folder} can't be written to. Mend: give this user the folder")
    return Finding(name, True, f"{len(moments)} in the spool")


def _set_aside(settings: Settings) -> list[Finding]:
    import psycopg

    from groundswell.site.embedded import EmbeddedPostgres

    url = settings.database_url or EmbeddedPostgres(settings.database_folder, system_user=settings.postgres_user).url
    try:
        with psycopg.connect(url, connect_timeout=3) as connection:
            row = connection.execute(_SET_ASIDE).fetchone()
    except psycopg.Error:
        return []  # the database has a finding of its own
    count = int(row[0]) if row else 0
    if count:
        return [
            Finding("mail set aside", False, f"{count} could not be applied. Mend: look at them in the office, “What came back”")
        ]
    return [Finding("mail set aside", True, "none")]
