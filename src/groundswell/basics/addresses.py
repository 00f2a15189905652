"""E-mail addresses: syntax, the two forms we keep of one, and typo domains. No look-ups, no network.

Syntax and IDNA are email-validator's (RFC 5321, 5322, 6531, IDNA 2008). What is ours is the canonical form: the one
under which two spellings are the same mailbox.
"""

import re
from typing import NamedTuple

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from email_validator.rfc_constants import CASE_INSENSITIVE_MAILBOX_NAMES

from groundswell.basics.result import Problem

# Providers that deliver these spellings to one mailbox; anywhere else a dot or a tag is part of the name.
_DOTS_IGNORED = frozenset({"gmail.com", "googlemail.com"})
_PLUS_TAGS = frozenset(
    {
        "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "icloud.com", "me.com",
        "mac.com", "fastmail.com", "fastmail.fm", "proton.me", "protonmail.com", "pm.me",
    }
)  # fmt: skip
_SAME_DOMAIN = {"googlemail.com": "gmail.com", "pm.me": "proton.me", "protonmail.com": "proton.me"}

_TYPO_DOMAINS = {
    "gmial.com": "gmail.com", "gmai.com": "gmail.com", "gamil.com": "gmail.com", "gnail.com": "gmail.com",
    "gmail.co": "gmail.com", "gmail.con": "gmail.com", "gmail.cm": "gmail.com", "gmal.com": "gmail.com",
    "gmaill.com": "gmail.com", "hotmial.com": "hotmail.com", "hotmai.com": "hotmail.com", "hotmal.com": "hotmail.com",
    "hotmail.con": "hotmail.com", "hotmail.co": "hotmail.com", "outlok.com": "outlook.com",
    "outloo.com": "outlook.com", "yaho.com": "yahoo.com", "yahooo.com": "yahoo.com", "yahoo.con": "yahoo.com",
    "yhaoo.com": "yahoo.com", "iclod.com": "icloud.com", "icoud.com": "icloud.com", "icloud.con": "icloud.com",
    "aol.con": "aol.com", "comcast.con": "comcast.net", "web.ed": "web.de", "gmx.ed": "gmx.de",
}  # fmt: skip

# Nearly every address there is, judged in a microsecond rather than in fifty: lower-case letters and digits at both ends
# of every label, nothing that IDNA or a quoted local part has a say in. Whatever does not match goes to the library, so
# the verdict is always the library's (a property test holds the two together).
_PLAIN_LOCAL = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*").fullmatch
_PLAIN_DOMAIN = re.compile(r"(?:[A-Za-z0-9-]{1,63}\.)+([A-Za-z]{2,63})").fullmatch
_HYPHEN_MISPLACED = re.compile(r"(?:^|\.)-|-(?:-|\.)").search
_PLAIN_LONGEST = 120
_ROLES = frozenset(CASE_INSENSITIVE_MAILBOX_NAMES)
_SPECIAL = frozenset(name.rpartition(".")[2] for name in SPECIAL_USE_DOMAIN_NAMES)


class Address(NamedTuple):
    """A syntactically good address. `shown` is what we write to; `canonical` is what we compare."""

    shown: str
    local: str
    domain: str
    """In lower case, IDNA A-labels: what DNS and SMTP without SMTPUTF8 take."""
    canonical: str
    needs_smtputf8: bool


def parse(text: str) -> Address | Problem:
    """The address in `text`, or the reason it is none. White space around it and `mailto:` are forgiven.

    Never looks anything up: a domain without mail is the post office's to find out.
    """
    cleaned = text.strip().removeprefix("mailto:")
    if not cleaned:
        return Problem("address-missing", "No e-mail address is given.", "Fill it in.")
    plain = _plain(cleaned)
    if plain is not None:
        return plain
    if len(cleaned) > 320:
        return Problem("address-too-long", "The e-mail address is too long.", "254 characters are the limit (RFC 5321).")
    try:
        valid = validate_email(cleaned, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        # The library's text repeats the address; ours must not (it would end in logs and reject files).
        return Problem("address-malformed", "This is not an e-mail address.", "It should look like name@example.org.")
    domain = valid.ascii_domain.lower()
    shown = f"{valid.local_part}@{domain}"
    return Address(shown, valid.local_part, domain, _canonical(valid.local_part, domain), valid.ascii_email is None)


def suggest(address: Address) -> str | None:
    """The address that was probably meant, where the domain is a known slip of the finger. Never applied by itself."""
    meant = _TYPO_DOMAINS.get(address.domain)
    return f"{address.local}@{meant}" if meant else None


def meant_by(domain: str) -> str | None:
    """The domain that was probably meant, where this one is a known slip of the finger."""
    return _TYPO_DOMAINS.get(domain)


def slips_of(domain: str) -> list[str]:
    """Known slips of the finger for this domain."""
    return [slip for slip, meant in _TYPO_DOMAINS.items() if meant == domain]


def _plain(text: str) -> Address | None:
    """The address, where it is of the plain kind; None sends it to the library."""
    local, _, domain = text.partition("@")
    if len(text) > _PLAIN_LONGEST or len(local) > 64 or not _PLAIN_LOCAL(local):
        return None
    found = _PLAIN_DOMAIN(domain)  # as it is written: there are letters beyond ASCII whose lower case is within
    if found is None or ("-" in domain and _HYPHEN_MISPLACED(domain)):
        return None
    if found[1].lower() in _SPECIAL or local.lower() in _ROLES:
        return None
    domain = domain.lower()
    return Address(f"{local}@{domain}", local, domain, _canonical(local, domain), False)


def _canonical(local: str, domain: str) -> str:
    local = local.casefold()
    if domain in _PLUS_TAGS:
        local = local.partition("+")[0] or local
    if domain in _DOTS_IGNORED:
        local = local.replace(".", "") or local
    return f"{local}@{_SAME_DOMAIN.get(domain, domain)}"
