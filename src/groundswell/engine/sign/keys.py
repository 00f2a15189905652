"""DKIM keys: made, loaded, and shown as the DNS record that publishes them."""

import base64

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

PrivateKey = rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
_STRING = 255


def new_key(bits: int = 2048) -> bytes:
    """A fresh RSA private key as PEM (PKCS 8)."""
    return _pem(rsa.generate_private_key(public_exponent=65537, key_size=bits))


def new_ed25519_key() -> bytes:
    """A fresh Ed25519 private key as PEM (PKCS 8), for a second signature only: some verifiers know RSA alone."""
    return _pem(ed25519.Ed25519PrivateKey.generate())


def load_key(pem: bytes) -> PrivateKey:
    """The key, checked. Costs 30 to 60 ms for RSA: once per domain, not per letter."""
    key = serialization.load_pem_private_key(pem, password=None)
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key
    if not isinstance(key, rsa.RSAPrivateKey) or not 1024 <= key.key_size <= 4096:
        raise ValueError("a DKIM key is an RSA key of 1024 to 4096 bits (RFC 8301 3.2) or an Ed25519 key (RFC 8463)")
    return key


def dns_record(pem: bytes) -> str:
    """The TXT record's value for a key, private or public PEM: quoted strings of at most 255 characters (RFC 6376 3.6.2.2)."""
    public = (
        serialization.load_pem_public_key(pem) if b"PUBLIC KEY" in pem else load_key(pem).public_key()
    )  # fmt: skip
    if isinstance(public, ed25519.Ed25519PublicKey):
        kind, raw = "ed25519", public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    else:
        kind, raw = "rsa", public.public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )  # fmt: skip
    value = f"v=DKIM1; k={kind}; p={base64.b64encode(raw).decode()}"
    return " ".join(f'"{value[at : at + _STRING]}"' for at in range(0, len(value), _STRING))


def _pem(key: PrivateKey) -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
