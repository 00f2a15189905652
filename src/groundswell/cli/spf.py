"""What a domain's SPF record says of an address (RFC 7208): enough of it to tell an operator what to mend."""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass, field

from groundswell.cli.dns_lookup import Lookup

MOST = 10
"""Terms that ask the DNS, at most (RFC 7208 4.6.4): receivers take a record with more for none."""
_VERDICTS = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}


@dataclass(slots=True)
class Spf:
    """Looks through one record and those that it includes."""

    look: Lookup
    asked: int = 0
    seen: set[str] = field(default_factory=set)

    def records(self, domain: str) -> list[str]:
        """The domain's SPF records; there should be one."""
        return [text for text in self.look(domain, "TXT") if text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")]

    def check(self, domain: str, ip: str) -> str:
        """`pass`, `fail`, `softfail`, `neutral`, `none`, or `permerror` where the record can't be used."""
        found = self.records(domain)
        if len(found) != 1 or domain in self.seen:
            return "none" if not found else "permerror"
        self.seen.add(domain)
        address, redirect = ipaddress.ip_address(ip), ""
        for term in found[0].split()[1:]:
            if term.lower().startswith("redirect="):
                redirect = term[9:]
                continue
            sign, word = (term[0], term[1:]) if term[0] in _VERDICTS else ("+", term)
            holds = self._holds(word, domain, address)
            if self.asked > MOST or holds is None:
                return "permerror"
            if holds:
                return _VERDICTS[sign]
        if redirect:
            self.asked += 1
            return self.check(redirect, ip) if self.asked <= MOST else "permerror"
        return "neutral"

    def _holds(self, word: str, domain: str, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool | None:
        """Whether the term names the address; None where a record that it leans on can't be used."""
        name, _, rest = word.partition(":")
        kind, _, length = name.lower().partition("/")
        if kind == "all":
            return True
        if kind in ("ip4", "ip6"):
            try:
                return address in ipaddress.ip_network(rest, strict=False)
            except ValueError:
                return None
        if kind not in ("a", "mx", "include", "exists", "ptr"):
            return None if "=" not in word else False
        self.asked += 1
        target, _, behind = rest.partition("/")
        target = target or domain
        if self.asked > MOST or "%" in target:
            return None if self.asked > MOST else False
        if kind == "include":
            verdict = self.check(target, str(address))
            return None if verdict in ("none", "permerror") else verdict == "pass"
        if kind in ("a", "mx"):
            hosts = [target] if kind == "a" else [row.split()[-1].rstrip(".") for row in self.look(target, "MX")]
            width = (length or behind).partition("/")[0]
            return any(address in network for network in self._networks(hosts, width, address.version))
        return False

    def _networks(self, hosts: list[str], width: str, version: int) -> Iterator[ipaddress.IPv4Network | ipaddress.IPv6Network]:
        for host in hosts:
            for found in self.look(host, "A" if version == 4 else "AAAA"):
                yield ipaddress.ip_network(f"{found}/{width}" if width.isdigit() else found, strict=False)
