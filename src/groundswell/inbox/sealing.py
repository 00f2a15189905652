"""A mail as it lies on disk or in the database: sealed so that whoever took it in can't open it again (law 3).

Each piece is a box (`basics.boxes`) for the key ring `intake`, whose private half the receiver's process does not hold: head,
then ciphertext and tag (AES-256-GCM). A key is used once, so its nonce is zero.
"""

from collections.abc import Mapping

from cryptography.exceptions import InvalidTag

from groundswell.basics import boxes

MAGIC = b"GSM1"
_PURPOSE = "groundswell inbound mail"
_NONCE = bytes(12)


class Unopenable(Exception):
    """These bytes were not sealed here, were changed, or their key is not at hand."""


def seal(public_key: bytes, key_id: int, content: bytes) -> bytes:
    """`content`, sealed for the installation's private key of this id: 53 bytes longer."""
    head, cipher = boxes.begin(MAGIC, _PURPOSE, public_key=public_key, key_id=key_id)
    return head + cipher.encrypt(_NONCE, content, head)


def unseal(private_keys: Mapping[int, bytes], sealed: bytes) -> bytes:
    """What was sealed, or `Unopenable`."""
    head, content = sealed[: boxes.HEAD_BYTES], sealed[boxes.HEAD_BYTES :]
    cipher = boxes.key_for(head, MAGIC, _PURPOSE, private_keys)
    if cipher is None:
        raise Unopenable("another format, or its key is not at hand")
    try:
        return cipher.decrypt(_NONCE, content, head)
    except InvalidTag:
        raise Unopenable("damaged") from None
