"""`groundswell doctor --dns`: whether the world can believe our letters, by what is published (SPF, DKIM, DMARC, PTR, MX)."""

import re
from collections.abc import Iterator
from pathlib import Path

from groundswell.cli.dns_lookup import Lookup, NoDns
from groundswell.cli.finding import Finding
from groundswell.cli.spf import Spf
from groundswell.site.settings import Settings

_TAG = re.compile(r"\s*([A-Za-z0-9_]+)\s*=\s*([^;]*)")


def examine(settings: Settings, look: Lookup, ip: str = "") -> list[Finding]:
    """What is published for every from-domain that has a key, and for the bounce domain. Asks the DNS; changes nothing.

    `ip` is the address that letters leave from, where it is ours.
    """
    keys: dict[str, list[Path]] = {}
    for path in sorted((settings.key_folder.folder / "dkim").glob("*.*.pem")):
        keys.setdefault(path.stem.rpartition(".")[0], []).append(path)
    if not keys:
        return [Finding("DNS", False, "No domain has a key, so there is nothing to look for. Mend: groundswell dkim new DOMAIN")]
    try:
        findings = [found for domain, paths in keys.items() for found in _domain(domain, paths, settings.bounce_domain, look)]
        findings += _bounces(settings.bounce_domain, ip, look)
        return [*findings, _sending(ip, look)]
    except NoDns as error:
        words = (
            f"No name server answers from here ({error}): nothing is known. Mend: ask where the network is, or --dns-at HOST:PORT"
        )
        return [Finding("DNS", False, words)]


def _domain(domain: str, paths: list[Path], bounce: str, look: Lookup) -> Iterator[Finding]:
    from groundswell.engine.sign import dns_record

    for path in paths:
        selector = path.stem.rpartition(".")[2]
        name, ours = f"{selector}._domainkey.{domain}", dns_record(path.read_bytes())
        yield _dkim(name, "".join(re.findall(r'"([^"]*)"', ours)), ours, look(name, "TXT"))
    yield _dmarc(domain, bounce, look)
    yield _mx(domain, look, "answers to our letters could not arrive", "10 YOUR-MAIL-SERVER.")


def _dkim(name: str, ours: str, record: str, found: list[str]) -> Finding:
    mend = f"Mend: {name}. IN TXT {record}"
    keys = [text for text in found if "p" in _tags(text)]
    if not keys:
        return Finding(f"DKIM {name}", False, f"No key is published: every signature would fail. {mend}")
    if len(keys) > 1:
        return Finding(f"DKIM {name}", False, f"{len(keys)} keys are published under one name; there may be one. {mend}")
    theirs = _tags(keys[0])
    if theirs["p"].replace(" ", "") != _tags(ours)["p"]:
        what = "The key was withdrawn (p is empty)" if not theirs["p"] else "The key published is not the one we sign with"
        return Finding(f"DKIM {name}", False, f"{what}: every signature would fail. {mend}")
    if "y" in theirs.get("t", "").split(":"):
        return Finding(f"DKIM {name}", False, f"It says t=y, for testing: receivers may pass over it. {mend}")
    return Finding(f"DKIM {name}", True, "the key that we sign with")


def _dmarc(domain: str, bounce: str, look: Lookup) -> Finding:
    labels = domain.split(".")
    for at in range(len(labels) - 1):  # RFC 9989: up the tree until a record says something
        place = ".".join(labels[at:])
        found = [text for text in look(f"_dmarc.{place}", "TXT") if re.match(r"v\s*=\s*DMARC1\s*(;|$)", text)]
        if len(found) > 1:
            return Finding(
                f"DMARC {domain}", False, f"_dmarc.{place} has {len(found)} records; receivers then see none. Mend: keep one"
            )
        if found:
            policy = (_tags(found[0]).get("p") or "none").lower()
            if policy not in ("none", "quarantine", "reject"):
                return Finding(
                    f"DMARC {domain}", False, f"_dmarc.{place} has the policy “{policy}”. Mend: p=none, quarantine or reject"
                )
            strict = _tags(found[0]).get("aspf", "r").strip().lower() == "s"
            akin = bounce == domain if strict else _organisation(bounce) == _organisation(domain)
            more = "" if akin else f"; only DKIM counts for it, because {bounce} is not of the same domain"
            return Finding(f"DMARC {domain}", True, f"p={policy} at _dmarc.{place}{more}")
    words = f'Gmail, Yahoo and Microsoft ask for it. Mend: _dmarc.{domain}. IN TXT "v=DMARC1; p=none"'
    return Finding(f"DMARC {domain}", False, f"There is none. {words}")


def _bounces(domain: str, ip: str, look: Lookup) -> Iterator[Finding]:
    yield _mx(domain, look, "bounces would be lost", "10 THIS-HOST.")
    spf = Spf(look)
    found = spf.records(domain)
    name, mend = f"SPF {domain}", f'Mend: {domain}. IN TXT "v=spf1 include:YOUR-RELAY ~all"'
    if not found:
        yield Finding(name, False, f"There is none for the domain of the return path. {mend}")
    elif len(found) > 1:
        yield Finding(name, False, f"{len(found)} records; receivers take them for none. Mend: make them one")
    elif re.search(r"(?:^|\s)\+?all(?:\s|$)", found[0]):
        yield Finding(name, False, "“+all” lets everybody write in your name. Mend: end it with ~all")
    elif not ip:
        verdict = spf.check(domain, "192.0.2.1")
        broken = verdict == "permerror"
        words = (
            "it can't be used: an included record is missing, a term is unknown, or over ten terms ask the DNS. Mend: shorten it"
        )
        yield Finding(name, not broken, words if broken else f"{found[0]} (--ip ADDRESS looks whether your own passes)")
    else:
        verdict = spf.check(domain, ip)
        words = f"{ip}: {verdict}"
        yield Finding(
            name,
            verdict == "pass",
            words if verdict == "pass" else f"{words}. Mend: name it, “ip{6 if ':' in ip else 4}:{ip}”, or your relay",
        )


def _mx(domain: str, look: Lookup, lost: str, example: str) -> Finding:
    rows = look(domain, "MX")
    if any(row.split()[-1] == "." for row in rows):
        return Finding(f"MX {domain}", False, f"It says that it takes no mail (RFC 7505): {lost}. Mend: {domain}. IN MX {example}")
    if rows:
        return Finding(f"MX {domain}", True, ", ".join(row.rstrip(".") for row in rows))
    if look(domain, "A") or look(domain, "AAAA"):
        return Finding(f"MX {domain}", True, "none, so mail goes to the host of that name")
    return Finding(f"MX {domain}", False, f"There is none: {lost}. Mend: {domain}. IN MX {example}")


def _sending(ip: str, look: Lookup) -> Finding:
    if not ip:
        words = (
            "not looked at. Where letters leave from an address of yours: --ip ADDRESS; a provider's own addresses are its business"
        )
        return Finding("PTR", True, words)
    names = look(ip, "PTR")
    if not names:
        return Finding(f"PTR {ip}", False, "The address has no name, and large providers refuse it. Mend: ask your host for one")
    for name in names:
        if ip in (*look(name, "A"), *look(name, "AAAA")):
            return Finding(f"PTR {ip}", True, f"{name}, and back")
    return Finding(
        f"PTR {ip}", False, f"{names[0]} does not lead back to {ip}. Mend: {names[0]}. IN {'AAAA' if ':' in ip else 'A'} {ip}"
    )


def _tags(text: str) -> dict[str, str]:
    return {found[1]: found[2].strip() for part in text.split(";") if (found := _TAG.match(part))}


def _organisation(domain: str) -> str:
    labels = domain.lower().split(".")
    short = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in ("co", "com", "org", "net", "ac", "gov", "ne", "or")
    return ".".join(labels[-3 if short else -2 :])
