"""Asking the DNS, for the doctor only: what a name holds, nothing, or that nobody answers."""

from collections.abc import Callable

import dns.exception
import dns.resolver
import dns.reversename

from groundswell.basics.result import Refused

Lookup = Callable[[str, str], list[str]]
"""Name and type (`TXT`, `MX`, `A`, `AAAA`, `PTR`) to what is there, as text: TXT with its strings joined, MX as `10 host`."""


class NoDns(Exception):
    """Nobody answers: what is published can't be known from here."""


def resolver(at: str = "", seconds: float = 5.0) -> Lookup:
    """Asks this machine's own name servers, or the one at `host:port`. `Refused` where `at` is no address."""
    try:
        asking = dns.resolver.Resolver(configure=not at)
        if at:
            host, _, port = at.rpartition(":") if ":" in at and not at.endswith("]") else (at, "", "53")
            asking.nameservers, asking.port = [host.strip("[]")], int(port)
    except (dns.exception.DNSException, ValueError, OSError):
        raise Refused.because("dns-server", f"“{at}” is no name server.", "Write its address: 192.0.2.53:53.") from None
    asking.lifetime = seconds

    def look(name: str, kind: str) -> list[str]:
        try:
            target = dns.reversename.from_address(name) if kind == "PTR" else name
            found = asking.resolve(target, kind, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError) as error:
            raise NoDns(type(error).__name__) from None
        return [_said(row, kind) for row in found]

    return look


def _said(row: object, kind: str) -> str:
    if kind == "TXT":
        return b"".join(getattr(row, "strings", ())).decode("utf-8", "replace")
    return str(row).rstrip(".") if kind != "MX" else str(row)
