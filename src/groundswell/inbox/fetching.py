"""Mail that another server holds for us: a maildir, an IMAP mailbox, a POP3 mailbox. Each feeds the spool.

A mail is removed over there only when it is in the spool: a kill between the two brings it in once more, and its key
makes that one. Standard library only; TLS with the system's certificates.
"""

import imaplib
import poplib
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from groundswell.basics.result import Refused
from groundswell.inbox.spool import LARGEST, Piece, Spool, Way

SECONDS = 30.0
AT_ONCE = 200
"""Mails of one visit: the next visit goes on."""
_DELIVERED_TO = re.compile(rb"(?im)^(?:delivered-to|x-original-to|envelope-to):[ \t]*<?([^\s<>]{3,320})>?[ \t]*\r?$")
_PORTS = {"imap": 143, "imaps": 993, "imap+starttls": 143, "pop3": 110, "pop3s": 995, "pop3+starttls": 110}


class Unreachable(Exception):
    """The mailbox could not be asked. Names the host and the kind of fault, never a password."""


@dataclass(frozen=True, slots=True)
class Account:
    """One mailbox, as the settings name it."""

    kind: str
    host: str
    port: int
    user: str
    password: str
    folder: str = "INBOX"

    def __repr__(self) -> str:
        return f"Account({self.kind}, {self.host})"

    @property
    def way(self) -> Way:
        """How its mail is said to have come."""
        return "imap" if self.kind.startswith("imap") else "pop3"

    @classmethod
    def parse(cls, text: str) -> list["Account"]:
        """The mailboxes of the setting, or `Refused`."""
        return [cls._one(each) for each in re.split(r"[,\s]+", text) if each]

    @classmethod
    def _one(cls, url: str) -> "Account":
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname or not parts.username:
            raise Refused.because(
                "inbound-mailbox",
                "The setting GROUNDSWELL_INBOUND_MAILBOXES names no mailbox.",
                "It should look like imaps://user:password@mail.example.org/INBOX, or pop3s://…",
            )
        folder = unquote(parts.path.lstrip("/")) or "INBOX"
        return cls(
            parts.scheme, parts.hostname, parts.port or _PORTS[parts.scheme], unquote(parts.username),
            unquote(parts.password or ""), folder,
        )  # fmt: skip


def fetch(account: Account, spool: Spool, *, context: ssl.SSLContext | None = None) -> int:
    """Bring this mailbox's mail into the spool and remove it there; returns how many. `Unreachable` where it can't be asked."""
    tls = context or ssl.create_default_context()
    visit: Callable[[Account, Spool, ssl.SSLContext], int] = _imap if account.way == "imap" else _pop3
    try:
        return visit(account, spool, tls)
    except imaplib.IMAP4.error as error:
        raise Unreachable(f"{account.host}: {_word(error)}") from None
    except (OSError, poplib.error_proto) as error:
        raise Unreachable(f"{account.host}: {type(error).__name__}") from None


def from_maildir(folder: Path, spool: Spool) -> int:
    """Bring a maildir's new and seen mail into the spool and remove it there; returns how many."""
    count = 0
    for path in sorted(path for name in ("new", "cur") for path in (folder / name).glob("*") if path.is_file()):
        with suppress(FileNotFoundError):
            if path.stat().st_size > LARGEST:
                continue
            content = path.read_bytes()
            spool.keep(Piece("mail", "maildir", content, envelope_to=delivered_to(content)))
            path.unlink(missing_ok=True)
            count += 1
        if count >= AT_ONCE:
            break
    return count


def delivered_to(content: bytes) -> str:
    """The envelope's recipient as the last server wrote it down, if it did."""
    head = re.split(rb"\r?\n\r?\n", content[:100_000], maxsplit=1)[0]
    found = _DELIVERED_TO.search(head)
    return found.group(1).decode("ascii", "replace") if found else ""


def _imap(account: Account, spool: Spool, tls: ssl.SSLContext) -> int:
    with _imap_session(account, tls) as client:
        _, found = client.uid("SEARCH", "UNDELETED")
        count = 0
        for uid in (found[0] or b"").split()[:AT_ONCE]:
            name = uid.decode("ascii")
            _, data = client.uid("FETCH", name, "(RFC822.SIZE)")
            size = re.search(rb"RFC822\.SIZE (\d+)", b" ".join(part for part in data if isinstance(part, bytes)))
            if size is None or int(size.group(1)) > LARGEST:
                continue  # stays there for a person
            _, data = client.uid("FETCH", name, "(BODY.PEEK[])")
            contents = [part[1] for part in data if isinstance(part, tuple)]
            if not contents:
                continue
            spool.keep(Piece("mail", "imap", contents[0], envelope_to=delivered_to(contents[0])))
            client.uid("STORE", name, "+FLAGS.SILENT", r"(\Deleted)")
            count += 1
        if count:
            client.expunge()
        return count


@contextmanager
def _imap_session(account: Account, tls: ssl.SSLContext) -> Iterator[imaplib.IMAP4]:
    if account.kind == "imaps":
        client: imaplib.IMAP4 = imaplib.IMAP4_SSL(account.host, account.port, ssl_context=tls, timeout=SECONDS)
    else:
        client = imaplib.IMAP4(account.host, account.port, timeout=SECONDS)
    try:
        if account.kind == "imap+starttls":
            client.starttls(tls)
        client.login(account.user, account.password)
        quoted = '"' + account.folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
        answer, _ = client.select(quoted)
        if answer != "OK":
            raise Unreachable(f"{account.host}: no folder of that name")
        yield client
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            client.logout()


def _pop3(account: Account, spool: Spool, tls: ssl.SSLContext) -> int:
    if account.kind == "pop3s":
        client: poplib.POP3 = poplib.POP3_SSL(account.host, account.port, context=tls, timeout=SECONDS)
    else:
        client = poplib.POP3(account.host, account.port, timeout=SECONDS)
    count = 0
    try:
        if account.kind == "pop3+starttls":
            client.stls(tls)
        client.user(account.user)
        client.pass_(account.password)
        for line in client.list()[1][:AT_ONCE]:
            number, size = (int(part) for part in line.split()[:2])
            if size > LARGEST:
                continue
            content = b"\r\n".join(client.retr(number)[1]) + b"\r\n"
            spool.keep(Piece("mail", "pop3", content, envelope_to=delivered_to(content)))
            client.dele(number)
            count += 1
        client.quit()  # only this makes the server forget them (RFC 1939 6)
    except BaseException:
        client.close()
        raise
    return count


def _word(error: Exception) -> str:
    return (
        "the name or password is refused" if "AUTH" in str(error).upper() or "LOGIN" in str(error).upper() else type(error).__name__
    )
