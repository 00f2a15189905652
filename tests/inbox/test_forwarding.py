"""A person's answer reaches the sender's own mailbox, once, and nothing goes round in circles."""

import asyncio
import email
import email.policy
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import dkim
import pytest
from aiosmtpd.smtp import SMTP
from django.conf import settings

from groundswell.engine.sign import Signer, dns_record, new_key
from groundswell.inbox import forwarding
from groundswell.inbox.models import Forward, State
from tests.inbox.world import World, answer, holiday
from tests.ports import free_port

pytestmark = pytest.mark.django_db
ADA = "ada@example.org"


@pytest.fixture
def world(now: datetime, home: Path) -> World:
    return World(now, home / "inbound").send_to(ADA)


class Keeper:
    """A relay's own memory; answers as it is told to."""

    def __init__(self, reply: str = "250 2.0.0 taken") -> None:
        self.reply, self.got = reply, list[Any]()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.got.append(envelope)
        return self.reply


@contextmanager
def relay(port: int, keeper: Keeper) -> Iterator[None]:
    """A real SMTP server in a thread of its own."""
    loop = asyncio.new_event_loop()
    ready = threading.Event()

    def run() -> None:
        asyncio.set_event_loop(loop)
        sessions: list[SMTP] = []

        def session() -> SMTP:
            sessions.append(SMTP(keeper, loop=loop))
            return sessions[-1]

        server = loop.run_until_complete(loop.create_server(session, "127.0.0.1", port))
        ready.set()
        loop.run_forever()
        server.close()
        loop.run_until_complete(server.wait_closed())
        for each in sessions:
            if each.transport is not None:
                each.transport.abort()
        loop.run_until_complete(asyncio.sleep(0.01))
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    ready.wait(10)
    try:
        yield
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> int:
    port = free_port()
    changed = settings.GROUNDSWELL.model_copy(update={"smtp": f"smtp://127.0.0.1:{port}"})
    monkeypatch.setattr(settings, "GROUNDSWELL", changed)
    return port


def test_an_answer_reaches_the_senders_mailbox_and_can_be_answered(world: World, port: int) -> None:
    text = "Grüße\n.a line with a dot\n" + "long " * 10
    row = world.comes_in(answer(world.bounce_address(ADA), ADA, world.message_id(ADA), text), world.bounce_address(ADA))
    assert (row.kind, row.state, row.sealed) == ("answer", State.FORWARDED, None)
    queued = Forward.objects.get()
    assert queued.sealed is not None and b"ada@" not in bytes(queued.sealed)
    keeper = Keeper()
    with relay(port, keeper):
        assert forwarding.send_due(now=world.now) == 1 and forwarding.send_due(now=world.now) == 0
    (envelope,) = keeper.got
    assert (
        envelope.rcpt_tos == ["answers@news.example.org"]
        and envelope.mail_from == f"forwarded@{settings.GROUNDSWELL.bounce_domain}"
    )
    message = email.message_from_bytes(envelope.content, policy=email.policy.default)
    assert message["reply-to"] == ADA and message["subject"] == "Re: A letter" and message["auto-submitted"] == "auto-generated"
    assert "Grüße" in message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    (attached,) = message.iter_attachments()
    assert attached.get_content_type() == "message/rfc822"
    inner = attached.get_content()
    assert inner["message-id"] == "<answer-1@reader.example>" and ".a line with a dot" in inner.get_content()
    sent = Forward.objects.get()
    assert sent.sent_at == world.now and sent.sealed is None


def test_the_forwarded_mail_is_signed_for_the_senders_domain(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    pem = new_key(1024)
    monkeypatch.setattr(forwarding, "signer_for", lambda domain: Signer(domain, "gs1", pem))
    from groundswell.inbox.spool import Piece

    raw = answer("x@y.example", ADA, "<a@b>", "two  spaces \t and a tab \n\n\n").replace("\n", "\r\n").encode()
    message = forwarding.compose(
        Piece("mail", "smtp", raw), writer=ADA, target="answers@news.example.org", from_address="lucia@news.example.org",
        name="Lucía", mark="ab" * 32, now=world.now,
    )  # fmt: skip
    record = dns_record(pem).replace('" "', "").strip('"').encode()
    assert dkim.verify(message, dnsfunc=lambda *_, **__: record)
    assert not dkim.verify(message.replace(b"A Reader", b"A Forger"), dnsfunc=lambda *_, **__: record)


def test_a_dead_relay_loses_nothing(world: World, port: int) -> None:
    world.comes_in(answer(world.bounce_address(ADA), ADA, world.message_id(ADA)), world.bounce_address(ADA))
    assert forwarding.send_due(now=world.now) == 0
    assert Forward.objects.get().due_at > world.now and forwarding.send_due(now=world.now) == 0
    with relay(port, Keeper("451 4.3.0 later")):
        assert forwarding.send_due(now=world.now + timedelta(hours=1)) == 0
    keeper = Keeper()
    with relay(port, keeper):
        assert forwarding.send_due(now=world.now + timedelta(days=1)) == 1
    assert len(keeper.got) == 1


def test_what_the_mailbox_refuses_is_kept_for_a_person(world: World, port: int) -> None:
    row = world.comes_in(answer(world.bounce_address(ADA), ADA, world.message_id(ADA)), world.bounce_address(ADA))
    with relay(port, Keeper("550 5.1.1 no such mailbox")):
        assert forwarding.send_due(now=world.now) == 0
    row.refresh_from_db()
    assert row.state == State.KEPT and row.sealed is not None and "550" in row.outcome
    assert Forward.objects.get().failed == "550"


@pytest.mark.parametrize(
    ("writer", "header", "setting"),
    [
        (ADA, "X-Loop: answers@news.example.org\n", {}),
        (ADA, "X-Groundswell-Forwarded: yes\n", {}),
        ("answers@news.example.org", "", {}),
        (ADA, "", {"answers_to": "someone@bounce.example.org"}),
        (ADA, "", {"inbound_addresses": "answers@news.example.org"}),
    ],
    ids=["loop header", "our own mark", "the sender's own mailbox", "the bounce domain", "an address that leads here"],
)
def test_nothing_goes_round_in_circles(
    writer: str, header: str, setting: dict[str, str], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "GROUNDSWELL", settings.GROUNDSWELL.model_copy(update=setting))
    mail = header + answer(world.bounce_address(ADA), writer, world.message_id(ADA))
    row = world.comes_in(mail, world.bounce_address(ADA))
    assert row.state == State.KEPT and Forward.objects.count() == 0


def test_an_automatic_answer_is_not_forwarded(world: World) -> None:
    world.comes_in(holiday(world.bounce_address(ADA), ADA), world.bounce_address(ADA))
    assert Forward.objects.count() == 0


def test_an_answer_without_a_token_goes_to_the_newest_letters_sender(world: World) -> None:
    row = world.comes_in(answer("answers@news.example.org", "stranger@example.net", "<x@y>"), "answers@news.example.org")
    assert row.state == State.FORWARDED and row.delivery_id is None


def test_a_mail_with_endless_lines_is_attached_as_a_file(world: World) -> None:
    from groundswell.inbox.spool import Piece

    raw = b"From: x@y.example\r\n\r\n" + b"a" * 5000
    message = forwarding.compose(
        Piece("mail", "smtp", raw), writer="x@y.example", target="t@example.org", from_address="f@example.org", name="",
        mark="cd" * 32, now=world.now,
    )  # fmt: skip
    assert max(len(line) for line in message.split(b"\r\n")) <= 998
    (attached,) = email.message_from_bytes(message, policy=email.policy.default).iter_attachments()
    assert attached.get_content() == raw


def test_the_port_is_free_again(port: int) -> None:
    with relay(port, Keeper()), socket.create_connection(("127.0.0.1", port), 5):
        pass
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", port), 1)
