"""Delivery status fields, as standards have them and as servers write them (RFC 3464, 6533).

Standard: groups of fields in a `message/delivery-status` part. Found in the wild as well, and read here: the part
called text/plain, base64 inside, groups not parted or parted by too many blank lines, fields in any order and letter
case, values wrapped without a leading blank, recipients without a type, with comments, with a local part only.
"""

from dataclasses import dataclass, field

from groundswell.letterbox import addresses
from groundswell.letterbox.mime import Mail

_OF_MESSAGE = frozenset({"reporting-mta", "arrival-date", "received-from-mta", "dsn-gateway", "original-envelope-id"})
_NAMING = ("final-recipient", "original-recipient", "x-actual-recipient", "x-failed-recipient")
_OF_RECIPIENT = frozenset(
    {
        *_NAMING, "action", "status", "diagnostic-code", "remote-mta", "last-attempt-date", "will-retry-until",
        "final-log-id", "x-display-name", "x-supplementary-info", "x-diagnostic-code", "disposition", "smtp-remote-recipient",
        "reporting-ua", "original-message-id", "failure-reason",
    }
)  # fmt: skip
_MOST_GROUPS = 200
_CATEGORIES = {
    "bad-mailbox": "no such mailbox", "bad-domain": "no such domain", "inactive-mailbox": "inactive mailbox",
    "quota-issues": "mailbox full", "spam-related": "spam", "spam-block": "spam", "virus-related": "virus",
    "content-related": "content rejected", "policy-related": "policy", "relaying-issues": "relaying denied",
    "message-expired": "message expired", "no-answer-from-host": "no answer from host", "bad-connection": "connection lost",
    "bad-configuration": "configuration error", "protocol-errors": "protocol error", "routing-errors": "routing loop",
    "invalid-sender": "sender rejected",
}  # fmt: skip


@dataclass(slots=True)
class Group:
    """The fields of one recipient, names in lower case, first value each."""

    fields: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """The field's value or empty."""
        return self.fields.get(name, "")

    @property
    def final(self) -> tuple[str, str]:
        """Final-Recipient as (address, what stands there instead)."""
        for name in ("final-recipient", "x-failed-recipient", "x-actual-recipient"):
            if self.fields.get(name):
                return addresses.field(self.fields[name])
        return "", ""

    @property
    def original(self) -> str:
        """Original-Recipient: the address as the sender gave it, or empty."""
        value = self.fields.get("original-recipient", "")
        return addresses.field(value)[0] if value else ""

    @property
    def category(self) -> str:
        """The reason that PowerMTA found in the server's words, as words that are known here."""
        return _CATEGORIES.get(self.get("x-powermta-bouncecategory").lower(), "")

    @property
    def words(self) -> str:
        """The remote server's words: Diagnostic-Code without its type, or what was written into Status or Action."""
        said = self.get("diagnostic-code") or self.get("x-diagnostic-code") or self.get("failure-reason")
        kind, semicolon, rest = said.partition(";")
        if semicolon and len(kind) < 24 and " " not in kind.strip():
            said = rest
        extra = self.get("x-supplementary-info")
        if not said.strip():
            # "Status: 5.0.0 (recipient reached disk quota)", "Action: failed (Bad destination mailbox address)"
            status = self.get("status")
            said = status if any(letter.isalpha() for letter in status) else ""
            said = f"{said} {self.get('action').partition(' ')[2]}"
        return f"{said.strip()} {extra}".strip()


@dataclass(slots=True)
class Report:
    """What the fields of one mail say: who reports, and each recipient's group."""

    reporter: str = ""
    groups: list[Group] = field(default_factory=list)
    read_receipt: bool = False
    """The fields were those of a message disposition notification (RFC 8098)."""


def find(mail: Mail) -> Report | None:
    """The report in the mail: outermost message first, a forwarded report only where the outer one has none."""
    for level in range(3):
        for part in mail.parts:
            if part.level != level:
                continue
            kind = part.kind
            if "delivery-status" in kind or "disposition-notification" in kind or "global-delivery" in kind:
                report = parse(part.text())
                report.read_receipt = report.read_receipt or "disposition" in kind
                if report.groups or report.reporter:
                    return report
        for part in mail.parts:
            if part.level == level and part.kind.startswith("text/") and b"inal-" in part.body[:64_000]:
                low = part.body[:64_000].lower()
                if b"\nfinal-recipient:" in low or b"\noriginal-recipient:" in low or low.startswith(b"final-recipient:"):
                    report = parse(part.text())
                    if any(group.final[0] or group.original for group in report.groups):
                        return report
    return None


def parse(text: str) -> Report:
    """The groups in `text`. A field that came back, or a blank line after a recipient, begins the next group."""
    report = Report()
    current: dict[str, str] = {}
    last = ""
    parted = False
    for line in text[:64_000].split("\n"):
        bare = line.strip()
        if not bare:
            parted = True
            last = ""
            continue
        name, colon, value = bare.partition(":")
        name = name.strip().lower()
        known = colon and (name in _OF_RECIPIENT or name in _OF_MESSAGE or (name.startswith("x-") and " " not in name))
        if not known:
            if last and (line[:1] in " \t" or last in {"diagnostic-code", "x-supplementary-info"}) and not colon_header(bare):
                joined = current.get(last, "")
                if len(joined) < 4000:
                    current[last] = f"{joined} {bare}"
            continue
        if name in _OF_MESSAGE:
            if name == "reporting-mta" and not report.reporter:
                report.reporter = value.partition(";")[2].strip() or value.strip()
            last = ""
            continue
        named = any(each in current for each in _NAMING)
        again = name in current and name not in {"x-supplementary-info"}
        if (parted and named and (name in _NAMING or name in {"action", "status"})) or (again and name in _NAMING):
            _close(report, current)
            current = {}
        parted = False
        last = name
        current.setdefault(name, value.strip())
    _close(report, current)
    report.read_receipt = any("disposition" in group.fields and "action" not in group.fields for group in report.groups)
    return report


def colon_header(line: str) -> bool:
    """Whether a line that is no field of ours is a field of somebody else's."""
    name, colon, _ = line.partition(": ")
    return bool(colon) and name.replace("-", "").isalpha() and "-" in name


def _close(report: Report, current: dict[str, str]) -> None:
    if not current or len(report.groups) >= _MOST_GROUPS:
        return
    if any(each in current for each in _NAMING) or not report.groups:
        report.groups.append(Group(current))
        return
    for name, value in current.items():  # a diagnosis that lost its recipient to a stray blank line
        report.groups[-1].fields.setdefault(name, value)
