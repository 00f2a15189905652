"""DKIM (RFC 6376, 8301): RSA-2048, relaxed/relaxed, the headers that matter named once more than they occur."""

import base64
import hashlib
import re
from collections.abc import Sequence

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

# Named once more than present, so that adding a second one breaks the signature (RFC 6376 8.15, RFC 8058 4).
OVERSIGNED = (
    "from", "to", "subject", "date", "message-id", "reply-to", "mime-version", "content-type", "cc", "list-unsubscribe",
    "list-unsubscribe-post",
)  # fmt: skip
SIGNED = (
    *OVERSIGNED,
    "list-id",
    "feedback-id",
    "auto-submitted",
    "in-reply-to",
    "references",
    "content-transfer-encoding",
)
_WHITE = re.compile(r"[ \t\r\n]+")


class Signer:
    """One domain's key, loaded once: loading costs more than a dozen signatures."""

    def __init__(self, domain: str, selector: str, pem: bytes) -> None:
        key = serialization.load_pem_private_key(pem, password=None)
        if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < 1024:
            raise ValueError("a DKIM key is an RSA key of 1024 bits or more (RFC 8301 3.2)")
        self.domain, self.selector, self._key = domain, selector, key

    def header(self, headers: Sequence[tuple[str, str]], body: bytes) -> str:
        """The DKIM-Signature line, with CRLF, for these headers and this body (already canonical, see `mime`)."""
        present = {name.lower() for name, _ in headers}
        named = [name for name in SIGNED if name in present]
        named += [name for name in OVERSIGNED if name not in ("cc",) or name not in present]
        body_hash = base64.b64encode(hashlib.sha256(body).digest()).decode()
        names = ":\r\n\t".join(":".join(named[at : at + 5]) for at in range(0, len(named), 5))
        value = (
            f"v=1; a=rsa-sha256; c=relaxed/relaxed; d={self.domain};\r\n\ts={self.selector};\r\n\th={names};\r\n"
            f"\tbh={body_hash};\r\n\tb="
        )
        by_name = {name.lower(): text for name, text in headers}
        lines = [f"{name}:{_relaxed(by_name[name])}\r\n" for name in SIGNED if name in present]
        lines.append(f"dkim-signature:{_relaxed(value)}")
        signature = base64.b64encode(self._key.sign("".join(lines).encode(), padding.PKCS1v15(), hashes.SHA256())).decode()
        folded = "\r\n\t".join(signature[at : at + 72] for at in range(0, len(signature), 72))
        return f"DKIM-Signature: {value}{folded}\r\n"


def new_key(bits: int = 2048) -> bytes:
    """A fresh RSA private key as PEM (PKCS 8)."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def dns_record(pem: bytes) -> str:
    """The TXT record's value for the key: strings of at most 255 characters each (RFC 6376 3.6.2.2)."""
    key = serialization.load_pem_private_key(pem, password=None)
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    value = f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"
    return " ".join(f'"{value[at : at + 255]}"' for at in range(0, len(value), 255))


def _relaxed(value: str) -> str:
    return _WHITE.sub(" ", value).strip()
