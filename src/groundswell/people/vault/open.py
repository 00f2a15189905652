"""Opening contact details: only the windows may import this."""

from collections.abc import Callable, Sequence
from typing import NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from groundswell.basics.keyring import KeyRing
from groundswell.basics.result import Refused
from groundswell.people.vault.seal import associated


class Opener:
    """Opens under every key of the ring."""

    def __init__(self, ring: KeyRing) -> None:
        self._ciphers = {key_id: AESGCM(key) for key_id, key in ring.keys.items()}

    def open(self, person: int, field: str, sealed: bytes | memoryview | None) -> str | None:
        """The value, or `Refused` where the key is not ours or the value was moved or changed."""
        if sealed is None:
            return None
        if not isinstance(sealed, bytes):
            sealed = bytes(sealed)
        cipher = self._ciphers.get(sealed[0])
        if cipher is None:
            _refuse(person)
        try:
            return cipher.decrypt(sealed[1:13], sealed[13:], associated(person, field)).decode()
        except InvalidTag:
            _refuse(person)

    def many(self, fields: Sequence[str]) -> Callable[[int, Sequence[bytes | None]], tuple[str | None, ...]]:
        """A function that opens these fields of one person after another: for each what `open` does, refusals too."""
        ciphers, names = self._ciphers, [b"|" + field.encode() for field in fields]

        def opened(person: int, values: Sequence[bytes | None]) -> tuple[str | None, ...]:
            number = b"%d" % person
            try:
                return tuple([
                    None if value is None else ciphers[value[0]].decrypt(value[1:13], value[13:], number + name).decode()
                    for name, value in zip(names, values, strict=True)
                ])  # fmt: skip
            except (InvalidTag, KeyError):
                _refuse(person)

        return opened


def _refuse(person: int) -> NoReturn:
    raise Refused.because(
        "vault-key",
        f"The contact details of person {person} don't open with the keys at hand.",
        "Put the vault's key file back from your backup.",
    ) from None
