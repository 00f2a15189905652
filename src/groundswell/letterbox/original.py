"""Whom the returned letter was written to: the last resort, and the way to complete a bare local part."""

import re
from dataclasses import replace

from groundswell.letterbox import addresses
from groundswell.letterbox.families.table import Found
from groundswell.letterbox.mime import Headers

_FOR = re.compile(r"\bfor\s{1,4}<?([^\s<>;()]{3,280}@[^\s<>;()]{3,200})>?")
_LIST_MARKS = ("list-post", "x-mailman-version", "x-beenthere", "list-subscribe")
_OWNERS = ("-bounces", "-admin", "-owner", "-request", "-errors", "-return")


def intended(originals: list[Headers], ours: frozenset[str]) -> list[str]:
    """The one address that the returned letter went to, or nothing where that is not plain."""
    for headers in originals[:2]:
        found = _of(headers, ours)
        if found:
            return found
    return []


def _of(headers: Headers, ours: frozenset[str]) -> list[str]:
    for name in ("x-failed-recipients", "x-rcpt-to", "x-original-rcpt-to", "envelope-to", "x-envelope-to"):
        found = _people(headers.get(name), ours)
        if len(found) == 1:
            return found
    if not any(name in headers for name in _LIST_MARKS):
        found = _people(headers.text("to"), ours)
        if len(found) == 1:
            return found
    for received in headers.every("received")[:6]:
        match = _FOR.search(received[:1000])
        if match:
            found = _people(match.group(1), ours)
            if found:
                return found
    return []


def _people(value: str, ours: frozenset[str]) -> list[str]:
    unique = {address.lower(): address for _, _, address in addresses.scan(value[:4000])}
    return [address for low, address in unique.items() if low not in ours and not _is_list_of(low, ours)]


def _is_list_of(address: str, ours: frozenset[str]) -> bool:
    """True for list@example.org where the bounce came back to list-bounces@example.org."""
    local, _, domain = address.partition("@")
    return any(f"{local}{owner}@{domain}" in ours for owner in _OWNERS)


def complete(local: str, text: str, originals: list[Headers], ours: frozenset[str]) -> str:
    """The address whose local part a report gives bare: named in its text, or whom the letter was written to."""
    low = local.lower()
    for _, _, address in addresses.scan(text[:8000]):
        if address.partition("@")[0].lower() == low and address.lower() not in ours:
            return address
    for headers in originals[:2]:
        for address in _people(headers.text("to"), ours):
            if address.partition("@")[0].lower() == low:
                return address
    found = intended(originals, ours)
    return found[0] if len(found) == 1 else ""


def named_in_full(found: Found, text: str, originals: list[Headers], ours: frozenset[str], host: str) -> Found | None:
    """The person found, a bare name completed: from the letter, else with the domain that the text names for `host`."""
    if "@" in found.address:
        return found
    address = complete(found.address, text, originals, ours)
    if not address:
        domains = (each.rpartition("@")[2].lower() for _, _, each in addresses.scan(text[:8000]))
        own = [domain for domain in domains if host == domain or host.endswith(f".{domain}")]
        address = f"{found.address}@{min(own, key=len)}" if own else ""
    return replace(found, address=address) if address else None
