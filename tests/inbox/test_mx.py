"""Our own receiver takes what is ours, refuses the rest at once, and says 250 when the disk has it."""

import asyncio
import datetime as dt
import smtplib
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from groundswell.basics.boxes import public_half
from groundswell.basics.ids import DeliveryId
from groundswell.basics.tokens import seal_delivery
from groundswell.inbox import house, mx
from groundswell.inbox.spool import opened, waiting
from tests.inbox import certificates
from tests.ports import free_port

DOMAIN = "bounce.example.org"


def token(purpose: str) -> str:
    return seal_delivery(settings.GROUNDSWELL.key_folder.tokens, purpose, DeliveryId(7))


def config(folder: Path, **changes: object) -> mx.MxConfig:
    keys = settings.GROUNDSWELL.key_folder
    intake, tokens = keys.ring("intake"), keys.ring("tokens")
    facts = {
        "host": "127.0.0.1", "port": free_port(), "spool": str(folder), "intake_public": public_half(intake.current_key).hex(),
        "intake_key_id": intake.current, "token_keys": {str(k): v.hex() for k, v in tokens.keys.items()},
        "token_current": tokens.current, "bounce_domain": DOMAIN, "addresses": ["answers@example.org"], "per_minute": 600,
        **changes,
    }  # fmt: skip
    return mx.MxConfig(**facts)  # type: ignore[arg-type]


Start = Callable[..., mx.MxConfig]


@pytest.fixture
def start(home: Path) -> Iterator[Start]:
    """The real process, as `up` starts it."""
    children: list[subprocess.Popen[bytes]] = []

    def go(**changes: object) -> mx.MxConfig:
        made = config(home / "inbound", **changes)
        made.write(home / "mx.json")
        assert (home / "mx.json").stat().st_mode & 0o777 == 0o600
        child = subprocess.Popen([sys.executable, "-m", "groundswell.inbox.mx", str(home / "mx.json")])
        children.append(child)
        deadline = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=20)
        while dt.datetime.now(dt.UTC) < deadline:
            try:
                socket.create_connection(("127.0.0.1", made.port), 0.2).close()
                return made
            except OSError:
                assert child.poll() is None
        raise AssertionError("it does not listen")

    yield go
    for child in children:
        child.terminate()
        assert child.wait(15) == 0


def test_what_we_made_is_taken_and_the_rest_refused_at_once(start: Start, home: Path) -> None:
    made = start()
    with smtplib.SMTP("127.0.0.1", made.port) as client:
        client.ehlo()
        assert client.has_extn("size") and not client.has_extn("starttls") and not client.has_extn("auth")
        client.mail("")
        for good in (f"b+{token('bounce')}@{DOMAIN}", f"B+{token('bounce').upper()}@{DOMAIN.upper()}", f"u+{token('unsubscribe')}@{DOMAIN}",
                     f"postmaster@{DOMAIN}", f"abuse@{DOMAIN}", "answers@example.org"):  # fmt: skip
            assert client.rcpt(good)[0] == 250, good
        for bad in (f"b+{token('unsubscribe')}@{DOMAIN}", f"u+{token('bounce')}@{DOMAIN}", f"b+{'a' * 40}@{DOMAIN}", f"b+@{DOMAIN}",
                    f"info@{DOMAIN}", "someone@example.com", f"b+{token('bounce')}@example.com"):  # fmt: skip
            assert client.rcpt(bad)[0] == 550, bad
        client.data(b"From: <>\r\nSubject: x\r\n\r\nada@example.org is dead\r\n.a dot\r\n")
    files = list(waiting(home / "inbound"))
    assert len(files) == 6, "one for each recipient"
    assert all(b"ada@" not in path.read_bytes() and path.stat().st_mode & 0o777 == 0o600 for path, _ in files)
    pieces = [opened(house.private_keys(), path.read_bytes()) for path, _ in files]
    assert {piece.envelope_to for piece in pieces} >= {"answers@example.org"} and b"\r\n.a dot" in pieces[0].content


def test_a_guesser_is_shown_out(start: Start) -> None:
    made = start()
    with smtplib.SMTP("127.0.0.1", made.port) as client:
        client.ehlo()
        client.mail("x@example.com")
        codes = []
        with pytest.raises(smtplib.SMTPServerDisconnected):
            for n in range(50):
                codes.append(client.rcpt(f"guess{n}@{DOMAIN}")[0])
    assert codes[: mx.MOST_STRANGERS] == [550] * mx.MOST_STRANGERS and len(codes) <= mx.MOST_STRANGERS + 2


def test_too_large_and_too_many_are_told_so(start: Start, home: Path) -> None:
    made = start(most_bytes=10_000, per_minute=2)
    to = f"b+{token('bounce')}@{DOMAIN}"
    with smtplib.SMTP("127.0.0.1", made.port) as client:
        with pytest.raises(smtplib.SMTPSenderRefused) as refused:
            client.sendmail("", [to], b"x" * 20_000)
        assert refused.value.smtp_code == 552
        for n in range(2):
            client.sendmail("", [to], f"Subject: {n}\r\n\r\nx".encode())
        with pytest.raises(smtplib.SMTPDataError) as later:
            client.sendmail("", [to], b"Subject: 3\r\n\r\nx")
        assert later.value.smtp_code == 451
    assert len(list(waiting(home / "inbound"))) == 2


def test_a_full_disk_is_no_250(start: Start, home: Path) -> None:
    made = start()
    (home / "inbound").write_text("a file where the folder should be")
    with smtplib.SMTP("127.0.0.1", made.port) as client, pytest.raises(smtplib.SMTPDataError) as error:
        client.sendmail("", [f"b+{token('bounce')}@{DOMAIN}"], b"Subject: x\r\n\r\nx")
    assert error.value.smtp_code == 452


def test_one_network_can_not_take_every_connection(start: Start) -> None:
    made = start()
    held: list[socket.socket] = []
    for _ in range(mx.MOST_PER_NETWORK * 3):  # the fixture's own knock may still be counted for a moment
        one = socket.create_connection(("127.0.0.1", made.port), 5)
        if one.recv(200).startswith(b"220"):
            held.append(one)
        else:
            one.close()
        if len(held) == mx.MOST_PER_NETWORK:
            break
    assert len(held) == mx.MOST_PER_NETWORK
    with socket.create_connection(("127.0.0.1", made.port), 5) as one_more:
        assert one_more.recv(200).startswith(b"421")
    for each in held:
        each.close()
    with smtplib.SMTP("127.0.0.1", made.port) as client:
        assert client.noop()[0] == 250


def test_mail_comes_encrypted_where_there_is_a_certificate(start: Start, home: Path) -> None:
    cert, key = certificates.make(home)
    made = start(certificate=str(cert), key=str(key))
    context = ssl.create_default_context(cafile=str(cert))
    with smtplib.SMTP("127.0.0.1", made.port) as client:
        client._host = "localhost"  # type: ignore[attr-defined]
        assert client.starttls(context=context)[0] == 220
        client.sendmail("", [f"b+{token('bounce')}@{DOMAIN}"], b"Subject: x\r\n\r\nx")
    assert len(list(waiting(home / "inbound"))) == 1
    with socket.create_connection(("127.0.0.1", made.port), 5) as plain:
        assert plain.recv(100).startswith(b"220"), "closed TLS connections are counted out again"


def test_the_gate_counts_networks_and_forgets() -> None:
    moment = [0.0]
    gate = mx.Gate(2, clock=lambda: moment[0])
    assert [gate.bring("a"), gate.bring("a"), gate.bring("a"), gate.bring("b")] == [True, True, False, True]
    moment[0] = 61.0
    assert gate.bring("a")
    assert [gate.bring("c", mx.MOST_BYTES_A_MINUTE), gate.bring("c", 1), gate.bring("d", 1)] == [True, False, True]
    assert mx.network_of(("192.0.2.77", 25)) == "192.0.2.0/24" and mx.network_of(("::ffff:192.0.2.7", 25)) == "192.0.2.0/24"
    assert mx.network_of(("2001:db8::1", 25, 0, 0)) == "2001:db8::/64" and mx.network_of(None) == "unknown"


def test_it_needs_no_database_and_no_key_that_opens(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys, groundswell.inbox.mx; print(sorted(m for m in sys.modules if m.startswith(('django', 'psycopg'))))"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "[]"
    made = config(home)
    private = settings.GROUNDSWELL.key_folder.ring("intake").current_key
    assert private.hex() not in str(made) and asyncio.iscoroutinefunction(mx.listen)
