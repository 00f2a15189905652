"""A mail as it lies on disk or in the database: sealed so that whoever took it in can't open it again (law 3).

Each piece has a key of its own, from a key pair made for it and the installation's public key (X25519, HKDF-SHA-256,
AES-256-GCM); the private half is in the key ring `intake`, which the receiver's process does not hold. Layout:
magic (4) | key id (1) | public half (32) | ciphertext and tag. A key is used once, so its nonce is zero.
"""

import struct
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"GSM1"
_HEADER = struct.Struct(">4sB32s")
_NONCE = bytes(12)


class Unopenable(Exception):
    """These bytes were not sealed here, were changed, or their key is not at hand."""


def seal(public_key: bytes, key_id: int, content: bytes) -> bytes:
    """`content`, sealed for the installation's private key of this id: 53 bytes longer."""
    own = X25519PrivateKey.generate()
    public = own.public_key().public_bytes_raw()
    header = _HEADER.pack(MAGIC, key_id, public)
    return header + AESGCM(_derive(own, public_key, public)).encrypt(_NONCE, content, header)


def unseal(private_keys: Mapping[int, bytes], sealed: bytes) -> bytes:
    """What was sealed, or `Unopenable`."""
    if len(sealed) < _HEADER.size + 16:
        raise Unopenable("too short")
    magic, key_id, public = _HEADER.unpack_from(sealed)
    private = private_keys.get(key_id)
    if magic != MAGIC or private is None:
        raise Unopenable("another format, or its key is not at hand")
    cipher = AESGCM(_derive(X25519PrivateKey.from_private_bytes(private), public, public))
    try:
        return cipher.decrypt(_NONCE, sealed[_HEADER.size :], sealed[: _HEADER.size])
    except InvalidTag:
        raise Unopenable("damaged") from None


def _derive(own: X25519PrivateKey, other: bytes, public: bytes) -> bytes:
    shared = own.exchange(X25519PublicKey.from_public_bytes(other))
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=public, info=b"groundswell inbound mail").derive(shared)
