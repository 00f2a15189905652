"""The blind indexes: find a person by address, number or name without opening anybody's. Keys of their own.

Address and number are an HMAC-SHA-256 of their one form. A name has many tokens, up to seven for a word, and a list of millions
has hundreds of millions of them: they are keyed BLAKE2s (RFC 7693), where a word's beginnings are one run of hashing.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Sequence

from groundswell.basics.addresses import Address
from groundswell.basics.keyring import KeyRing
from groundswell.basics.mac import hmac_sha256

_Mac = Callable[[bytes], bytes]
SHORTEST, LONGEST = 3, 8
"""Characters of a name's beginning that it is found by: fewer would find half the list, more are cut to this."""


def email_index(ring: KeyRing, address: Address) -> bytes:
    """16 bytes for the address's canonical form: equal for two spellings of one mailbox, and telling nothing else."""
    return _keyed(hmac_sha256(ring.current_key), "email", address.canonical)[:16]


_BETWEEN = re.compile(r"[^a-z0-9]+")


def words(name: str) -> list[str]:
    """A name's words as they are compared: without case, accents and marks between them."""
    if name.isascii():  # the same, of what has no accents
        plain = name.lower()
        return [plain] if plain.isalnum() else _BETWEEN.sub(" ", plain).split()
    bare = "".join(mark for mark in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(mark))
    return "".join(mark if mark.isalnum() else " " for mark in bare).split()


_EIGHT = (8).to_bytes(4, "big")


def packed(tokens: Sequence[bytes]) -> bytes:
    """A name's tokens as elements of an array in PostgreSQL's binary format: each with its length before it."""
    return _EIGHT + _EIGHT.join(tokens) if tokens else b""


class Indexer:
    """Today's key writes; every key of the ring finds, so that a rotation loses nobody half-way."""

    def __init__(self, ring: KeyRing) -> None:
        self.ring = ring
        self.key_id = ring.current
        self._mac = hmac_sha256(ring.current_key)
        self._old = [hmac_sha256(key) for key_id, key in ring.keys.items() if key_id != ring.current]
        self._names = [_Names(mac(b"names")) for mac in (self._mac, *self._old)]

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

    def tokens(self, name: str) -> list[bytes]:
        """What a name is found by, under today's key: each of its words, and each word's beginnings. Eight bytes each."""
        found = words(name)
        if len(found) == 1:
            return self._names[0].of(found[0])
        return list(dict.fromkeys(token for word in found[:6] for token in self._names[0].of(word)))

    def name(self, name: str) -> tuple[int, ...]:
        """The same as the database's numbers."""
        return tuple(map(_number, self.tokens(name)))

    def sought(self, text: str) -> list[list[int]]:
        """For each key, the tokens that a person of this name must all have. Words of under three letters must be whole."""
        return [[_number(names.sought(word)) for word in words(text)] for names in self._names]


class _Names:
    """A name's tokens under one key."""

    def __init__(self, key: bytes) -> None:
        self._whole = hashlib.blake2s(key=key, digest_size=8, person=b"whole").copy
        self._start = hashlib.blake2s(key=key, digest_size=8, person=b"start").copy

    def of(self, word: str) -> list[bytes]:
        """The word, and its beginnings."""
        whole = self._whole()
        whole.update(word.encode())
        found = [whole.digest()]
        if len(word) >= SHORTEST:
            start = self._start()
            start.update(word[:SHORTEST].encode())
            found.append(start.digest())
            for letter in word[SHORTEST:LONGEST]:
                start.update(letter.encode())
                found.append(start.digest())
        return found

    def sought(self, word: str) -> bytes:
        """The one token that who has this word, or one that begins so, is found by."""
        state = self._start() if len(word) >= SHORTEST else self._whole()
        state.update(word[:LONGEST].encode())
        return state.digest()


def _number(token: bytes) -> int:
    return int.from_bytes(token, "big", signed=True)


def _keyed(mac: _Mac, kind: str, value: str) -> bytes:
    return mac(f"{kind}|{value}".encode())
