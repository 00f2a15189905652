"""Every letter handed to a relay ends in exactly one honest reply."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import pytest
from aiosmtpd.controller import Controller

from groundswell.basics.ids import DeliveryId
from groundswell.basics.result import Refused
from groundswell.engine.outcome import judge, retry_minutes
from groundswell.engine.transports.base import Envelope, Unreachable
from groundswell.engine.transports.relay import shares
from groundswell.engine.transports.smtp import Relay, SmtpTransport
from tests.engine.supply import Pile
from tests.ports import free_port


def envelopes(count: int) -> list[Envelope]:
    return [
        Envelope(DeliveryId(n), "b@bounce.example.org", f"p{n}@example.org", b"Subject: x\r\n\r\nhello\r\n") for n in range(count)
    ]


def send(port: int, letters: list[Envelope], connections: int = 2) -> Pile:
    pile = Pile(letters)

    async def run() -> None:
        transport = SmtpTransport(Relay("127.0.0.1", port), connections=connections, patience=0.01)
        try:
            with suppress(Unreachable):
                await transport.send(pile)
        finally:
            await transport.close()

    asyncio.run(run())
    return pile


class Taking:
    def __init__(self) -> None:
        self.got: list[tuple[str, bytes]] = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # type: ignore[no-untyped-def]
        if address.startswith("p3@"):
            return "550 5.1.1 no such user"
        if address.startswith("p4@"):
            return "451 4.3.0 later"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server, session, envelope):  # type: ignore[no-untyped-def]
        self.got.append((envelope.rcpt_tos[0], envelope.content))
        return "250 2.0.0 taken"


def test_a_real_receiver_gets_each_letter_once() -> None:
    handler = Taking()
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        pile = send(port, envelopes(20))
    finally:
        controller.stop()
    states = {int(reply.delivery): reply.state for reply in pile.replies}
    assert len(states) == 20 and states[3] == "refused" and states[4] == "retry"
    assert sorted(to for to, _ in handler.got) == sorted(f"p{n}@example.org" for n in range(20) if n not in (3, 4))
    assert sorted(pile.begun_ids) == [n for n in range(20) if n not in (3, 4)]


async def _faulty(script: Callable[[asyncio.StreamReader, asyncio.StreamWriter], object]) -> tuple[asyncio.Server, int]:
    server = await asyncio.start_server(script, "127.0.0.1", 0)  # type: ignore[arg-type]
    return server, server.sockets[0].getsockname()[1]


def faulty(after_data: bytes | None, *, greeting: bytes = b"220 hi\r\n", pipelining: bool = True) -> Pile:
    """One letter to a server that ends as told: `after_data` None closes the connection once the letter is there."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"EHLO":
                writer.write(b"250-me\r\n250-SIZE 1000000\r\n250 PIPELINING\r\n" if pipelining else b"250 me\r\n")
            elif verb == b"DATA":
                writer.write(b"354 go\r\n")
                while (await reader.readline()) != b".\r\n":
                    pass
                if after_data is None:
                    break
                writer.write(after_data)
            elif verb == b"QUIT":
                break
            else:
                writer.write(b"250 ok\r\n")
        writer.close()

    async def run() -> Pile:
        server, port = await _faulty(serve)
        async with server:
            pile = Pile(envelopes(1))
            transport = SmtpTransport(Relay("127.0.0.1", port), connections=1, patience=0.01)
            with suppress(Unreachable):
                await transport.send(pile)
            await transport.close()
            return pile

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("after_data", "state"),
    [(b"250 ok\r\n", "accepted"), (b"552 5.3.4 too big\r\n", "refused"), (b"452 4.2.2 full\r\n", "retry"), (None, "uncertain"),
     (b"what?\r\n", "uncertain")],
)  # fmt: skip
@pytest.mark.parametrize("pipelining", [True, False])
def test_the_end_of_a_letter_decides(after_data: bytes | None, state: str, pipelining: bool) -> None:
    assert [reply.state for reply in faulty(after_data, pipelining=pipelining).replies] == [state]


@pytest.mark.parametrize("greeting", [b"554 go away\r\n", b"garbage\r\n", b""])
def test_a_relay_that_does_not_greet_has_nothing_of_ours(greeting: bytes) -> None:
    pile = faulty(b"250 ok\r\n", greeting=greeting) if greeting else send(1, envelopes(3))
    assert pile.replies == [] and pile.begun_ids == [] and len(pile.waiting) in (1, 3)


def test_relay_addresses() -> None:
    assert Relay.parse("smtp+starttls://me:p%40ss@mail.example.org") == Relay("mail.example.org", 587, "starttls", "me", "p@ss")
    with pytest.raises(Refused):
        Relay.parse("mail.example.org:25")


def test_words_kept_from_a_reply_hold_no_address() -> None:
    assert "@" not in judge(DeliveryId(1), 550, "<ada@example.org> unknown user").words


def test_retries_grow_and_end() -> None:
    waits = [retry_minutes(n) for n in range(1, 15)]
    assert waits == sorted(waits) and waits[0] == 5 and waits[-1] == 720


@pytest.mark.parametrize(("offered", "state"), [(True, "accepted"), (False, "refused")])
def test_an_address_beyond_ascii_needs_a_relay_that_takes_it(offered: bool, state: str) -> None:
    handler, port = Taking(), free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port, enable_SMTPUTF8=offered)
    controller.start()
    try:
        pile = send(port, [Envelope(DeliveryId(1), "b@example.org", "zoë@example.org", b"Subject: x\r\n\r\nhi\r\n")])
    finally:
        controller.stop()
    (reply,) = pile.replies
    assert reply.state == state and ("SMTPUTF8" in reply.words) == (not offered) and "@" not in reply.words


def test_a_letter_larger_than_the_relay_takes_is_refused_before_it_is_sent() -> None:
    handler, port = Taking(), free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port, data_size_limit=1000)
    controller.start()
    try:
        pile = send(
            port, [Envelope(DeliveryId(n), "b@example.org", "a@example.org", b"x" * (500 + n * 1000) + b"\r\n") for n in range(2)]
        )
    finally:
        controller.stop()
    assert sorted((int(reply.delivery), reply.state) for reply in pile.replies) == [(0, "accepted"), (1, "refused")]
    assert pile.begun_ids == [0]


def test_relays_share_the_work_by_weight() -> None:
    relays = Relay.parse_all("smtp://127.0.0.1:25#3, smtps://me@mail.example.org")
    assert [relay.weight for relay in relays] == [3, 1] and relays[1].port == 465
    assert [relay.port for relay in shares(relays, 8)] == [25] * 6 + [465] * 2
    assert "me" not in repr(relays[1])
