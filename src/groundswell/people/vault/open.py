"""Opening contact details: only the windows may import this."""

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
        try:
            if cipher is None:
                raise InvalidTag
            return cipher.decrypt(sealed[1:13], sealed[13:], associated(person, field)).decode()
        except InvalidTag:
            raise Refused.because(
                "vault-key",
                f"The contact details of person {person} don't open with the keys at hand.",
                "Put the vault's key file back from your backup.",
            ) from None
