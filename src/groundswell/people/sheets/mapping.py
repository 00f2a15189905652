"""Which column holds what: by the names that systems of the field give their columns, or as a person says. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from groundswell.basics.result import Refused

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
    "email": "email|e-mail|email address|mail|email_address|e-mail address|e-mail-adresse|correo electrónico|courriel"
    "|adresse email",
    "given_name": "first name|first_name|firstname|given name|given_name|fname|vorname|prénom|nombre",
    "family_name": "last name|last_name|lastname|family name|family_name|surname|lname|nachname|nom|apellido|apellidos",
    "name": "name|full name|full_name|fullname",
    "phone": "phone|telephone|phone number|phone_number|mobile|mobile number|mobile_number|can2_phone|telefon|home_phone|tel",
    "street": "street|address|address1|address line 1|street address|can2_user_address|primary_address1|strasse|straße",
    "city": "city|town|can2_user_city|primary_city|ort|ville|ciudad",
    "language": "language|lang|locale|idioma|sprache|langue",
    "country": "country|country code|country_code|cc|primary_country_code|land|pays|país",
    "region": "region|state|state/province|can2_state_abbreviated|primary_state|province",
    "postcode_area": "postcode|zip|zip_code|zip code|postal code|postal_code|postal|primary_zip|plz|code postal|código postal",
    "joined": "joined|created_at|created at|optin_time|opt-in time|signup date|date joined",
    "tags": "tags|tag_list|can2_user_tags|can2_tags",
    "status": "status|email status|subscription status|subscription_status|can2_subscription_status",
    "unsubscribed": "unsubscribed|unsubscribed at|unsubscribed_at|unsub_time|opted_out|opted out|do_not_contact|do_not_email",
    "bounced": "bounced|bounced at|bounced_at|hard bounce|hard_bounce|clean_time|email1_is_bad|is_deceased",
    "complained": "complained|complained at|complained_at|spam complaint|abuse_time",
    "opted_in": "email_opt_in|opt_in|opted in|consent|newsletter",
}  # fmt: skip
_BY_NAME = {spelling: name for name, spellings in _SPELLINGS.items() for spelling in spellings.split("|")}

_SECRET = (
    "password", "passwd", "pwd", "passwort", "kennwort", "passphrase", "contraseña", "mot de passe", "secret", "api key",
    "api_key", "token", "credit card", "credit_card", "card number", "cvv", "iban", "ssn", "social security", "pin code",
)  # fmt: skip

SYSTEMS: Mapping[str, frozenset[str]] = {
    "Action Network": frozenset({"email", "can2_subscription_status"}),
    "ActionKit": frozenset({"email", "subscription_status", "postal"}),
    "Mailchimp": frozenset({"email address", "member_rating"}),
    "NationBuilder": frozenset({"email", "nationbuilder_id"}),
    "listmonk": frozenset({"uuid", "email", "status", "attributes"}),
}
"""The names by which an export of another system is known."""


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


def known(name: str) -> bool:
    """Whether we know a column of this name."""
    return plain(name) in _BY_NAME


def plain(name: str) -> str:
    """A column's name as it is compared."""
    return " ".join(name.replace("\ufeff", "").strip().casefold().split())


def plan(header: Sequence[str], said: Mapping[str, str] | None = None) -> Plan:
    """The mapping of these columns; what a person `said` (column → field) goes before what we guess."""
    said = {plain(column): wanted for column, wanted in (said or {}).items()}
    names = [plain(name) for name in header]
    for column, wanted in said.items():
        if column not in names:
            raise Refused.because("map-column", f"The file has no column “{column}”.", f"It has: {', '.join(filter(None, names))}.")
        if wanted not in FIELDS and not wanted.startswith("fact:"):
            raise Refused.because("map-field", f"There is no field “{wanted}”.", f"There are: {', '.join(FIELDS)}, fact:NAME.")
    columns, ignored, secret, named = [], [], [], {}
    for at, name in enumerate(names):
        if any(word in name for word in _SECRET):
            if said.get(name, "ignore") != "ignore":
                raise Refused.because(
                    "map-secret", f"The column “{name}” holds secrets.", "Take it out of the file; nobody needs it here."
                )
            secret.append(header[at])
            continue
        wanted = said.get(name) or _BY_NAME.get(name, "ignore")
        if wanted == "ignore":
            if name:
                ignored.append(header[at])
            continue
        columns.append((at, wanted))
        named[header[at] if header[at] not in named else f"{header[at]} (column {at + 1})"] = wanted
    if "email" not in named.values():
        raise Refused.because(
            "import-no-address",
            "No column holds e-mail addresses.",
            "Name one of the columns “email” in the first line, or say which with --map COLUMN=email.",
        )
    system = next((title for title, marks in SYSTEMS.items() if marks <= set(names)), "")
    return Plan(tuple(columns), system, named, tuple(ignored), tuple(secret))
