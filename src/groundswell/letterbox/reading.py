"""One mail in, one event out, in the order of MAIL.md: token, unsubscribe address, complaint, status fields, text,
automatic answer, answer. What was found first decides the kind; what comes later may only add to it.
"""

from datetime import datetime

from groundswell.basics.tokens import TokenKeys
from groundswell.letterbox import addresses, arf, autoreply, bounce, dsn, notices, prose, unsubscribe, verp
from groundswell.letterbox.event import Class, Event, Recipient
from groundswell.letterbox.families import general
from groundswell.letterbox.mime import Headers, Mail, take_apart


def read(
    raw: bytes,
    *,
    keys: TokenKeys | None = None,
    bounce_prefix: str = "b",
    unsubscribe_prefix: str = "u",
    envelope_to: str | None = None,
    now: datetime | None = None,
) -> Event:
    """What the mail in `raw` says. Total: any bytes give an event, at worst of kind `none`; nothing is raised.

    `envelope_to` is the address of RCPT TO where the receiver knows it. Line ends may be LF, CRLF or CR. Of a mail
    longer than 4 MB the beginning is read.
    """
    mail = take_apart(raw)
    places = verp.our_addresses(mail.headers, envelope_to)
    row = verp.delivery_of(keys, "bounce", verp.token_for(bounce_prefix, places))
    goodbye = verp.token_for(unsubscribe_prefix, places)
    leaving = verp.delivery_of(keys, "unsubscribe", goodbye)
    event = _event(mail, places, leaving is not None or (goodbye is not None and keys is None), row is not None)
    if row is not None:
        return event.named(row, "envelope")
    if event.kind == "unsubscribe" and leaving is not None:
        return event.named(leaving, "envelope")
    if event.kind in {"bounce", "feedback"}:
        return event.named(verp.in_original(keys, mail.originals), "original")
    return event


def _event(mail: Mail, places: list[str], leaving: bool, expected: bool) -> Event:
    headers = mail.headers
    writer = addresses.first(headers.get("from")) or addresses.first(headers.get("reply-to"))
    if leaving or unsubscribe.is_one_tap(headers):
        return Event("unsubscribe", _writer(writer, "unsubscribe"), family="unsubscribe", sure=0.9 if leaving else 0.7)
    complaint = arf.read(mail)
    if complaint:
        return complaint
    report = dsn.find(mail)
    text, quoted = prose.notification(mail)
    if quoted is not None:
        mail.originals.append(quoted)
    subject = headers.text("subject")
    if report and (found := bounce.from_fields(report, mail, text, subject, _ours(places, writer))):
        return found
    told = notices.read(text)
    if told:
        return told
    automatic = autoreply.is_automatic(headers, subject, text)
    sender = headers.text("from")
    official = general.is_report(sender, subject) or report is not None or "x-failed-recipients" in headers or expected
    if autoreply.is_challenge(headers, subject, text) and not _daemon(writer):
        return Event("challenge", _writer(writer, subject), family="challenge", sure=0.7)
    by_a_person = not expected and report is None and _by_somebody(headers, sender, subject, text, mail)
    if not by_a_person and not (
        automatic and not _daemon(writer) and not general.is_report(sender, subject) and "x-failed-recipients" not in headers
    ):
        found = bounce.from_text(mail, text, subject, sender, _ours(places, writer), official, expected)
        if found:
            return found
    if automatic and not _daemon(writer):
        return Event(
            "vacation", _writer(writer, f"{headers.get('auto-submitted')} {subject}".strip()), family="autoreply", sure=0.9
        )
    return _by_a_person(headers, subject, text, writer)


def _by_somebody(headers: Headers, sender: str, subject: str, text: str, mail: Mail) -> bool:
    """True for what people and lists write about mail that failed, quoting refusals as a report would."""
    if general.is_reporter(sender) or headers.get("return-path") == "<>" or "x-failed-recipients" in headers:
        return False
    if any(name in headers for name in ("list-id", "list-post", "list-unsubscribe")):
        return not general.begins_as_report(subject)
    answers = headers.get("in-reply-to") or headers.get("references")
    if answers and (autoreply.is_reply(subject) or not general.is_report("", subject)):
        return True
    if not general.is_report("", subject) and autoreply.speaks_of_absence(text):
        return True
    return not (mail.originals or general.begins_as_report(subject)) and not general.speaks_of_mail(f"{subject}\n{text}")


def _by_a_person(headers: Headers, subject: str, text: str, writer: str) -> Event:
    if _daemon(writer) or not writer:
        return Event("none", family="", sure=0.2)
    if unsubscribe.asks_to_stop(subject, text):
        return Event("unsubscribe", _writer(writer, subject), family="stop", sure=0.7)
    if autoreply.is_answer(headers, subject):
        return Event("answer", family="answer", sure=0.7)
    return Event("none", sure=0.3)


def _writer(writer: str, why: str) -> tuple[Recipient, ...]:
    return (Recipient(writer, Class.NOT_A_FAILURE, False, why=why[:300]),) if writer else ()


def _ours(places: list[str], writer: str) -> frozenset[str]:
    found = {address.lower() for place in places for _, _, address in addresses.scan(place[:2000])}
    return frozenset(found | ({writer.lower()} if writer else set()))


def _daemon(writer: str) -> bool:
    return addresses.is_daemon(writer) and not writer.lower().startswith(("noreply", "no-reply"))
