"""Finding addresses in other programs' prose and fields. Linear in the text, whatever it holds.

Looser than `basics.addresses` on purpose: `neko..nyaan@docomo.ne.jp` breaks RFC 5322 and is a real person's mailbox.
"""

import re
from collections.abc import Iterator
from string import ascii_letters, digits

_LOCAL = ascii_letters + digits + "!#$%&'*+/=?^_{|}~.-"
_DOMAIN = ascii_letters + digits + ".-_"
_LEFT_EDGE = "'*=-/#!?&{|}~^.+%$"
_MOST = 400
_TYPE = re.compile(r"^\s*(?:[a-zA-Z0-9+_-]{1,20}|)\s*;\s*")
_XTEXT = re.compile(r"\+([0-9A-F]{2})")
_UNITEXT = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")
_DOTTED = re.compile(r"\.\.|^\.|\.$")

_DAEMONS = frozenset(
    {
        "mailer-daemon", "mailerdaemon", "postmaster", "mdaemon", "mail-daemon", "mail.delivery.system", "maildaemon",
        "mail_delivery_system", "mailer", "noreply", "no-reply", "donotreply", "do-not-reply", "mailadmin", "mailadm",
    }
)  # fmt: skip
_DESKS = frozenset(
    {
        "abuse", "root", "hostmaster", "webmaster", "nobody", "bounce", "bounces", "listserv", "majordomo", "mailman",
        "staff", "spam", "support", "helpdesk", "help", "service", "admin", "administrator", "info-bounces",
    }
)  # fmt: skip


def scan(text: str) -> Iterator[tuple[int, int, str]]:
    """Every address in `text` as (start, end, address), at most 400."""
    at = text.find("@")
    seen = 0
    while at >= 0 and seen < _MOST:
        seen += 1
        found = _around(text, at)
        if found:
            yield found
        at = text.find("@", found[1] if found else at + 1)


def first(text: str) -> str:
    """The first address in `text`, or empty."""
    for _, _, address in scan(text):
        return address
    return ""


def _around(text: str, at: int) -> tuple[int, int, str] | None:
    before = text[max(0, at - 80) : at]
    if before.endswith('"'):
        opened = before.rfind('"', 0, -1)
        local = before[opened:] if opened >= 0 and "\n" not in before[opened:] else ""
    else:
        local = before[len(before.rstrip(_LOCAL)) :]
        equals = local.lower().rfind("smtp=")
        if equals >= 0:
            local = local[equals + 5 :]
        local = local.lstrip(_LEFT_EDGE)
    after = text[at + 1 : at + 256]
    domain = after[: len(after) - len(after.lstrip(_DOMAIN))]
    dots = domain.find("..")
    if dots >= 0:  # sendmail writes user@example.org... User unknown
        domain = domain[:dots]
    kept = domain.rstrip(".-_")
    if not good(local, kept):
        return None
    return at - len(local), at + 1 + len(kept), f"{local}@{kept}"


def good(local: str, domain: str) -> bool:
    """Whether this could be somebody's mailbox: a local part of at most 64 and a domain with a top level of letters."""
    if not local or len(local) > 64 or not domain or len(domain) > 253:
        return False
    if _DOTTED.search(local) and not domain.lower().endswith((".ne.jp", ".jp")) and not local.startswith('"'):
        return False
    labels = domain.split(".")
    top = labels[-1]
    if len(labels) < 2 or not all(labels) or any(len(label) > 63 for label in labels):
        return False
    return (len(top) >= 2 and (top.isalpha() or top.lower().startswith("xn--"))) and not domain.startswith("-")


def field(value: str) -> tuple[str, str]:
    """A DSN recipient field (`rfc822; <user@example.org>`, RFC 3464 2.3; RFC 6533 3) as (address, rest).

    The address is empty where the field holds none; the rest is then what stands there instead, such as a bare
    local part.
    """
    typed = _TYPE.match(value)
    kind = typed.group(0).strip(" ;\t").lower() if typed else ""
    text = value[typed.end() :] if typed else value
    text = text.strip()
    if kind.startswith("utf-8") or "\\x{" in text:
        text = _UNITEXT.sub(lambda match: _letter(match.group(1)), text)
    if "@" not in text and "+40" in text:
        text = from_xtext(text)
    inner = text.partition("<")[2].partition(">")[0] if "<" in text else text
    inner = inner.strip(" \t<>'`")
    inner = inner if inner.startswith('"') and '"@' in inner else inner.strip("<>\"'` ")
    local, at, domain = inner.rpartition("@")
    if at and " " not in inner and not inner.isascii() and local and "." in domain:
        return inner.rstrip(".;:,"), ""
    address = first(inner if "@" in inner else text)
    if address:
        return address, ""
    return "", inner.split(" ")[0][:64]


def from_xtext(text: str) -> str:
    """`text` with the +XX of RFC 3461 4 read."""
    return _XTEXT.sub(lambda match: chr(int(match.group(1), 16)), text)


def _letter(digits_: str) -> str:
    number = int(digits_, 16)
    return chr(number) if number < 0x110000 else ""


def same(one: str, other: str) -> bool:
    """Whether two spellings name the same address, letter case aside."""
    return one.lower() == other.lower()


def is_daemon(address: str) -> bool:
    """True for the names under which mail systems write."""
    return address.partition("@")[0].lower() in _DAEMONS


def is_desk(address: str) -> bool:
    """True for those a report tells its reader to turn to: never the one who failed, unless a field says so."""
    return is_daemon(address) or address.partition("@")[0].lower() in _DESKS


def from_verp(address: str) -> str:
    """The subscriber in another program's return path: `list-bounces+ann=example.org@lists…` names ann@example.org."""
    local = address.rpartition("@")[0]
    if "=" not in local or local.lower().startswith(("prvs=", "srs0", "srs1", "btv1==")):
        return ""
    left, _, domain = local.rpartition("=")
    for mark in ("+", "-return-", "-bounces-", "-bounce-", "-"):
        user = left.rpartition(mark)[2] if mark in left else ""
        user = user.partition("-")[2] if mark == "-return-" and user.partition("-")[0].isdigit() else user
        if user and good(user, domain):
            return f"{user}@{domain}"
    return ""
