"""Sealing contact details: AES-256-GCM, bound to one person and one field. Opening is `open.py`'s, for windows only."""

import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from groundswell.basics.keyring import KeyRing


def associated(person: int, field: str) -> bytes:
    """What a sealed value is bound to: moved to another person or field it does not open."""
    return f"{person}|{field}".encode()


class Sealer:
    """Seals under the ring's current key. Layout: key id (1) | nonce (12) | ciphertext and tag."""

    def __init__(self, ring: KeyRing) -> None:
        self._prefix = bytes((ring.current,))
        self._cipher = AESGCM(ring.current_key)

    def seal(self, person: int, field: str, value: str | None) -> bytes | None:
        """The sealed value; None for nothing, so that a blank stays visibly blank."""
        if not value:
            return None
        nonce = os.urandom(12)
        return self._prefix + nonce + self._cipher.encrypt(nonce, value.encode(), associated(person, field))
