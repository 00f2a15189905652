"""Complaints: the feedback report of RFC 5965 and 6650, and the older forms that providers still send.

Who complained stands in Original-Rcpt-To, in a provider's own header of the returned letter, or in that letter's To:,
and is often blacked out. Then only a token in the letter names the row.
"""

from groundswell.letterbox import addresses
from groundswell.letterbox.event import Class, Event, Recipient
from groundswell.letterbox.mime import Headers, Mail

_NAMED = ("original-rcpt-to", "removal-recipient", "original-recipient", "redacted-address")
_PROVIDERS = (
    "x-hmxmroriginalrecipient",
    "x-hotmail-original-recipient",
    "x-originally-to",
    "x-original-rcpt-to",
    "x-rcpt-to",
    "x-envelope-to",
)
_BLACKED_OUT = ("redacted", "undisclosed", "unknown", "hidden", "xxx", "removed")


def read(mail: Mail) -> Event | None:
    """The complaint, or None. Recipients are `not a failure`: the letter did arrive."""
    report = _report(mail)
    provider = _by_provider(mail)
    if report is None and not provider:
        return None
    report = report or Headers("Feedback-Type: abuse")
    kind = report.get("feedback-type").lower().strip() or "abuse"
    named = [addresses.first(value) for name in _NAMED for value in report.every(name)]
    named = [each for each in named if each and not _hidden(each)] or provider
    if not named:
        for original in mail.originals[:2]:
            named = _addressed(original)
            if named:
                break
    why = f"feedback: {kind}"
    unique = {each.lower(): each for each in named}
    recipients = tuple(Recipient(each, Class.NOT_A_FAILURE, False, why=why) for each in unique.values())
    reporter = report.get("reporting-mta").partition(";")[2].strip() or report.get("user-agent")
    sure = 0.95 if len(report) > 1 and recipients else 0.7
    return Event("feedback", recipients, reporter=reporter, feedback=kind, family="arf", sure=sure)


def _report(mail: Mail) -> Headers | None:
    for part in mail.parts:
        if part.kind == "message/feedback-report" and part.level < 2:
            return Headers(part.text().strip("\n"))
    for part in mail.parts:
        if part.level == 0 and part.kind.startswith(("text/", "message/", "application/")) and b"eedback-" in part.body[:4000]:
            head = part.text()[:4000].strip("\n ")
            at = head.lower().find("feedback-type:")
            if at >= 0 and (at == 0 or head[at - 1] == "\n"):
                return Headers(head[at:])
    return None


def _by_provider(mail: Mail) -> list[str]:
    for headers in mail.originals[:2]:
        for name in _PROVIDERS[:3]:
            if name in headers:
                found = addresses.first(headers.get(name))
                if found and not _hidden(found):
                    return [found]
    if "x-hmxmroriginalrecipient" in mail.headers:
        found = addresses.first(mail.headers.get("x-hmxmroriginalrecipient"))
        return [found] if found else []
    return []


def _addressed(original: Headers) -> list[str]:
    for name in (*_PROVIDERS, "to", "delivered-to", "x-original-to", "envelope-to"):
        found = [each for _, _, each in addresses.scan(original.get(name))]
        found = [each for each in found if not _hidden(each)]
        if found and (len(found) == 1 or name == "to"):
            return found[:1]
    return []


def _hidden(address: str) -> bool:
    local = address.partition("@")[0].lower().strip("<>[]*")
    return local.startswith(_BLACKED_OUT) or not local
