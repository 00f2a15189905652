"""A box is opened by its private key, for its purpose and kind, and by nothing else."""

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from groundswell.basics import boxes

PRIVATE = bytes(range(32))
PUBLIC = boxes.public_half(PRIVATE)
NONCE = bytes(12)


def begun() -> tuple[bytes, bytes]:
    head, cipher = boxes.begin(b"TEST", "a purpose", public_key=PUBLIC, key_id=3)
    return head, cipher.encrypt(NONCE, b"what was said", head)


def test_the_private_key_opens_what_the_public_one_filled() -> None:
    head, sealed = begun()
    cipher = boxes.key_for(head, b"TEST", "a purpose", {3: PRIVATE, 4: bytes(32)})
    assert cipher is not None
    assert cipher.decrypt(NONCE, sealed, head) == b"what was said"
    assert len(head) == boxes.HEAD_BYTES


def test_no_two_boxes_share_a_key() -> None:
    assert len({begun() for _ in range(50)}) == 50


@pytest.mark.parametrize(("magic", "keys"), [(b"LIST", {3: PRIVATE}), (b"TEST", {4: PRIVATE}), (b"TEST", {})])
def test_another_kind_or_a_missing_key_gives_no_cipher(magic: bytes, keys: dict[int, bytes]) -> None:
    assert boxes.key_for(begun()[0], magic, "a purpose", keys) is None


@pytest.mark.parametrize(("purpose", "private"), [("another", PRIVATE), ("a purpose", PUBLIC)])
def test_another_purpose_or_the_public_half_opens_nothing(purpose: str, private: bytes) -> None:
    head, sealed = begun()
    cipher = boxes.key_for(head, b"TEST", purpose, {3: private})
    assert cipher is not None
    with pytest.raises(InvalidTag):
        cipher.decrypt(NONCE, sealed, head)


@given(st.binary(max_size=80))
def test_any_bytes_are_no_head(some: bytes) -> None:
    assert boxes.key_for(some, b"TEST", "a purpose", {3: PRIVATE}) is None
