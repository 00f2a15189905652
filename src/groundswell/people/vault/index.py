"""The blind indexes: find a person by address, number or name without opening anybody's (HMAC-SHA-256, keys of their own)."""

import unicodedata
from collections.abc import Callable
from functools import lru_cache

from groundswell.basics.addresses import Address
from groundswell.basics.keyring import KeyRing
from groundswell.basics.mac import hmac_sha256

_Mac = Callable[[bytes], bytes]
SHORTEST, LONGEST = 3, 8
"""Characters of a name's beginning that it is found by: fewer would find half the list, more are cut to this."""


def email_index(ring: KeyRing, address: Address) -> bytes:
    """16 bytes for the address's canonical form: equal for two spellings of one mailbox, and telling nothing else."""
    return _keyed(hmac_sha256(ring.current_key), "email", address.canonical)[:16]


def words(name: str) -> list[str]:
    """A name's words as they are compared: without case, accents and marks between them."""
    bare = "".join(mark for mark in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(mark))
    return "".join(mark if mark.isalnum() else " " for mark in bare).split()


class Indexer:
    """Today's key writes; every key of the ring finds, so that a rotation loses nobody half-way."""

    def __init__(self, ring: KeyRing) -> None:
        self.ring = ring
        self.key_id = ring.current
        self._mac = hmac_sha256(ring.current_key)
        self._old = [hmac_sha256(key) for key_id, key in ring.keys.items() if key_id != ring.current]
        self.name = lru_cache(maxsize=100_000)(self._name)

    @property
    def alone(self) -> bool:
        """Whether there is but one key, as there is outside of a rotation."""
        return not self._old

    def email(self, address: Address) -> bytes:
        """The address's index under today's key."""
        return self._mac(b"email|" + address.canonical.encode())[:16]

    def old_emails(self, address: Address) -> list[bytes]:
        """The address's indexes under the keys that are being replaced."""
        return [_keyed(mac, "email", address.canonical)[:16] for mac in self._old]

    def emails(self, address: Address) -> list[bytes]:
        """Under every key, today's first."""
        return [self.email(address), *self.old_emails(address)]

    def phone(self, e164: str | None) -> bytes | None:
        """A number's index under today's key; None for none."""
        return _keyed(self._mac, "phone", e164)[:16] if e164 else None

    def phones(self, e164: str) -> list[bytes]:
        """Under every key."""
        return [_keyed(mac, "phone", e164)[:16] for mac in (self._mac, *self._old)]

    def _name(self, name: str) -> tuple[int, ...]:
        """What a name is found by: each of its words, and each word's beginnings."""
        return tuple(dict.fromkeys(token for word in words(name)[:6] for token in _tokens(self._mac, word)))

    def sought(self, text: str) -> list[list[int]]:
        """For each key, the tokens that a person of this name must all have. Words of under three letters must be whole."""
        return [
            [_token(mac, "name^" if len(word) >= SHORTEST else "name=", word[:LONGEST]) for word in words(text)]
            for mac in (self._mac, *self._old)
        ]


def _keyed(mac: _Mac, kind: str, value: str) -> bytes:
    return mac(f"{kind}|{value}".encode())


def _token(mac: _Mac, kind: str, word: str) -> int:
    return int.from_bytes(_keyed(mac, kind, word)[:8], "big", signed=True)


def _tokens(mac: _Mac, word: str) -> list[int]:
    whole = _token(mac, "name=", word)
    return [whole, *(_token(mac, "name^", word[:length]) for length in range(SHORTEST, min(len(word), LONGEST) + 1))]
