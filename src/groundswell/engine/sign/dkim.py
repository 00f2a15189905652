"""DKIM-Signature (RFC 6376, 8301, 8463), relaxed/relaxed, the headers that matter named once more than they occur.

The caller hands over canonical bytes: our headers and bodies are written so that their canonical form is known, and
nothing is parsed again for each letter.
"""

import hashlib
import re
from binascii import b2a_base64
from collections.abc import Callable, Iterable, Sequence

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, utils

from groundswell.engine.sign.beside import signing_beside
from groundswell.engine.sign.keys import PrivateKey, load_key

# Named once more than present, so that adding a second one breaks the signature (RFC 6376 8.15, RFC 8058 4).
OVERSIGNED = (
    "from", "to", "cc", "subject", "date", "reply-to", "message-id", "mime-version", "content-type", "list-unsubscribe",
    "list-unsubscribe-post",
)  # fmt: skip
SIGNED = frozenset(
    {*OVERSIGNED, "in-reply-to", "references", "content-transfer-encoding", "list-id", "list-help", "feedback-id",
     "auto-submitted"}
)  # fmt: skip
"""What is signed where present. Never Return-Path, Received, DKIM-Signature or Bcc (RFC 6376 5.4)."""
_WHITE = re.compile(rb"[ \t\r\n]+")
_PADDING, _HASHED = padding.PKCS1v15(), utils.Prehashed(hashes.SHA256())

Seal = Callable[[bytes, bytes], bytes]
"""Canonical personal headers and the body's SHA-256 in, a whole DKIM-Signature field with CRLF out."""


class Signer:
    """One domain's key under its selector, loaded once. Safe to share between letters."""

    def __init__(self, domain: str, selector: str, private_key: bytes | PrivateKey) -> None:
        key = load_key(private_key) if isinstance(private_key, bytes) else private_key
        self.domain, self.selector, self._key = domain.lower(), selector, key
        self.algorithm = "ed25519-sha256" if isinstance(key, ed25519.Ed25519PrivateKey) else "rsa-sha256"
        self._beside = None if isinstance(key, ed25519.Ed25519PrivateKey) else signing_beside(key)

    def seal(self, names: Sequence[str], constant: bytes) -> Seal:
        """A function that signs letters with the header fields `names` (in the order of their canonical lines).

        `constant` is the canonical form of the fields that come first and are the same in every letter: it is hashed
        once, and each letter goes on from there.
        """
        present = [name.lower() for name in names]
        listed = [*present, *OVERSIGNED]
        rows = ":\r\n\t".join(":".join(listed[at : at + 4]) for at in range(0, len(listed), 4))
        before = (
            f"v=1; a={self.algorithm}; c=relaxed/relaxed; d={self.domain};\r\n\ts={self.selector};\r\n\th={rows};\r\n\tbh="
        ).encode()
        field_start = b"DKIM-Signature: " + before
        signed_start = b"dkim-signature:" + canonical_value(before)
        begun = hashlib.sha256(constant)
        sign = self._sign

        def seal(personal: bytes, body_hash: bytes) -> bytes:
            bh = b2a_base64(body_hash, newline=False)
            state = begun.copy()
            state.update(b"%b%b%b; b=" % (personal, signed_start, bh))
            value = b2a_base64(sign(state.digest()), newline=False)
            folded = b"\r\n\t".join([value[at : at + 72] for at in range(0, len(value), 72)])
            return b"%b%b;\r\n\tb=%b\r\n" % (field_start, bh, folded)

        return seal

    def header(self, headers: Sequence[tuple[str, str]], body: bytes) -> str:
        """The DKIM-Signature field, with CRLF, of a single message; `body` is canonical already (see `mime`)."""
        signed = [(name.lower(), value) for name, value in headers if name.lower() in SIGNED]
        lines = b"".join(b"%b:%b\r\n" % (name.encode(), canonical_value(value.encode())) for name, value in signed)
        return self.seal([name for name, _ in signed], lines)(b"", hashlib.sha256(body).digest()).decode()

    def _sign(self, digest: bytes) -> bytes:
        if self._beside is not None:
            return self._beside(digest)
        if isinstance(self._key, ed25519.Ed25519PrivateKey):
            return self._key.sign(digest)  # RFC 8463 3: the hash is what Ed25519 signs
        return self._key.sign(digest, _PADDING, _HASHED)


def aligned(signers: Iterable[Signer], domain: str) -> bool:
    """Whether a signer stands for the From-domain or one above or below it (DMARC relaxed, as far as names tell)."""
    domain = domain.lower()
    return any(
        signer.domain == domain or domain.endswith(f".{signer.domain}") or signer.domain.endswith(f".{domain}")
        for signer in signers
    )


def canonical_value(value: bytes) -> bytes:
    """A header's value in relaxed form (RFC 6376 3.4.2): unfolded, runs of white space made one, none at the ends."""
    return _WHITE.sub(b" ", value).strip()
