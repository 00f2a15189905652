"""Certificates of our own, good for a day: for localhost, and as Amazon SNS signs with."""

import base64
import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

from groundswell.inbox import sns


def make(folder: Path) -> tuple[Path, Path]:
    """The certificate's file and its key's."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    day = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(day - dt.timedelta(days=1)).not_valid_after(day + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False).sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "cert.pem", folder / "key.pem"


@dataclass
class Amazon:
    """Signs as SNS does, with a key and certificate of this run."""

    name: str = "sns.amazonaws.com"
    days: int = 1
    url: str = "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem"

    @cached_property
    def key(self) -> rsa.RSAPrivateKey:
        return rsa.generate_private_key(65537, 2048)

    @cached_property
    def pem(self) -> bytes:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name)])
        day = dt.datetime.now(dt.UTC)
        made = (
            x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(self.key.public_key()).serial_number(1)
            .not_valid_before(day - dt.timedelta(days=9)).not_valid_after(day + dt.timedelta(days=self.days))
            .sign(self.key, hashes.SHA256())
        )  # fmt: skip
        return made.public_bytes(serialization.Encoding.PEM)

    def signed(self, message: dict[str, str], version: str = "2") -> dict[str, str]:
        """The message with what SNS adds to it."""
        how = hashes.SHA256() if version == "2" else hashes.SHA1()
        signature = self.key.sign(sns.signed_text(message, message["Type"]), padding.PKCS1v15(), how)
        return message | {
            "SignatureVersion": version, "SigningCertURL": self.url, "Signature": base64.b64encode(signature).decode(),
        }  # fmt: skip
