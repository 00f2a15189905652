"""DKIM: keys, their DNS records, and signatures."""

from groundswell.engine.sign.dkim import OVERSIGNED, SIGNED, Signer, aligned, canonical_value
from groundswell.engine.sign.keys import dns_record, load_key, new_ed25519_key, new_key

__all__ = [
    "OVERSIGNED", "SIGNED", "Signer", "aligned", "canonical_value", "dns_record", "load_key", "new_ed25519_key", "new_key",
]  # fmt: skip
