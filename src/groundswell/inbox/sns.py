"""Amazon SNS's signature on what SES reports (docs.aws.amazon.com/sns, "Verifying the signatures of Amazon SNS messages").

The message names the certificate it was signed with. That is only believed from an SNS host of Amazon's, over HTTPS with
its own certificate checked, without redirects. A repeated message changes nothing: its number names the mail in the books.
"""

import base64
import binascii
import re
import threading
import urllib.request
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from anymail.exceptions import AnymailWebhookValidationFailure
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

_HOST = re.compile(r"sns\.[a-z]{2}(?:-[a-z]{2,12}){1,3}-\d{1,2}\.amazonaws\.com(?:\.cn)?")
_PATH = re.compile(r"/SimpleNotificationService-[0-9a-f]{8,128}\.pem")
_SUBJECT = re.compile(r"sns(?:\.[a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?")
_NOTICE = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
_SUBSCRIPTION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
_HASHES: Mapping[str, Callable[[], hashes.HashAlgorithm]] = {"1": hashes.SHA1, "2": hashes.SHA256}
_LARGEST = 64 * 1024
_SECONDS = 10
_MOST_KEPT = 16


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def _fetch(url: str) -> bytes:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler(), _NoRedirect())
    with opener.open(url, timeout=_SECONDS) as answer:  # `is_amazons` said what the address may be
        found: bytes = answer.read(_LARGEST)
    return found


fetch: Callable[[str], bytes] = _fetch
"""How a certificate is fetched: PEM of an address, or OSError. Another one may be put in its place."""
_kept: dict[str, x509.Certificate] = {}
_lock = threading.Lock()


def is_amazons(url: str, path: re.Pattern[str] | None = None) -> bool:
    """Whether the address is one of Amazon SNS itself: HTTPS, its own host, nothing hidden in it."""
    try:
        parts = urlsplit(url)
        plain = parts.scheme == "https" and parts.port is None and "@" not in parts.netloc
    except ValueError:
        return False
    return (
        plain and bool(_HOST.fullmatch(parts.netloc)) and (path is None or (not parts.query and bool(path.fullmatch(parts.path))))
    )


def check(message: Mapping[str, Any], now: datetime | None = None) -> None:
    """Nothing, where Amazon signed the message as it stands; else `AnymailWebhookValidationFailure`.

    OSError where the certificate can't be fetched just now: the sender is to try again.
    """
    url, kind = str(message.get("SigningCertURL", "")), str(message.get("Type", ""))
    made = _HASHES.get(str(message.get("SignatureVersion", "")))
    if made is None or not is_amazons(url, _PATH):
        raise AnymailWebhookValidationFailure("SNS message without a signature that can be checked")
    key = _certificate(url, now or datetime.now(UTC)).public_key()
    try:
        if not isinstance(key, rsa.RSAPublicKey):
            raise InvalidSignature
        signature = base64.b64decode(str(message.get("Signature", "")), validate=True)
        key.verify(signature, signed_text(message, kind), padding.PKCS1v15(), made())
    except (InvalidSignature, binascii.Error, ValueError):
        raise AnymailWebhookValidationFailure("SNS message with a wrong signature") from None


def signed_text(message: Mapping[str, Any], kind: str) -> bytes:
    """What the signature covers: names and values of the fields of this type of message, a line each."""
    names = _NOTICE if kind == "Notification" else _SUBSCRIPTION
    lines = [f"{name}\n{message[name]}\n" for name in names if message.get(name) is not None]
    return "".join(lines).encode("utf-8", "surrogatepass")


def _certificate(url: str, now: datetime) -> x509.Certificate:
    with _lock:
        found = _kept.get(url)
    if found is None:
        try:
            found = x509.load_pem_x509_certificate(fetch(url))
        except (HTTPException, ValueError) as error:
            raise OSError(f"Amazon's certificate could not be read ({type(error).__name__})") from None
    names = [str(each.value) for each in found.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    if not any(_SUBJECT.fullmatch(name) for name in names):
        raise AnymailWebhookValidationFailure("SNS message signed with another's certificate")
    if not found.not_valid_before_utc <= now <= found.not_valid_after_utc:
        with _lock:
            _kept.pop(url, None)
        raise AnymailWebhookValidationFailure("SNS message signed with a certificate that is not valid now")
    with _lock:
        while len(_kept) >= _MOST_KEPT:
            _kept.pop(next(iter(_kept)))
        _kept[url] = found
    return found
