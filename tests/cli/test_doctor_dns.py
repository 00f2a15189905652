"""The doctor asks a real name server on loopback what is published, and says what to mend."""

import socket
from pathlib import Path

import pytest

from groundswell.basics.result import Refused
from groundswell.cli import doctor
from groundswell.cli.dns_lookup import resolver
from groundswell.cli.spf import Spf
from groundswell.engine.sign import dns_record, new_ed25519_key, new_key
from groundswell.site.settings import Settings
from tests.cli.dns_server import serving

KEY, ED = new_key(), new_ed25519_key()
DOMAIN, BOUNCE, IP = "news.example.org", "bounce.example.org", "192.0.2.7"
Zone = dict[tuple[str, str], list[str]]


def here(home: Path) -> Settings:
    folder = home / "keys" / "dkim"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{DOMAIN}.gs1.pem").write_bytes(KEY)
    (folder / f"{DOMAIN}.gs2.pem").write_bytes(ED)
    return Settings(data=home, keys=home / "keys", mode="development", bounce_domain=BOUNCE)


def published() -> Zone:
    return {
        (f"gs1._domainkey.{DOMAIN}", "TXT"): [dns_record(KEY)],
        (f"gs2._domainkey.{DOMAIN}", "TXT"): [dns_record(ED)],
        ("_dmarc.example.org", "TXT"): ['"v=DMARC1; p=none; rua=mailto:d@example.org"'],
        (DOMAIN, "MX"): ["10 mx.example.org."],
        (BOUNCE, "MX"): ["10 mx.example.org."],
        (BOUNCE, "TXT"): ['"something else"', '"v=spf1 include:relay.example -all"'],
        ("relay.example", "TXT"): ['"v=spf1 ip4:192.0.2.0/28 ~all"'],
        ("7.2.0.192.in-addr.arpa", "PTR"): ["out.example.org."],
        ("out.example.org", "A"): [IP],
    }


def said(home: Path, zone: Zone, ip: str = IP) -> dict[str, tuple[bool, str]]:
    with serving(zone) as at:
        return {each.name: (each.well, each.words) for each in doctor.published(here(home), at, ip)}


def test_all_is_well_where_all_is_published(home: Path) -> None:
    found = said(home, published())
    assert all(well for well, _ in found.values()), found
    assert set(found) == {
        f"DKIM gs1._domainkey.{DOMAIN}", f"DKIM gs2._domainkey.{DOMAIN}", f"DMARC {DOMAIN}", f"MX {DOMAIN}", f"MX {BOUNCE}",
        f"SPF {BOUNCE}", f"PTR {IP}",
    }  # fmt: skip
    assert "--ip" in said(home, published(), "")["PTR"][1]


@pytest.mark.parametrize(
    ("change", "name", "words"),
    [
        ({(f"gs1._domainkey.{DOMAIN}", "TXT"): []}, "DKIM gs1", "No key is published"),
        ({(f"gs1._domainkey.{DOMAIN}", "TXT"): [dns_record(new_key())]}, "DKIM gs1", "not the one we sign with"),
        ({(f"gs1._domainkey.{DOMAIN}", "TXT"): ['"v=DKIM1; p="']}, "DKIM gs1", "withdrawn"),
        ({(f"gs1._domainkey.{DOMAIN}", "TXT"): [dns_record(KEY), dns_record(ED)]}, "DKIM gs1", "2 keys"),
        ({(f"gs2._domainkey.{DOMAIN}", "TXT"): [dns_record(ED).replace("p=", "t=y; p=")]}, "DKIM gs2", "testing"),
        ({("_dmarc.example.org", "TXT"): []}, "DMARC", "There is none"),
        ({("_dmarc.example.org", "TXT"): ['"v=DMARC1; p=none"', '"v=DMARC1; p=reject"']}, "DMARC", "2 records"),
        ({("_dmarc.example.org", "TXT"): ['"v=DMARC1; p=perhaps"']}, "DMARC", "perhaps"),
        ({(BOUNCE, "MX"): []}, f"MX {BOUNCE}", "bounces would be lost"),
        ({(DOMAIN, "MX"): ["0 ."]}, f"MX {DOMAIN}", "takes no mail"),
        ({(BOUNCE, "TXT"): []}, "SPF", "There is none"),
        ({(BOUNCE, "TXT"): ['"v=spf1 +all"']}, "SPF", "everybody"),
        ({(BOUNCE, "TXT"): ['"v=spf1 -all"', '"v=spf1 ~all"']}, "SPF", "2 records"),
        ({("relay.example", "TXT"): ['"v=spf1 ip4:198.51.100.0/24 ~all"']}, "SPF", "fail. Mend: name it"),
        ({("relay.example", "TXT"): []}, "SPF", "permerror"),
        ({("7.2.0.192.in-addr.arpa", "PTR"): []}, "PTR", "no name"),
        ({("out.example.org", "A"): ["192.0.2.8"]}, "PTR", "does not lead back"),
    ],
)
def test_what_is_wrong_is_named_with_its_mend(home: Path, change: Zone, name: str, words: str) -> None:
    found = said(home, {**published(), **change})
    wrong = {key: text for key, (well, text) in found.items() if not well}
    assert len(wrong) == 1, wrong
    (key, text), = wrong.items()  # fmt: skip
    assert key.startswith(name) and words in text and "Mend: " in text


def test_no_name_server_and_no_key_are_said_plainly(home: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as nobody:
        nobody.bind(("127.0.0.1", 0))
        from groundswell.cli import doctor_dns

        asking = resolver(f"127.0.0.1:{nobody.getsockname()[1]}", seconds=0.3)
        (finding,) = doctor_dns.examine(here(home), asking, IP)
    assert not finding.well and "No name server answers" in finding.words
    for path in (home / "keys" / "dkim").iterdir():
        path.unlink()
    (finding,) = doctor_dns.examine(Settings(data=home, keys=home / "keys", mode="development"), asking, IP)
    assert "groundswell dkim new" in finding.words
    for wrong in ("nonsense:x", "not an address"):
        with pytest.raises(Refused):
            resolver(wrong)
    with pytest.raises(Refused):
        doctor.published(here(home), "127.0.0.1:53", "not an address")


@pytest.mark.parametrize(
    ("record", "ip", "verdict"),
    [
        ("v=spf1 a -all", "192.0.2.1", "pass"),
        ("v=spf1 a/24 -all", "192.0.2.200", "pass"),
        ("v=spf1 mx:other.example ?all", "192.0.2.9", "neutral"),
        ("v=spf1 mx -all", "192.0.2.2", "pass"),
        ("v=spf1 ip6:2001:db8::/32 -all", "2001:db8::5", "pass"),
        ("v=spf1 redirect=_spf.example", "192.0.2.3", "pass"),
        ("v=spf1 nonsense -all", "192.0.2.3", "permerror"),
        ("v=spf1 ip4:nonsense -all", "192.0.2.3", "permerror"),
        ("v=spf1 include:x.example -all", "192.0.2.3", "permerror"),
        ("v=spf1 " + "a:none.example " * 11 + "-all", "192.0.2.3", "permerror"),
        ("v=spf1 include:d.example -all", "192.0.2.3", "permerror"),
        ("v=spf1 exp=e.example ~all", "192.0.2.3", "softfail"),
    ],
)
def test_spf_is_read_as_receivers_read_it(record: str, ip: str, verdict: str) -> None:
    zone = {
        ("d.example", "TXT"): [record], ("d.example", "A"): ["192.0.2.1"], ("d.example", "MX"): ["10 m.example."],
        ("m.example", "A"): ["192.0.2.2"], ("_spf.example", "TXT"): ["v=spf1 ip4:192.0.2.3 -all"],
    }  # fmt: skip
    assert Spf(lambda name, kind: zone.get((name, kind), [])).check("d.example", ip) == verdict
