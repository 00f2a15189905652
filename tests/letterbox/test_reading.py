"""A mail that came back is understood by its token first, and never costs a living address."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.basics.ids import DeliveryId
from groundswell.basics.tokens import TokenKeys, seal_delivery
from groundswell.letterbox import as_json, read

KINDS = ("bounce", "feedback", "unsubscribe", "vacation", "challenge", "answer", "none")
KEYS = TokenKeys({1: bytes(64)}, 1)
REPORT = """From: MAILER-DAEMON@mx.example.net
To: {to}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: text/plain

Sorry.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; alias@inner.example.net
Original-Recipient: rfc822; Ada@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {words}

--x--
"""


def report(status: str, words: str, action: str = "failed", to: str = "news@example.org") -> bytes:
    return REPORT.format(to=to, status=status, words=words, action=action).encode()


@pytest.mark.parametrize(
    ("status", "words", "group", "dead"),
    [
        ("5.1.1", "550 user unknown", "invalid_address", True),
        ("5.0.0", "550 no such user here", "invalid_address", True),
        ("5.0.0", "550 something", "transient_or_system", False),
        ("5.7.1", "550 blocked for spam", "content_or_reputation", False),
        ("5.1.1", "550 rejected: listed on a block list", "content_or_reputation", False),
        ("5.2.2", "552 mailbox full", "mailbox", False),
        ("4.4.1", "421 timeout", "transient_or_system", False),
    ],
)
def test_a_report_says_who_and_why(status: str, words: str, group: str, dead: bool) -> None:
    for ending in (b"\n", b"\r\n"):
        event = read(report(status, words).replace(b"\n", ending))
        assert event.kind == "bounce"
        (recipient,) = event.recipients
        assert (recipient.address, recipient.group, recipient.dead) == ("Ada@example.org", group, dead)
        assert as_json(event, "a.eml")["file"] == "a.eml"


def test_a_delivery_is_no_failure() -> None:
    assert [r.group for r in read(report("2.0.0", "250 ok", "delivered")).recipients] == ["not_a_failure"]


def test_the_token_names_the_row_and_a_forged_one_does_not() -> None:
    token = seal_delivery(KEYS, "bounce", DeliveryId(77))
    assert read(report("5.1.1", "x", to=f"B+{token.upper()}@bounce.example.org"), keys=KEYS).delivery == 77
    forged = token[:-1] + ("a" if token[-1] != "a" else "b")
    assert read(report("5.1.1", "x", to=f"b+{forged}@bounce.example.org"), keys=KEYS).delivery is None


def test_a_tap_on_unsubscribe_is_looked_at_before_autoreply() -> None:
    token = seal_delivery(KEYS, "unsubscribe", DeliveryId(78))
    mail = f"From: ada@example.org\nTo: u+{token}@bounce.example.org\nAuto-Submitted: auto-replied\n\nunsubscribe\n".encode()
    event = read(mail, keys=KEYS)
    assert (event.kind, event.delivery) == ("unsubscribe", 78)


def test_complaint_holiday_answer_and_words() -> None:
    complaint = (
        b"MIME-Version: 1.0\nContent-Type: multipart/report; report-type=feedback-report; boundary=x\n\n--x\n"
        b"Content-Type: message/feedback-report\n\nFeedback-Type: abuse\nOriginal-Rcpt-To: <ada@example.org>\n\n--x--\n"
    )
    event = read(complaint)
    assert event.kind == "feedback" and event.recipients[0].address == "ada@example.org"
    assert read(b"From: a@example.org\nAuto-Submitted: auto-replied\n\nAway\n").kind == "vacation"
    assert as_json(read(b"From: a@example.org\nSubject: Re: hello\n\nI agree.\n"))["kind"] == "none"
    words = b"From: MAILER-DAEMON@x.example\n\nSorry:\n\n<ada@example.org>:\n550 5.1.1 user unknown\n"
    event = read(words)
    assert event.kind == "bounce" and [r.address for r in event.recipients] == ["ada@example.org"]
    assert not read(b"From: MAILER-DAEMON@x.example\n\nnothing here\n").recipients


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=2000), st.integers(0, 600))
def test_any_bytes_are_answered(noise: bytes, at: int) -> None:
    mail = report("5.1.1", "user unknown")
    assert read(noise).kind in KINDS
    assert read(mail[:at] + noise + mail[at:]).kind in KINDS


def test_a_body_alone_and_a_byte_order_mark() -> None:
    told = b'{"notificationType":"Bounce","bounce":{"bouncedRecipients":[{"emailAddress":"ada@example.org","status":"5.1.1"}]}}'
    assert [r.address for r in read(told).recipients] == ["ada@example.org"]
    assert [r.address for r in read(b"\xef\xbb\xbf" + report("5.1.1", "550 user unknown")).recipients] == ["Ada@example.org"]


def test_the_returned_letter_names_the_row_too() -> None:
    token = seal_delivery(KEYS, "message", DeliveryId(79))
    returned = f"\n--x\nContent-Type: message/rfc822\n\nMessage-ID: <{token}@example.org>\nTo: ada@example.org\n\n--x--".encode()
    event = read(report("5.1.1", "550 user unknown").replace(b"\n--x--", returned), keys=KEYS)
    assert (event.delivery, event.proof) == (79, "original")
    assert read(report("5.1.1", "550 user unknown"), keys=KEYS).proof == "none"
