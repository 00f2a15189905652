"""Which column holds what: by the names that systems of the field give their columns, or as a person says. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from groundswell.basics.result import Refused
from groundswell.people.sheets.facts import Kinds

FIELDS: Mapping[str, str] = {
    "email": "e-mail address", "given_name": "first name", "family_name": "last name", "name": "whole name",
    "phone": "telephone", "street": "street", "city": "town, kept sealed with the street", "language": "language",
    "country": "country", "region": "region or state", "postcode_area": "postcode; only its first characters are kept",
    "joined": "when they joined", "tags": "tags, with commas", "status": "may they be mailed, in one word",
    "unsubscribed": "left: a date, or yes", "bounced": "can't be reached: a date, or yes",
    "complained": "complained: a date, or yes", "opted_in": "agreed to mail: yes or no", "ignore": "not read",
}  # fmt: skip
"""What a column can be mapped to, in words for staff. Besides, `fact:NAME` fills the custom field NAME."""

_SPELLINGS: Mapping[str, str] = {
    "email": "email|e-mail|email address|mail|e-mail address|e-mail-adresse|correo electrónico|courriel|adresse email",
    "given_name": "first name|firstname|given name|fname|vorname|prénom|nombre",
    "family_name": "last name|lastname|family name|surname|lname|nachname|nom|apellido|apellidos",
    "name": "name|full name|fullname",
    "phone": "phone|telephone|phone number|mobile|mobile number|can2_phone|telefon|home_phone|tel",
    "street": "street|address|address1|address line 1|street address|can2_user_address|primary_address1|strasse|straße",
    "city": "city|town|can2_user_city|primary_city|ort|ville|ciudad",
    "language": "language|lang|locale|idioma|sprache|langue",
    "country": "country|country code|cc|primary_country_code|land|pays|país",
    "region": "region|state|state/province|can2_state_abbreviated|can2_user_state|primary_state|province",
    "postcode_area": "postcode|zip|zip code|postal code|postal|primary_zip|plz|code postal|código postal",
    "joined": "joined|created at|optin time|opt-in time|signup date|date joined|subscribed at|subscribed on|date subscribed"
    "|subscription date|subscriber since",
    "tags": "tags|tag_list|can2_user_tags|can2_tags",
    "status": "status|email status|subscription status|can2_subscription_status|subscriber status|email subscriber status"
    "|email subscription status|email marketing status|email permission status",
    "unsubscribed": "unsubscribed|unsubscribed at|unsubscribed on|unsubscribe|unsubscribe date|unsubscribed date|date unsubscribed"
    "|unsub|unsub time|unsub date|unsub reason|unsubscribe reason|is unsubscribed|opt out|optout|opt out date|opted out"
    "|opted out at|is opted out|is opt out|email opt out|email optout|email opted out|has opted out of email|do not contact"
    "|do not email|do not e-mail|do not mail|do not bulk email|no bulk emails (user opt out)|no email|no emails|abgemeldet"
    "|unsubscribed from all email|abgemeldet am|désabonné|désinscrit",
    "bounced": "bounced|bounced at|bounced on|bounce|bounce date|is bounced|has bounced|email bounced|email bounce|hard bounce"
    "|hard bounced|bounce reason|email bounced date|email bounced reason|email hard bounce reason|clean_time|email1_is_bad"
    "|is_deceased|deceased",
    "complained": "complained|complained at|complaint|complaint date|spam|is spam|spam complaint|marked as spam|reported spam"
    "|abuse_time",
    "opted_in": "opt in|optin|opted in|is opted in|opted in at|opt in date|email opt in|email optin|email opted in|subscribed"
    "|is subscribed|email subscribed|accepts marketing|accepts email marketing|email marketing consent|marketing opt in"
    "|marketing consent|consent|consent date|consent given|email consent|gdpr consent|gdpr|email permission|emailable|mailable"
    "|newsletter|newsletter opt in|can email|allow email|allow emails|email allowed|einwilligung|dsgvo",
    # They look like mail, and say nothing of whether somebody may be mailed.
    "ignore": "optin ip|opt-in ip|consent ip|unsub reason other|unsub campaign title|unsub campaign id|clean campaign title"
    "|clean campaign id|subscriber id|subscription id|subscriber key|unsubscribe url|unsubscribe link|consent text"
    "|consent wording|consent version",
}  # fmt: skip

_SECRET = (
    "password", "passwd", "pwd", "passwort", "kennwort", "passphrase", "contraseña", "mot de passe", "secret", "api key",
    "api_key", "token", "credit card", "credit_card", "card number", "cvv", "iban", "ssn", "social security", "pin code",
)  # fmt: skip
_OF_MAIL = (
    "unsub", " opt in", " opt out", " opted", "optin", "optout", "consent", "subscri", "bounce", "complain", "spam", " do not ",
    " dont ", "donot", "gdpr", "dsgvo", "suppress", "blocklist", "block list", "blacklist", "black list", "deceased", "permission",
    "mailable", "marketing", "einwillig", "abgemeldet", "abmeld", "abbestell", "widerruf", "désabonn", "désinscri", "verstorben",
    "newsletter",
)  # fmt: skip
_OF_OTHER_WAYS = (" call", "donotcall", "phone", "mobile", "sms", "fax", "whatsapp")

SYSTEMS: Mapping[str, frozenset[str]] = {
    "Action Network": frozenset({"email", "can2 subscription status"}),
    "ActionKit": frozenset({"email", "subscription status", "postal"}),
    "Mailchimp": frozenset({"email address", "member rating"}),
    "NationBuilder": frozenset({"email", "nationbuilder id"}),
    "listmonk": frozenset({"uuid", "email", "status", "attributes"}),
}
"""The names by which an export of another system is known."""
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Plan:
    """Where each field is, and what is left out."""

    columns: tuple[tuple[int, str], ...]
    system: str
    named: Mapping[str, str]
    """Column → field, as shown to staff and kept with the run."""
    ignored: tuple[str, ...] = ()
    secret: tuple[str, ...] = field(default=())
    """Columns that look like passwords or account numbers: never read, and said so."""
    unclear: tuple[str, ...] = ()
    """Columns that look like saying who may be mailed, and that nobody explained."""
    status: str = ""
    """The status of every row, where the file's name says it."""
    kinds: Kinds = field(default_factory=dict)
    """What the custom fields take, where it is known: then a value that they don't take is said so."""


def known(name: str) -> bool:
    """Whether we know a column of this name."""
    return _field(name) is not None


def plain(name: str) -> str:
    """A column's name as it is remembered, and as a person says it."""
    return " ".join(name.replace("\ufeff", "").strip().casefold().split())


def speaks_of_mail(name: str) -> bool:
    """Whether a column of this name looks like saying who may be mailed."""
    words = f" {_spelling(name)} {_spelling(_HUMP.sub(' ', name))} "
    mail = "mail" in words or "news" in words
    if not any(word in words for word in _OF_MAIL):
        return mail and "status" in words
    return mail or not any(word in words for word in _OF_OTHER_WAYS)


def _spelling(name: str) -> str:
    """As names are compared with those we know: `Email_Opt-Out` is “email opt out”."""
    return plain(name.replace("_", " ").replace("-", " "))


_BY_NAME = {_spelling(each): name for name, spellings in _SPELLINGS.items() for each in spellings.split("|")}
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def _field(name: str) -> str | None:
    """What a column of this name holds, written in whatever way: `emailOptOut` too."""
    return _BY_NAME.get(_spelling(name)) or _BY_NAME.get(_spelling(_HUMP.sub(" ", name)))


def plan(
    header: Sequence[str], said: Mapping[str, str] | None = None, *, file_name: str = "", kinds: Kinds | None = None,
    unsettled: bool = False,
) -> Plan:  # fmt: skip
    """The mapping of these columns; what a person `said` (column → field) goes before what we guess.

    `file_name` is what the file was called where it came from; `kinds` says what the custom fields take. `Refused` where a column
    looks like saying who may be mailed and nobody said what it holds: passed over, it would bring back people who left. With
    `unsettled`, such columns are only named.
    """
    said = {plain(column): wanted for column, wanted in (said or {}).items()}
    names = [plain(name) for name in header]
    for column, wanted in said.items():
        if column not in names:
            raise Refused.because("map-column", f"The file has no column “{column}”.", f"It has: {', '.join(filter(None, names))}.")
        if wanted not in FIELDS and not wanted.startswith("fact:"):
            raise Refused.because("map-field", f"There is no field “{wanted}”.", f"There are: {', '.join(FIELDS)}, fact:NAME.")
    columns, ignored, secret, unclear, named = [], [], [], [], {}
    for at, name in enumerate(names):
        if any(word in name or word in _spelling(header[at]) for word in _SECRET):
            if said.get(name, "ignore") != "ignore":
                raise Refused.because(
                    "map-secret", f"The column “{name}” holds secrets.", "Take it out of the file; nobody needs it here."
                )
            secret.append(header[at])
            continue
        guess = _field(header[at])
        wanted = said.get(name) or guess or "ignore"
        if wanted == "ignore":
            if name:
                ignored.append(header[at])
            if name not in said and guess is None and speaks_of_mail(header[at]):
                unclear.append(header[at])
            continue
        columns.append((at, wanted))
        named[header[at] if header[at] not in named else f"{header[at]} (column {at + 1})"] = wanted
    if "email" not in named.values():
        raise Refused.because(
            "import-no-address",
            "No column holds e-mail addresses.",
            "Name one of the columns “email” in the first line, or say which with --map COLUMN=email.",
        )
    if unclear and not unsettled:
        raise _unclear(unclear)
    spelled = set(map(_spelling, header))
    system = next((title for title, marks in SYSTEMS.items() if marks <= spelled), "")
    kind, status = _by_file_name(file_name) if system == "Mailchimp" else ("", "")
    return Plan(
        tuple(columns), f"{system}: {kind}" if kind else system, named, tuple(ignored), tuple(secret), tuple(unclear), status,
        kinds or {},
    )  # fmt: skip


def _by_file_name(name: str) -> tuple[str, str]:
    """Which of Mailchimp's files this is, and the status of its rows: their columns are the same, only the name tells.

    “Cleaned” are those whose mail came back; but people call a list that they tidied so too, and put that behind its name.
    """
    name = "".join(mark for mark in name.casefold() if mark.isalpha())
    if "nonsubscribed" in name:
        return "nonsubscribed", "nonsubscribed"
    if "unsubscribed" in name:
        return "unsubscribed", "unsubscribed"
    if "cleaned" in name:
        return "cleaned", "cleaned" if name.startswith("cleaned") else "perhaps cleaned"
    return "", ""


def _unclear(columns: Sequence[str]) -> Refused:
    shown = [f"“{name.strip()[:60]}”" if "@" not in name else "one with an “@” in its name" for name in columns[:_SHOWN]]
    more = f" and {len(columns) - _SHOWN} more" if len(columns) > _SHOWN else ""
    what = "These columns look" if len(columns) > 1 else "This column looks"
    return Refused.because(
        "import-mail-column",
        f"{what} like saying who may be mailed, and we don't know how: {', '.join(shown)}{more}.",
        "Say what it holds with --map COLUMN=opted_in (a yes), unsubscribed, bounced, complained or status, or that it does not "
        "matter with --map COLUMN=ignore; in the office, choose beside the column.",
    )
