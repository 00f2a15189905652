"""Making a bounce's event: from the standard's fields first, else from the text, else from the letter that came back."""

from groundswell.letterbox import addresses, dsn, original
from groundswell.letterbox.classify import Said, classify
from groundswell.letterbox.event import Class, Event, Recipient
from groundswell.letterbox.families import Found, general, recognise
from groundswell.letterbox.families.table import settled
from groundswell.letterbox.mime import Mail
from groundswell.letterbox.words.passing import WARNING_ONLY

_LATE_SUBJECTS = (
    "delay",
    "warning: message",
    "warning: could not send",
    "delivery warning",
    "verzöger",
    "retard",
    "retraso",
    "atras",
    "задерж",
    "遅延",
    "延迟",
    "still being retried",
    "not yet",
)
_DAEMONS = ("mailer-daemon", "postmaster", "mail delivery", "mdaemon")


def from_fields(report: dsn.Report, mail: Mail, text: str, subject: str, ours: frozenset[str]) -> Event | None:
    """The event that a delivery status report makes, or None where it names nobody."""
    late = _late(text, subject)
    people: dict[str, Recipient] = {}
    alone = len(report.groups) == 1
    for group in report.groups:
        final, bare = group.final
        address = group.original
        if not _whole(address):
            address = ""
        named = final if _whole(final) else ""
        if named and address and "+2B" in address.upper() and addresses.same(addresses.from_xtext(address), named):
            address = named  # left in the xtext of RFC 3461
        if not address and named:
            address = _before_forwarding(named, text)
        if not address and bare:
            address = original.complete(bare, text, mail.originals, ours)
        if not address or (not alone and addresses.is_daemon(address)):
            continue
        action = group.get("action")
        if report.read_receipt:
            action = "failed" if _refused(text, subject) else "delivered"
        about = f"{group.category} {_about(text, final or address, alone)}".strip()
        said = Said(group.words, group.get("status"), action, about, late and not action, address.rpartition("@")[2].lower())
        person = _person(address, said, named)
        known = people.get(address.lower())
        if known is None or (not known.understood and person.understood):
            people[address.lower()] = person
    if not people:
        return None
    receipt = report.read_receipt and not any(person.because != "not a failure" for person in people.values())
    return Event("none" if receipt else "bounce", tuple(people.values()), reporter=report.reporter, family="dsn", sure=0.95)


def from_text(
    mail: Mail, text: str, subject: str, sender: str, ours: frozenset[str], official: bool, expected: bool
) -> Event | None:
    """The event that a report in prose makes, or None where this is no report.

    `official`: From, Subject or fields say that a mail system wrote it; `expected`: it came to a return path of ours.
    """
    low = text[:6000].lower()
    spoken = general.introduced(low)
    if not official and not 0 <= spoken < 700:
        return None
    if spoken < 0 and not official:
        return None
    others = ours | _senders(mail)
    late = _late(text, subject)
    meant = original.intended(mail.originals, others)
    family, found, sure = _named(mail, text, f"{sender}\n{subject}\n{mail.headers.get('x-mailer')}", others, meant, official)
    if not found and (official and (spoken >= 0 or general.is_report("", subject))):
        guessed = _in_subject(subject, others) or _from_return_path(mail) or meant
        found = [Found(each, text[:2000]) for each in guessed[:1]]
        family, sure = "original", 0.5
        if not found and not expected and not any(name in sender.lower() for name in _DAEMONS):
            return None
    elif not found:
        return None
    known = family not in {"general", "original"}
    alone = len(found) == 1
    people = []
    for each in found:
        about = f"{_about(text, each.address, alone)} {subject if alone else ''}"
        people.append(
            _person(each.address, Said(each.words, "", "", about, late, each.address.rpartition("@")[2].lower()), each.final)
        )
    plain = known or bool(mail.originals) or general.quotes_a_server(text)
    if not official and not plain and not any(each.because in {Class.DEAD, Class.MAILBOX} for each in people):
        return None
    if spoken < 0 and not expected and not general.is_report("", subject) and not any(each.understood for each in people):
        return None  # a digest or a notice from the postmaster: names people, says of nobody that anything failed
    return Event("bounce", tuple(people), family=family, sure=sure)


def _named(
    mail: Mail, text: str, heads: str, others: frozenset[str], meant: list[str], official: bool
) -> tuple[str, list[Found], float]:
    failed = mail.headers.get("x-failed-recipients")
    known = recognise(text, heads)
    # A letter to oneself comes back naming oneself: where a table row finds nobody else, that is who failed.
    if known and known[0].bare:
        whole_names = (original.named_in_full(each, text, mail.originals, others, _host(heads)) for each in known[1])
        known = (known[0], [each for each in whole_names if each])
    found = ([each for each in known[1] if each.address.lower() not in others] or known[1]) if known else []
    if failed:
        listed = [each for _, _, each in addresses.scan(failed[:4000])]
        beside = {each.address.lower(): each for each in found} | {each.final.lower(): each for each in found if each.final}
        whole = [beside.get(each.lower()) or Found(each, "") for each in listed]
        if whole:
            return "x-failed-recipients", list({each.address.lower(): each for each in whole}.values()), 0.9
    if known and found:
        return known[0].name, found, 0.85
    found = general.find(text, others, meant[0] if meant else "")
    if len(found) > 3 and not official:
        return "", [], 0.0
    return "general", found, 0.6


def _host(heads: str) -> str:
    """The host that writes, by the address in From."""
    return addresses.first(heads.partition("\n")[0]).rpartition("@")[2].lower()


def _person(address: str, said: Said, final: str) -> Recipient:
    verdict = classify(said)
    elsewhere = final if final and not addresses.same(final, address) else ""
    action = said.action.lower()
    waits = action.startswith("delay") or (said.late and not action.startswith("fail"))
    return Recipient(
        address, verdict.because, verdict.permanent, verdict.status, verdict.reply, verdict.why, elsewhere, waits=waits
    )  # fmt: skip


def _whole(address: str) -> bool:
    domain = address.rpartition("@")[2].lower()
    return bool(address) and not domain.endswith((".local", ".localdomain", ".lan"))


def _before_forwarding(final: str, text: str) -> str:
    """The alias that was written to, where the prose says that `final` was made from it."""
    low = text[:16_000].lower()
    if " from" not in low or final.lower() not in low:
        return final
    at = low.find(final.lower())
    while at >= 0:
        end = at + len(final)
        one = settled(final, text[end : end + 200].split("@", 1)[0] + "@" + text[end : end + 300].partition("@")[2])
        if one and one.final and "from" in low[end : end + 60]:
            return one.address
        at = low.find(final.lower(), end)
    return final


def _about(text: str, address: str, alone: bool) -> str:
    """What the prose says of one address: everything where it is alone, else the lines at its mentions."""
    if alone:
        return text[:4000]
    low = text[:16_000].lower()
    at = low.find(address.lower())
    pieces: list[str] = []
    while at >= 0 and len(pieces) < 4:
        start = text.rfind("\n", 0, at) + 1
        pieces.append(text[start : at + len(address) + 300].split("\n\n", maxsplit=1)[0])
        at = low.find(address.lower(), at + len(address))
    return "\n".join(pieces)


def _late(text: str, subject: str) -> bool:
    low = text[:4000].lower()
    return any(words in low for words in WARNING_ONLY) or any(words in subject.lower() for words in _LATE_SUBJECTS)


def _refused(text: str, subject: str) -> bool:
    low = f"{subject}\n{text[:2000]}".lower()
    return "rejected" in low or "quota" in low or "undeliver" in low or "not delivered" in low


def _in_subject(subject: str, others: frozenset[str]) -> list[str]:
    """The one address in a report's subject, such as "Undeliverable: user unknown ann@example.org"."""
    found = {address.lower(): address for _, _, address in addresses.scan(subject[:500])}
    found = {low: each for low, each in found.items() if low not in others and not addresses.is_desk(each)}
    return list(found.values()) if len(found) == 1 else []


def _senders(mail: Mail) -> frozenset[str]:
    found: set[str] = set()
    for headers in mail.originals[:2]:
        for name in ("from", "return-path", "sender", "reply-to", "errors-to", "x-sender"):
            found.update(address.lower() for _, _, address in addresses.scan(headers.get(name)[:1000]))
    return frozenset(found)


def _from_return_path(mail: Mail) -> list[str]:
    """Somebody else's VERP: `list-bounces+ann=example.org@lists…` in the address this came back to."""
    for name in ("to", "delivered-to", "x-original-to", "envelope-to"):
        for _, _, address in addresses.scan(mail.headers.get(name)[:1000]):
            found = addresses.from_verp(address)
            if found:
                return [found]
    return []
