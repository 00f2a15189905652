"""What gateways, lawyers and forwarders add to a mail changes nothing of what is understood."""

import base64
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.letterbox.samples_table import Sample
from tests.letterbox.test_samples import ALL, faults

BANNER = b"CAUTION: This email originated from outside. Report suspicious mail to phishing@corp.example.com.\n\n"
FOOTER = (
    b"\n\n--\nThis e-mail is confidential. If you are not the intended recipient, please notify the sender at "
    b"privacy@corp.example.com or call +1 555 0100.\nCorp Inc., info@corp.example.com\n"
)


def parted(raw: bytes) -> tuple[bytes, bytes]:
    head, _, body = raw.partition(b"\n\n")
    return head, body


def is_plain(sample: Sample) -> bool:
    head, body = parted(sample.raw)
    return bool(body.strip()) and not any(word in head.lower() for word in (b"multipart", b"transfer", b"html", b"utf-16", b"2022"))


def banner(raw: bytes) -> bytes:
    head, body = parted(raw)
    return head + b"\n\n" + BANNER + body


def footer(raw: bytes) -> bytes:
    return raw.rstrip(b"\n") + FOOTER


def as_html(raw: bytes) -> bytes:
    head, body = parted(raw)
    body = body.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;").replace(b"\n", b"<br>\n")
    return head.replace(b"text/plain", b"text/html") + b"\n\n<html><body><div>" + body + b"</div></body></html>"


def as_base64(raw: bytes) -> bytes:
    head, body = parted(raw)
    return head + b"\nContent-Transfer-Encoding: base64\n\n" + base64.encodebytes(body)


def another_sender(raw: bytes) -> bytes:
    return re.sub(rb"^From:[^\n]*", b"From: Mail Service <service@gw.example.org>", raw, count=1, flags=re.MULTILINE)


@pytest.mark.parametrize("change", [banner, footer, as_html, as_base64], ids=lambda each: each.__name__)
def test_the_same_is_understood(change: Callable[[bytes], bytes]) -> None:
    plain = [each for each in ALL if is_plain(each)]
    told = [(each.name, faults(replace(each, raw=change(each.raw)), b"\n")) for each in plain]
    wrong = [each for each in told if each[1]]
    assert len(plain) > 150
    assert len(wrong) <= 0.03 * len(plain), wrong


def test_a_report_is_one_whoever_signs_it() -> None:
    reports = [each for each in ALL if each.kind == "bounce"]
    wrong = [each.name for each in reports if faults(replace(each, raw=another_sender(each.raw)), b"\n")]
    assert len(wrong) <= 0.03 * len(reports), wrong
