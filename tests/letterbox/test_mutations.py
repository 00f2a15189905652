"""Any bytes are answered. The long run is `python -m tests.letterbox.mutations --count 100000`."""

from groundswell.letterbox import as_json, read
from tests.letterbox.mutations import huge, mutated
from tests.letterbox.test_reading import KINDS


def test_damaged_mails_raise_nothing() -> None:
    for name, mail in mutated(2500):
        event = read(mail)
        assert event.kind in KINDS, name
        assert all("@" in each.address and len(each.why) <= 300 for each in event.recipients), name
        assert as_json(event)["kind"] in {"bounce", "feedback", "vacation", "unsubscribe", "none"}


def test_thirty_megabytes_raise_nothing() -> None:
    for name, mail in huge():
        assert read(mail).kind in KINDS, name


def test_a_long_folded_header_in_the_report_is_read_once() -> None:
    """Lines that begin with two blanks could be read in two ways each, and thirty of them in a thousand million."""
    folded = "Received: from a\n" + "  by b\n" * 60 + "and no header after it\n"
    mail = f"From: mailer-daemon@example.net\nSubject: Undelivered\n\nada@example.org: user unknown\n\n{folded}".encode()
    assert [person.address for person in read(mail).recipients] == ["ada@example.org"]
