"""Reading what comes back, against Python's own email parser in the same run.

`--corpus FOLDER` measures a folder of mails (the development corpus is `tests/letterbox/corpus`). Without it a set is made
here, of the shapes that come back to a sender of newsletters: standard reports that return 30 KB of letter, reports in
prose, complaints, absences, answers.
"""

import base64
import email
import email.policy
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from groundswell.basics.result import Refused
from groundswell.letterbox import read

_LIKELY = 1500
_SECONDS = 3.0
_LETTER = (
    "Return-Path: <b@bounce.example.org>\nReceived: from out.example.org (out.example.org [192.0.2.1]) by mx.example.net; "
    "Mon, 5 Jan 2026 10:00:00 +0000\nFrom: Lucía <l@example.org>\nTo: {to}\nSubject: Only a pause\nMessage-ID: <{n}@example.org>\n"
    "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
)
_PARAGRAPH = '<p style=3D"margin:0">The pause is still only a pause, and it may end on any morning without a word.</p>\n'
_HEAD = "Return-Path: <>\nFrom: {sender}\nTo: b@bounce.example.org\nSubject: {subject}\nDate: Mon, 5 Jan 2026 10:00:05 +0000\n"
_MIXED = 'MIME-Version: 1.0\nContent-Type: multipart/report; report-type={kind}; boundary="=_b"\n\n'
_PART = "--=_b\nContent-Type: {kind}\n\n{text}\n\n"

_REFUSALS = (
    ("5.1.1", "550 5.1.1 <{to}>: Recipient address rejected: User unknown in local recipient table"),
    ("5.2.2", "552 5.2.2 <{to}>: The email account that you tried to reach is over quota"),
    ("5.7.1", "550 5.7.1 Our system has detected that this message is likely unsolicited mail"),
    ("4.4.1", "connect to mx.example.net[192.0.2.7]:25: Connection timed out"),
    ("5.4.4", "Host or domain name not found. Name service error for name=example.net type=A: Host not found"),
    ("5.0.0", "550 Requested action not taken: mailbox unavailable"),
)


def inbound(corpus: Path | None = None) -> dict[str, Any]:
    """Mails read in a second by one core, the slowest of a hundred, and how often faster than Python's parser alone."""
    from groundswell.cli.benches import result

    mails = _in(corpus) if corpus else list(_made())
    for raw in mails:
        read(raw)
    rate, times = _timed(read, mails)
    parser, _ = _timed(_parsed, mails)
    p99 = round(sorted(times)[int(len(times) * 0.99)] * 1000, 3)
    ratio = round(rate / parser, 2)
    against = f"Python's email parser {round(parser)}/s"
    figures = [
        {"name": "mails_per_s", "value": round(rate), "unit": "mails/s a core", "against": against, "ratio": ratio,
         "reach": _LIKELY, "ok": rate >= _LIKELY},
        {"name": "p99_ms", "value": p99, "unit": "ms", "against": "5 ms", "ratio": round(p99 / 5, 3), "reach": 5, "ok": p99 < 5},
        {"name": "vs_email_parser", "value": ratio, "unit": "times as fast", "against": against, "ratio": ratio, "reach": 1,
         "ok": ratio >= 1},
    ]  # fmt: skip
    told = result("inbound", figures)
    corpus_facts = {"corpus": corpus.name if corpus else "made here", "mails": len(mails), "bytes": sum(map(len, mails))}
    return {**told, **corpus_facts}


def _timed(reader: Callable[[bytes], object], mails: list[bytes]) -> tuple[float, list[float]]:
    """Mails a second of one core, and the time of each, over whole rounds of three seconds together.

    Processor time of this thread: what other programs take from the core meanwhile is no time of the reader's.
    """
    times: list[float] = []
    began = time.thread_time()
    while time.thread_time() - began < _SECONDS:
        for raw in mails:
            at = time.thread_time()
            reader(raw)
            times.append(time.thread_time() - at)
    return len(times) / (time.thread_time() - began), times


def _parsed(raw: bytes) -> int:
    """What a reader built on the standard library must do before it can look for a reason: all parts as text."""
    size = 0
    for part in email.message_from_bytes(raw, policy=email.policy.default).walk():
        if not part.is_multipart():
            try:
                size += len(part.get_content())
            except (LookupError, ValueError, AttributeError, AssertionError):  # charsets and types that it does not know
                size += len(part.get_payload())
    return size


def _in(folder: Path) -> list[bytes]:
    mails = [file.read_bytes() for file in sorted(folder.glob("*")) if file.suffix in {".txt", ".eml"}]
    if not mails:
        raise Refused.because("bench-corpus", f"No mails (*.eml, *.txt) in {folder}.", "Name a folder that holds mails.")
    return mails


def _made() -> Iterator[bytes]:
    """120 mails, always the same."""
    for number in range(120):
        to = f"reader{number}@example.net"
        status, words = _REFUSALS[number % len(_REFUSALS)]
        letter = _LETTER.format(to=to, n=number) + _PARAGRAPH * (number % 4 * 100)
        yield _SHAPES[number % len(_SHAPES)](to, status, words.format(to=to), letter).encode()


def _standard(to: str, status: str, words: str, letter: str) -> str:
    fields = (
        f"Reporting-MTA: dns; out.example.org\nArrival-Date: Mon, 5 Jan 2026 10:00:00 +0000\n\nFinal-Recipient: rfc822; {to}\n"
        f"Original-Recipient: rfc822;{to}\nAction: {'delayed' if status[0] == '4' else 'failed'}\nStatus: {status}\n"
        f"Remote-MTA: dns; mx.example.net\nDiagnostic-Code: smtp; {words}\n"
    )
    return (
        _HEAD.format(sender="MAILER-DAEMON@out.example.org (Mail Delivery System)", subject="Undelivered Mail Returned to Sender")
        + _MIXED.format(kind="delivery-status")
        + _PART.format(kind="text/plain; charset=us-ascii", text=_said(to, words))
        + _PART.format(kind="message/delivery-status", text=fields)
        + _PART.format(kind="message/rfc822", text=letter) + "--=_b--\n"
    )  # fmt: skip


def _said(to: str, words: str) -> str:
    return f"This is the mail system at host out.example.org.\n\nYour message could not be delivered.\n\n<{to}>: {words}\n"


def _prose(to: str, _status: str, words: str, letter: str) -> str:
    head = _HEAD.format(sender="Mail Delivery System <Mailer-Daemon@mx.example.net>", subject="Mail delivery failed")
    return (
        f"{head}\nThis message was created automatically by mail delivery software.\n\nA message that you sent could not be "
        f"delivered. The following address(es) failed:\n\n  {to}\n    {words}\n\n"
        f"------ This is a copy of the message, including all the headers. ------\n\n{letter}"
    )


def _html(to: str, _status: str, words: str, letter: str) -> str:
    page = f"<html><head><style>p{{margin:0}}</style></head><body><p>Your message to <b>{to}</b> couldn't be delivered.</p>" \
           f"<p>{words}</p></body></html>"  # fmt: skip
    coded = base64.encodebytes(page.encode()).decode()
    return (
        _HEAD.format(sender="postmaster@example.net", subject="Undeliverable: Only a pause")
        + _MIXED.format(kind="delivery-status")
        + f"--=_b\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{coded}\n"
        + _PART.format(kind="message/rfc822", text=letter) + "--=_b--\n"
    )  # fmt: skip


def _complaint(to: str, _status: str, _words: str, letter: str) -> str:
    fields = f"Feedback-Type: abuse\nUser-Agent: example/1.0\nVersion: 1\nOriginal-Rcpt-To: {to}\n"
    return (
        _HEAD.format(sender="fbl@example.net", subject="complaint") + _MIXED.format(kind="feedback-report")
        + _PART.format(kind="text/plain", text="This is an email abuse report.")
        + _PART.format(kind="message/feedback-report", text=fields)
        + _PART.format(kind="message/rfc822", text=letter) + "--=_b--\n"
    )  # fmt: skip


def _absence(to: str, _status: str, _words: str, _letter: str) -> str:
    head = _HEAD.format(sender=to, subject="Automatic reply: Only a pause")
    return f"{head}Auto-Submitted: auto-replied\n\nI am out of the office until Monday. Please contact colleague@example.net.\n"


def _answer(to: str, _status: str, _words: str, _letter: str) -> str:
    head = _HEAD.format(sender=to, subject="Re: Only a pause")
    return f"{head}In-Reply-To: <1@example.org>\n\nThank you, I signed.\n\n> The pause is still only a pause\n"


_SHAPES = (_standard, _standard, _prose, _html, _standard, _complaint, _prose, _absence, _standard, _answer)
