"""Sealing contact details: AES-256-GCM, bound to one person and one field. Opening is `open.py`'s, for windows only."""

import os
from collections.abc import Callable, Sequence

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from groundswell.basics.keyring import KeyRing


def associated(person: int, field: str) -> bytes:
    """What a sealed value is bound to: moved to another person or field it does not open."""
    return f"{person}|{field}".encode()


class Sealer:
    """Seals under the ring's current key. Layout: key id (1) | nonce (12) | ciphertext and tag."""

    def __init__(self, ring: KeyRing) -> None:
        self.key_id = ring.current
        self._prefix = bytes((ring.current,))
        self._cipher = AESGCM(ring.current_key)

    def seal(self, person: int, field: str, value: str | None) -> bytes | None:
        """The sealed value; None for nothing, so that a blank stays visibly blank."""
        if not value:
            return None
        nonce = os.urandom(12)
        return self._prefix + nonce + self._cipher.encrypt(nonce, value.encode(), associated(person, field))

    def many(self, fields: Sequence[str]) -> Callable[[int, Sequence[str | None]], list[bytes | None]]:
        """A function that seals these fields of one person after another: what `seal` does for each, for lists of millions.

        Random bytes are drawn for many at once, so the function is for one thread: a nonce is never used twice.
        """
        encrypt, prefix = self._cipher.encrypt, self._prefix
        names = [b"|" + field.encode() for field in fields]
        drawn, at = b"", 0

        def sealed(person: int, values: Sequence[str | None]) -> list[bytes | None]:
            nonlocal drawn, at
            number = b"%d" % person
            row: list[bytes | None] = []
            for name, value in zip(names, values, strict=True):
                if not value:
                    row.append(None)
                    continue
                if at == len(drawn):
                    drawn, at = os.urandom(12 * 1000), 0
                nonce = drawn[at : at + 12]
                at += 12
                row.append(prefix + nonce + encrypt(nonce, value.encode(), number + name))
            return row

        return sealed
