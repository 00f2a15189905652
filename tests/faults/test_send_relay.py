"""Whatever a relay does, each row says honestly what became of its letter, and nothing is lost for good."""

import os
import ssl
import subprocess
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from groundswell.basics.ids import DeliveryId, LetterId, PersonRef
from groundswell.basics.result import Refused
from groundswell.engine.transports.smtp import Relay, SmtpTransport
from groundswell.post import operations as post
from groundswell.post import queries
from groundswell.post.deliver import deliver, message_id
from groundswell.post.models import Delivery, State
from tests.faults.receiver import receiving
from tests.people.test_people import supporter
from tests.ports import free_port
from tests.post.test_post import KEYS, lodged, office

pytestmark = [pytest.mark.faults, pytest.mark.django_db]
COUNT = 30


@pytest.fixture
def letter_id(now: datetime) -> LetterId:
    persons = [supporter(now, f"p{n}@example.org") for n in range(COUNT)]
    letter = lodged(now)
    post.address(letter_id=letter, persons=[(PersonRef(person), "") for person in persons], now=now)
    return letter


def relayed(port: int, **changes: object) -> SmtpTransport:
    return SmtpTransport(Relay("127.0.0.1", port, **changes), connections=3, patience=0.01)  # type: ignore[arg-type]


def sent(letter_id: LetterId, home: Path, now: datetime, transport: SmtpTransport) -> dict[str, int]:
    """What the books say after one go; a relay that takes nothing at all is refused in words."""
    try:
        deliver(letter_id=letter_id, office=office(home), transport=transport, clock=lambda: now)
    except Refused as refused:
        assert refused.problems[0].code == "relay-unreachable" and "@" not in str(refused)
    return queries.progress(letter_id)


def copies(home: Path) -> Counter[str]:
    return Counter((home / "ledger").read_text().split()) if (home / "ledger").exists() else Counter()


@pytest.mark.parametrize(
    ("behaviour", "states"),
    [
        ("good", {"accepted": COUNT}),
        ("slow", {"accepted": COUNT}),
        ("451", {"retry": COUNT}),
        ("550", {"refused": COUNT}),
        ("552", {"refused": COUNT}),
        ("421", {"ready": COUNT}),
        ("garbage", {"ready": COUNT}),
        ("no-greeting", {"ready": COUNT}),
        ("unwelcome", {"ready": COUNT}),
        ("drop-after-data", {"ready": COUNT}),
    ],
)
def test_a_relay_that_misbehaves(behaviour: str, states: dict[str, int], letter_id: LetterId, home: Path, now: datetime) -> None:
    port = free_port()
    with receiving(port, home / "ledger", behaviour):
        assert sent(letter_id, home, now, relayed(port)) == states
    assert sum(copies(home).values()) == states.get("accepted", 0)
    if states.get("accepted") or states.get("refused"):
        return
    # A day later the relay is itself again: everyone gets the letter, once.
    with receiving(port, home / "ledger"):
        assert sent(letter_id, home, now + timedelta(days=1), relayed(port)) == {"accepted": COUNT}
    assert set(copies(home).values()) == {1} and len(copies(home)) == COUNT


def test_a_relay_that_is_not_there(letter_id: LetterId, home: Path, now: datetime) -> None:
    assert sent(letter_id, home, now, relayed(free_port())) == {"ready": COUNT}
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {0}, "what was never tried does not count as a try"


@pytest.mark.parametrize("behaviour", ["mid-letter", "reply-lost"])
def test_what_a_relay_swallowed_is_in_doubt_by_the_name_of_its_row(
    behaviour: str, letter_id: LetterId, home: Path, now: datetime
) -> None:
    port = free_port()
    with receiving(port, home / "ledger", behaviour):
        counts = sent(letter_id, home, now, relayed(port))
    held, domain = copies(home), "news.example.org"
    doubtful = queries.uncertain(letter_id)
    assert len(doubtful) == counts["uncertain"] > 0
    for row in Delivery.objects.all():
        arrived = held[message_id(KEYS, DeliveryId(row.pk), domain).strip("<>")]
        assert arrived <= 1
        if row.state == State.ACCEPTED:
            assert arrived == 1
        elif row.state != State.UNCERTAIN:
            assert arrived == 0, "never ready again once it may have arrived"


def test_one_relay_of_two_is_down(letter_id: LetterId, home: Path, now: datetime) -> None:
    port = free_port()
    both = (Relay("127.0.0.1", port, weight=1), Relay("127.0.0.1", free_port(), weight=3))
    with receiving(port, home / "ledger"):
        assert sent(letter_id, home, now, SmtpTransport(both, connections=4, patience=0.01)) == {"accepted": COUNT}


def _certificate(home: Path, name: str) -> tuple[Path, ssl.SSLContext]:
    pem = home / f"{name}.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}", "-addext",
         f"subjectAltName=DNS:{name}", "-keyout", str(pem), "-out", str(home / f"{name}.crt")],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(home / f"{name}.crt", pem)
    return home / f"{name}.crt", context


class _Kept:
    def __init__(self) -> None:
        self.got: list[bytes] = []

    async def handle_DATA(self, server, session, envelope):  # type: ignore[no-untyped-def]
        self.got.append(envelope.content)
        return "250 taken" if session.authenticated else "530 5.7.0 log in first"


def _login(server, session, envelope, mechanism, data):  # type: ignore[no-untyped-def]
    from aiosmtpd.smtp import AuthResult

    right = data.login == b"me" and data.password == b"p@ss"
    return AuthResult(success=right, handled=right)


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("trouble", ["", "unknown certificate", "wrong password", "no encryption at all"])
def test_tls_and_login(security: str, trouble: str, letter_id: LetterId, home: Path, now: datetime) -> None:
    authority, context = _certificate(home, "localhost")
    kept, port = _Kept(), free_port()
    secured: dict[str, object] = (
        {"ssl_context": context} if security == "tls" else {"tls_context": context, "require_starttls": True}
    )
    if trouble == "no encryption at all":
        secured = {}
    controller = Controller(
        kept, hostname="localhost", port=port, authenticator=_login, auth_required=bool(secured), auth_require_tls=security != "tls",
        **secured,
    )  # fmt: skip
    relay = Relay("localhost", port, security, "me", "wrong" if trouble == "wrong password" else "p@ss",
                  ca="" if trouble == "unknown certificate" else str(authority))  # type: ignore[arg-type] # fmt: skip
    with _running(controller):
        counts = sent(letter_id, home, now, SmtpTransport(relay, connections=2, patience=0.01))
    assert counts == ({"ready": COUNT} if trouble else {"accepted": COUNT})
    assert len(kept.got) == (0 if trouble else COUNT)


class _running:  # noqa: N801 (reads as a word)
    def __init__(self, controller: Controller) -> None:
        self.controller = controller

    def __enter__(self) -> None:
        self.controller.start()

    def __exit__(self, *_: object) -> None:
        self.controller.stop()


def test_a_full_disk_stops_before_a_letter_goes_that_could_not_be_told_of(
    letter_id: LetterId, home: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    port, write, lines = free_port(), os.write, [0]

    def full(descriptor: int, data: bytes) -> int:
        lines[0] += data.startswith((b"B", b"A", b"N"))
        if lines[0] > 10 and data[:1] in b"ABN":
            raise OSError(28, "No space left on device")
        return write(descriptor, data)

    with receiving(port, home / "ledger"):
        with monkeypatch.context() as patched:
            patched.setattr("groundswell.post.handover_log.os.write", full)
            with pytest.raises(OSError, match="No space"):
                deliver(letter_id=letter_id, office=office(home), transport=relayed(port), clock=lambda: now)
        held = len(copies(home))
        assert 0 < held < COUNT
        later = now + timedelta(minutes=1)
        counts = sent(letter_id, home, later, relayed(port))
    assert set(copies(home).values()) == {1}, "nobody has it twice"
    assert counts.get("accepted", 0) + counts.get("uncertain", 0) == COUNT
    assert len(copies(home)) >= counts["accepted"] >= COUNT - 3
