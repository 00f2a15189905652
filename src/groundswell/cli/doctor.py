"""What is wrong with this installation, and how to mend it."""

import os
import socket
import stat

from groundswell.basics.keyring import RINGS
from groundswell.basics.result import Refused
from groundswell.cli import doctor_inbound
from groundswell.cli.finding import Finding
from groundswell.site.embedded import EmbeddedPostgres
from groundswell.site.settings import Settings


def examine(settings: Settings) -> list[Finding]:
    """Every check, in the order in which things are needed. Changes nothing."""
    keys, (database, running) = _keys(settings), _database(settings)
    findings = [_folder(settings), *keys, _dkim(settings), database]
    if running and all(key.well for key in keys):
        findings.append(_keys_fit(settings))
    findings.append(_relay(settings))
    findings += doctor_inbound.examine(settings)
    findings.append(_fonts(settings))
    return [finding for finding in findings if finding is not None]


def published(settings: Settings, at: str, ip: str) -> list[Finding]:
    """What the DNS says of our domains, by the machine's own name servers or the one at `at`."""
    import ipaddress

    from groundswell.cli import dns_lookup, doctor_dns

    if ip:
        try:
            ip = str(ipaddress.ip_address(ip))
        except ValueError:
            raise Refused.because("ip", f"“{ip}” is no address.", "Write it as 192.0.2.1 or 2001:db8::1.") from None
    return doctor_dns.examine(settings, dns_lookup.resolver(at), ip)


def _folder(settings: Settings) -> Finding:
    if not settings.data.is_dir():
        return Finding("data folder", False, f"{settings.data} is not there. Mend: groundswell init")
    if not os.access(settings.data, os.W_OK):
        return Finding("data folder", False, f"{settings.data} can't be written to. Mend: give this user the folder")
    return Finding("data folder", True, str(settings.data))


def _keys(settings: Settings) -> list[Finding]:
    findings = []
    for name in RINGS:
        path = settings.key_folder.path(name)
        try:
            settings.key_folder.ring(name)
        except Refused as refused:
            findings.append(Finding(f"key {name}", False, str(refused.problems[0])))
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            findings.append(Finding(f"key {name}", False, f"{path} can be read by others. Mend: chmod 600 {path}"))
        else:
            findings.append(Finding(f"key {name}", True, f"{path} (mode {mode:o})"))
    return findings


def _dkim(settings: Settings) -> Finding:
    keys = sorted((settings.key_folder.folder / "dkim").glob("*.pem"))
    if keys:
        return Finding("letter signing", True, ", ".join(key.stem for key in keys))
    return Finding("letter signing", False, "No DKIM key: letters leave unsigned. Mend: groundswell dkim new DOMAIN")


def _fonts(settings: Settings) -> Finding:
    """What a printed hand-over can't show. Nothing is broken: words stand for such names, and the table has them."""
    from groundswell.deliveries.fonts import drawn_scripts

    drawn = drawn_scripts(settings.data / "fonts")
    lost = [script for script, can in drawn.items() if not can]
    if not lost:
        return Finding("print fonts", True, f"{', '.join(drawn)}: names in these are printed")
    words = f"No font for {', '.join(lost)}: in a printed hand-over words stand for such names; the CSV has them."
    return Finding("print fonts", True, f"{words} To print them: apt install fonts-noto-core fonts-noto-cjk, or fonts into "
                                        f"{settings.data / 'fonts'}")  # fmt: skip


def _database(settings: Settings) -> tuple[Finding, bool]:
    """What is to be said of it, and whether it answers now."""
    name = "database"
    if settings.database_url:
        import psycopg

        try:
            with psycopg.connect(settings.database_url, connect_timeout=3):
                return Finding(name, True, "answers"), True
        except psycopg.OperationalError as error:
            return Finding(name, False, f"DATABASE_URL does not answer: {str(error).strip().splitlines()[-1]}"), False
    postgres = EmbeddedPostgres(settings.database_folder, system_user=settings.postgres_user)
    version = settings.database_folder / "PG_VERSION"
    if not version.exists():
        return Finding(name, False, "There is none yet. Mend: groundswell up makes it"), False
    running = postgres.answers()
    return Finding(name, True, f"embedded PostgreSQL {version.read_text().strip()}, {'' if running else 'not '}running"), running


def _keys_fit(settings: Settings) -> Finding:
    """Whether the keys are those of the list in the database, which runs: key files look alike in every installation."""
    from django.db import DatabaseError

    from groundswell.cli.ready import django_ready

    django_ready(settings)
    from groundswell.people.operations.proving import prove_keys

    name = "keys of this list"
    try:
        prove_keys()
    except Refused as refused:
        return Finding(name, False, str(refused.problems[0]))
    except DatabaseError:
        return Finding(name, True, "nothing to prove them by: the database has no list yet")
    return Finding(name, True, "they open and find who is in it")


def _relay(settings: Settings) -> Finding:
    from groundswell.engine.transports.smtp import Relay

    try:
        relay = Relay.parse(settings.smtp.split(",")[0])
    except Refused as refused:
        return Finding("mail relay", False, str(refused.problems[0]))
    try:
        with socket.create_connection((relay.host, relay.port), 3):
            return Finding("mail relay", True, f"{relay.host}:{relay.port} answers")
    except OSError as error:
        if settings.is_local:
            return Finding("mail relay", True, "the local receiver runs with `groundswell up`")
        return Finding("mail relay", False, f"{relay.host}:{relay.port} does not answer ({error.strerror}). Mend: GROUNDSWELL_SMTP")
