"""The blind index: finds a person by address without opening anybody's (HMAC-SHA-256 under a key of its own)."""

import hmac

from groundswell.basics.addresses import Address
from groundswell.basics.keyring import KeyRing


def email_index(ring: KeyRing, address: Address) -> bytes:
    """16 bytes for the address's canonical form: equal for two spellings of one mailbox, and telling nothing else."""
    return hmac.digest(ring.current_key, b"email|" + address.canonical.encode(), "sha256")[:16]
