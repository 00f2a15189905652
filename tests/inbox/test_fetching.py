"""Mailboxes elsewhere: brought in whole, removed only when it is safe here, never twice."""

import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from groundswell.basics.result import Refused
from groundswell.inbox import fetching, house
from groundswell.inbox.fetching import Account, Unreachable, fetch, from_maildir
from groundswell.inbox.spool import Piece, opened, waiting
from tests.inbox import certificates
from tests.inbox.world import spool_in
from tests.ports import free_port

MAILS = [b"Delivered-To: b+x@bounce.example.org\r\nSubject: %d\r\n\r\n.dots\r\n..two\r\nend\r\n" % n for n in range(5)]
Serve = Callable[..., tuple[str, Path]]


@pytest.fixture
def serve(home: Path) -> Iterator[Serve]:
    children: list[subprocess.Popen[str]] = []

    def go(kind: str, *, tls: bool = False) -> tuple[str, Path]:
        folder, port = home / "theirs", free_port()
        folder.mkdir()
        for number, mail in enumerate(MAILS, 1):
            (folder / f"{number}.eml").write_bytes(mail)
        extra = [str(path) for path in certificates.make(home)] if tls else []
        program = [sys.executable, str(Path(__file__).parent / "mail_servers.py"), kind, str(port), str(folder), *extra]
        child = subprocess.Popen(program, stdout=subprocess.PIPE, text=True)
        children.append(child)
        assert child.stdout and child.stdout.readline().strip() == "ready"
        scheme = {"imap": "imap", "pop3": "pop3"}[kind] + ("s" if tls else "")
        return f"{scheme}://me:right@localhost:{port}", folder

    yield go
    for child in children:
        child.kill()
        child.communicate()


def contents(spool: Path) -> list[bytes]:
    return [opened(house.private_keys(), path.read_bytes()).content for path, _ in waiting(spool)]


@pytest.mark.parametrize("kind", ["imap", "pop3"])
@pytest.mark.parametrize("tls", [False, True], ids=["plain", "TLS"])
def test_a_mailbox_is_emptied_into_the_spool(kind: str, tls: bool, serve: Serve, home: Path) -> None:
    url, theirs = serve(kind, tls=tls)
    (account,) = Account.parse(url)
    context = ssl.create_default_context(cafile=str(home / "cert.pem")) if tls else None
    assert fetch(account, spool_in(home / "inbound"), context=context) == 5
    assert contents(home / "inbound") == MAILS and list(theirs.iterdir()) == []
    assert {opened(house.private_keys(), path.read_bytes()).envelope_to for path, _ in waiting(home / "inbound")} == {
        "b+x@bounce.example.org"
    }
    assert fetch(account, spool_in(home / "inbound"), context=context) == 0


@pytest.mark.parametrize("kind", ["imap", "pop3"])
def test_nothing_is_removed_there_that_is_not_safe_here(
    kind: str, serve: Serve, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, theirs = serve(kind)
    spool = spool_in(home / "inbound")
    real, kept = spool.keep, list[Piece]()

    def fails_at_the_third(piece: Piece) -> Path:
        if len(kept) == 2:
            raise OSError("no space left")
        kept.append(piece)
        return real(piece)

    monkeypatch.setattr(spool, "keep", fails_at_the_third)
    (account,) = Account.parse(url)
    with pytest.raises(Unreachable, match="localhost: OSError"):
        fetch(account, spool)
    assert len(list(theirs.iterdir())) >= 3
    monkeypatch.undo()
    fetch(account, spool)
    assert set(contents(home / "inbound")) == set(MAILS) and list(theirs.iterdir()) == []
    keys = [key for _, key in waiting(home / "inbound")]
    assert len(set(keys)) == 5, "what came in twice has one key"


@pytest.mark.parametrize("kind", ["imap", "pop3"])
def test_what_can_not_be_asked_is_said_without_a_password(kind: str, serve: Serve, home: Path) -> None:
    url, _ = serve(kind)
    (wrong,) = Account.parse(url.replace("right", "hunter2"))
    with pytest.raises(Unreachable) as refused:
        fetch(wrong, spool_in(home / "inbound"))
    (away,) = Account.parse(f"{kind}s://me:hunter2@localhost:{free_port()}")
    with pytest.raises(Unreachable) as gone:
        fetch(away, spool_in(home / "inbound"))
    for error in (refused, gone):
        assert "hunter2" not in str(error.value) and "localhost" in str(error.value)
    assert "hunter2" not in repr(away)


def test_a_certificate_that_nobody_signed_is_refused(serve: Serve, home: Path) -> None:
    url, theirs = serve("imap", tls=True)
    (account,) = Account.parse(url)
    with pytest.raises(Unreachable, match="SSL"):
        fetch(account, spool_in(home / "inbound"))
    assert len(list(theirs.iterdir())) == 5


def test_a_folder_that_is_not_there_is_named(serve: Serve, home: Path) -> None:
    url, _ = serve("imap")
    (account,) = Account.parse(url + "/Bounces")
    assert account.folder == "Bounces"
    with pytest.raises(Unreachable, match="no folder"):
        fetch(account, spool_in(home / "inbound"))


@pytest.mark.parametrize("text", ["mail.example.org", "http://x:y@z", "imaps://mail.example.org/"])
def test_a_wrong_mailbox_setting_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="GROUNDSWELL_INBOUND_MAILBOXES"):
        Account.parse(text)


def test_a_maildir_is_emptied_into_the_spool(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("new", "cur", "tmp"):
        (home / "Maildir" / name).mkdir(parents=True)
    (home / "Maildir" / "new" / "1.host").write_bytes(MAILS[0])
    (home / "Maildir" / "cur" / "2.host:2,S").write_bytes(MAILS[1])
    (home / "Maildir" / "tmp" / "3.host").write_bytes(MAILS[2])
    assert from_maildir(home / "Maildir", spool_in(home / "inbound")) == 2
    assert set(contents(home / "inbound")) == set(MAILS[:2]) and (home / "Maildir" / "tmp" / "3.host").exists()
    monkeypatch.setattr(fetching, "LARGEST", 3)
    (home / "Maildir" / "new" / "4.host").write_bytes(MAILS[3])
    assert from_maildir(home / "Maildir", spool_in(home / "inbound")) == 0 and (home / "Maildir" / "new" / "4.host").exists()
    assert from_maildir(home / "nowhere", spool_in(home / "inbound")) == 0
