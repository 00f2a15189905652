"""Letters are signed beside the wire: the same bytes, none lost, and one that can't be written holds nobody up."""

import threading
import time
from datetime import datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from groundswell.basics.ids import DeliveryId
from groundswell.engine.sign import Signer, load_key, new_key
from groundswell.engine.sign.beside import signing_beside
from groundswell.engine.transports.base import Envelope
from groundswell.post import operations as post
from groundswell.post import queries
from groundswell.post.ahead import DEPTH, Ahead
from groundswell.post.deliver import PostOffice, deliver
from tests.people.test_people import supporter
from tests.post.test_post import KEYS, Relay, lodged, office


def envelope(number: int) -> Envelope:
    return Envelope(DeliveryId(number), "b@example.org", "a@example.org", b"")


@pytest.mark.parametrize("threads", [0, 1, 2])
def test_every_letter_comes_out_once_and_signed(threads: int) -> None:
    ahead, out, put = Ahead(threads), [], 0
    while len(out) < 200:
        while put < 200 and not ahead.is_full:
            ahead.put(envelope(put), lambda number=put: b"%d" % number)  # type: ignore[misc]
            put += 1
        assert ahead.held <= DEPTH
        if (found := ahead.take()) is not None:
            out.append(found)
    assert sorted(int(each.data) for each in out) == list(range(200)) and ahead.held == 0 and not ahead.at_hand
    assert ahead.close() == []


def test_what_was_not_taken_is_given_back() -> None:
    ahead, slow = Ahead(1), threading.Event()
    for number in range(6):
        ahead.put(envelope(number), lambda: b"x" if slow.wait(1) else b"y")
    time.sleep(0.05)
    slow.set()
    assert sorted(each.delivery for each in ahead.close()) == list(range(6))


def test_signatures_made_beside_are_the_very_same() -> None:
    pem = new_key()
    key = load_key(pem)
    assert isinstance(key, rsa.RSAPrivateKey)
    sign = signing_beside(key)
    if sign is None:
        pytest.skip("no OpenSSL library to be called on this machine: signatures are made by cryptography")
    made: list[bytes] = []
    threads = [threading.Thread(target=lambda: made.append(sign(bytes(32)))) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(set(made)) == 1
    key.public_key().verify(made[0], bytes(32), padding.PKCS1v15(), _hashed())
    signer, plain = Signer("a.example", "s", pem), Signer("a.example", "s", pem)
    plain._beside = None
    headers = [("From", "a@a.example"), ("Subject", "x")]
    assert signer.header(headers, b"hi\r\n") == plain.header(headers, b"hi\r\n")


def _hashed() -> object:
    from cryptography.hazmat.primitives.asymmetric import utils

    return utils.Prehashed(hashes.SHA256())


@pytest.mark.django_db
def test_a_signed_mailing_arrives_whole_and_a_row_that_can_not_be_written_is_refused_alone(
    now: datetime, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from groundswell.people import mailroom

    persons = [supporter(now, f"p{number}@example.org") for number in range(40)]
    letter_id = lodged(now)
    post.address(letter_id=letter_id, persons=[(person, "") for person in persons], now=now)
    house = office(home)
    signed = PostOffice(KEYS, house.base_url, house.bounce_domain, house.logs, lambda domain: (Signer(domain, "gs1", new_key()),))
    cards = mailroom.cards

    def one_broken(asked):  # type: ignore[no-untyped-def]
        found = cards(asked)
        if persons[7] in found:
            found[persons[7]] = found[persons[7]]._replace(email="a b\r\n@example.org")
        return found

    monkeypatch.setattr("groundswell.post.deliver.mailroom.cards", one_broken)
    relay = Relay()
    assert deliver(letter_id=letter_id, office=signed, transport=relay, clock=lambda: now) == 39
    assert queries.progress(letter_id) == {"accepted": 39, "refused": 1}
    assert all(each.data.startswith(b"DKIM-Signature: ") for each in relay.got) and len({e.rcpt_to for e in relay.got}) == 39


def test_a_domain_with_two_keys_signs_twice_rsa_first() -> None:
    from groundswell.cli.signing import dkim_records, ensure_dkim_key
    from groundswell.post.wiring import dkim_path, signers_for

    assert signers_for("two.example") == ()
    one, two = ensure_dkim_key("two.example"), ensure_dkim_key("two.example", second=True)
    assert ensure_dkim_key("two.example") == one and (one[0], two[0]) == ("gs1", "gs2")
    assert [signer.algorithm for signer in signers_for("two.example")] == ["rsa-sha256", "ed25519-sha256"]
    assert [line.split(" ")[0] for line in dkim_records("two.example")] == [
        "gs1._domainkey.two.example.", "gs2._domainkey.two.example.",
    ]  # fmt: skip
    assert all(dkim_path("two.example", selector).stat().st_mode & 0o077 == 0 for selector in ("gs1", "gs2"))
