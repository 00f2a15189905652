"""Boxes that whoever holds a public key can fill and can't open again (law 3): journals, uploaded lists, mail that came in.

A box begins with its head: magic (4) | key id (1) | the public half (32) of a key pair made for this box. Its key is derived
from that pair and the installation's public key (X25519, then HKDF-SHA-256 with the public half as salt and the box's purpose);
the pair's private half is dropped once the key is made. What follows the head is the caller's: every box has a key of its own,
so its nonces may count from zero.
"""

import struct
from collections.abc import Mapping

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_HEAD = struct.Struct(">4sB32s")
HEAD_BYTES = _HEAD.size


def public_half(private: bytes) -> bytes:
    """The public key (32 bytes) that fills boxes, from the private one (32 bytes) that opens them."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def begin(magic: bytes, purpose: str, *, public_key: bytes, key_id: int) -> tuple[bytes, AESGCM]:
    """A new box: its head, to be written first, and the cipher that fills it."""
    own = X25519PrivateKey.generate()
    public = own.public_key().public_bytes_raw()
    return _HEAD.pack(magic, key_id, public), _cipher(own, public_key, public, purpose)


def key_for(head: bytes, magic: bytes, purpose: str, keys: Mapping[int, bytes]) -> AESGCM | None:
    """The cipher that opens the box with this head; None for another kind of file, or where its key is not at hand."""
    if len(head) != HEAD_BYTES:
        return None
    found, key_id, public = _HEAD.unpack(head)
    if found != magic or key_id not in keys:
        return None
    return _cipher(X25519PrivateKey.from_private_bytes(keys[key_id]), public, public, purpose)


def _cipher(own: X25519PrivateKey, other: bytes, public: bytes, purpose: str) -> AESGCM:
    shared = own.exchange(X25519PublicKey.from_public_bytes(other))
    return AESGCM(HKDF(algorithm=hashes.SHA256(), length=32, salt=public, info=purpose.encode()).derive(shared))
