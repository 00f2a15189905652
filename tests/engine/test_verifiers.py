"""Letters as the world's own verifiers read them. Each test says which one ran; one that is not installed is skipped by name."""

import json
import os
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import dkim
import html5lib
import pytest

from groundswell.engine.compile import compile_appeal
from groundswell.engine.local import Local, LocalFact
from groundswell.engine.message import Letter, Picture
from groundswell.engine.render import Prepared
from groundswell.engine.sign import Signer, dns_record, new_ed25519_key
from tests.engine.test_letter import ACTION, APPEAL, KEY, SENDER, SOURCES, compiled, parsed, recipient

DEMO = Path(__file__).parents[2] / "src" / "groundswell" / "demo" / "appeal.md"
PATH = os.environ.get("PATH", "") + ":/usr/sbin"
OF_MAIL = "no-deprecated-attr"
"""The one rule of html-validate that a letter can't keep: Outlook draws tables by their attributes, not by CSS."""
ED25519 = new_ed25519_key()
_PERL = r"""
package Stub; sub new { bless {}, shift }
sub query { my ($s, $name) = @_; $s->send($name) } sub errorstring { "NOERROR" } sub udp_timeout {} sub tcp_timeout {}
sub send { my ($s, $name) = @_; my $p = Net::DNS::Packet->new($name, "TXT", "IN");
  my ($sel) = split /\./, $name; open my $f, "<", "$ARGV[0]/$sel" or return $p; local $/; my $t = <$f>; chomp $t;
  $p->push(answer => Net::DNS::RR->new(name => $name, type => "TXT", ttl => 1, txtdata => [unpack "(A255)*", $t])); $p }
package main; use Net::DNS; use Mail::DKIM::Verifier; use Mail::DKIM::DNS;
Mail::DKIM::DNS::resolver(Stub->new); my $v = Mail::DKIM::Verifier->new; local $/; my $m = <STDIN>; $v->PRINT($m); $v->CLOSE;
print join " ", map { $_->result } $v->signatures;
"""


def record(pem: bytes) -> str:
    return "".join(re.findall(r'"([^"]*)"', dns_record(pem)))


def demo_letter() -> Letter:
    """The demo's own appeal, with stand-ins for the record's entries."""
    source = DEMO.read_text(encoding="utf-8")
    sources = dict.fromkeys(re.findall(r"\[\^([^\]]+)\]", source), SOURCES["a"])
    letter = compile_appeal(source, sender=SENDER, sources=sources, action=ACTION).letter
    assert letter is not None
    return letter


def signed(letter: Letter, *, both: bool = False) -> bytes:
    signers = [Signer("news.example.org", "gs1", KEY)] + ([Signer("news.example.org", "gs2", ED25519)] if both else [])
    to = recipient("Zoë")
    to.links = {position: f"https://act.example.org/a/x?t={position}" for position in letter.positions}
    return Prepared(letter, signers).render(to, date=datetime.now(UTC))


def program(name: str) -> str:
    found = shutil.which(name, path=PATH)
    if found is None:
        pytest.skip(f"{name} is not installed")
    print(f"verifier: {found}")
    return found


def test_dkimpy_takes_it() -> None:
    raw = signed(demo_letter())
    assert dkim.verify(raw, dnsfunc=lambda name, timeout=5: record(KEY).encode())
    assert not dkim.verify(raw.replace(b"pause", b"PAUSE", 1), dnsfunc=lambda name, timeout=5: record(KEY).encode())


@pytest.mark.parametrize("both", [False, True])
def test_opendkim_takes_one_signature_and_two(both: bool, tmp_path: Path) -> None:
    opendkim = program("opendkim")
    (tmp_path / "letter.eml").write_bytes(signed(demo_letter(), both=both))
    (tmp_path / "dns").write_text(
        f"gs1._domainkey.news.example.org {record(KEY)}\ngs2._domainkey.news.example.org {record(ED25519)}\n"
    )
    (tmp_path / "conf").write_text(f"TestDNSData {tmp_path}/dns\nMode v\nSocket inet:8891@127.0.0.1\n")
    command = [opendkim, "-x", str(tmp_path / "conf"), "-t", str(tmp_path / "letter.eml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    assert "succeeded" in said and "failed" not in said, f"OpenDKIM said: {said}"


def test_mail_dkim_takes_it(tmp_path: Path) -> None:
    perl = program("perl")
    if subprocess.run([perl, "-MMail::DKIM::Verifier", "-MNet::DNS", "-e", "1"], capture_output=True, check=False).returncode:
        pytest.skip("Mail::DKIM is not installed")
    (tmp_path / "gs1").write_text(record(KEY))
    done = subprocess.run([perl, "-e", _PERL, str(tmp_path)], input=signed(demo_letter()), capture_output=True, check=False)
    assert done.stdout == b"pass", f"Mail::DKIM said: {done.stdout!r} {done.stderr[-500:]!r}"


def test_spamassassin_gives_our_form_no_points(tmp_path: Path) -> None:
    """Local tests only. Points are for the letter's form; that it came over no network is the test's own doing."""
    assassin = program("spamassassin")
    letter = demo_letter()
    to = recipient("Zoë")
    to.links = {position: f"https://act.example.org/a/x?t={position}{'a' * 60}" for position in letter.positions}
    to.message_id = f"<{'m5' * 20}@news.example.org>"
    raw = Prepared(letter, Signer("news.example.org", "gs1", KEY)).render(to, date=datetime.now(UTC))
    environment = {**os.environ, "HOME": str(tmp_path)}
    done = subprocess.run([assassin, "-L", "-t"], input=raw, capture_output=True, env=environment, check=False, timeout=120)
    report = done.stdout.decode(errors="replace")
    points = {name: float(score) for score, name in re.findall(r"^\s*(-?\d+\.\d) ([A-Z][A-Z0-9_]+) ", report, re.MULTILINE)}
    assert "HTML_MESSAGE" in points, f"SpamAssassin said: {report[-800:]}"
    assert {name: score for name, score in points.items() if score > 0} == {}


@pytest.mark.parametrize("layout", ["plain", "header"])
@pytest.mark.parametrize("language", ["en", "ar", "de"])
def test_the_html_is_html(layout: str, language: str) -> None:
    """html5lib, strict: the first parse error of the HTML standard ends it."""
    letter = compiled(APPEAL.replace("preview:", f"layout: {layout}\npreview:"), language=language)
    _, html, _ = parsed(Prepared(letter).render(recipient(), date=datetime.now(UTC)))
    document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    ids = [element.get("id") for element in document.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for link in document.iter("a"):
        address = link.get("href")
        assert address.startswith(("https://", "mailto:")) or address[1:] in ids
        assert "".join(link.itertext()).strip() or link.get("aria-label")
    assert all(picture.get("alt") for picture in document.iter("img"))
    assert document.get("lang") == language and document.get("dir") == ("rtl" if language == "ar" else "ltr")
    assert ("direction: ltr" in html) == (language != "ar")


@pytest.mark.parametrize("kind", ["demo", "header", "rtl", "picture and place"])
def test_html_validate_finds_nothing(kind: str, tmp_path: Path) -> None:
    """html-validate by the HTML standard, for every layout, and for what authors may put in."""
    validator = program("html-validate")
    if kind == "demo":
        letter = demo_letter()
    elif kind == "picture and place":
        appeal = APPEAL.replace("As said.", '![Our logo](cid:logo) - {{ supply | "Many have it." }}\n\n- one\n- two\n\n> said')
        letter = compiled(
            appeal, pictures={"logo": Picture("logo", "image/png", b"x")},
            local={"supply": Local((("region",),), {"ca": LocalFact("Yours & “theirs”.", "Post", "https://p.example/?a=1&b")})},
        )  # fmt: skip
    else:
        letter = compiled(APPEAL.replace("preview:", "layout: header\npreview:"), language="ar" if kind == "rtl" else "en")
    to = recipient("Zoë")
    to.fields = {**to.fields, "region": "CA"}
    to.links = {position: f"https://act.example.org/a/x?t={position}" for position in letter.positions}
    _, html, _ = parsed(Prepared(letter).render(to, date=datetime.now(UTC)))
    (tmp_path / "letter.html").write_text(html, newline="\n")
    (tmp_path / ".htmlvalidate.json").write_text(
        json.dumps({"root": True, "extends": ["html-validate:standard"], "rules": {OF_MAIL: "off"}})
    )
    done = subprocess.run([validator, "letter.html"], capture_output=True, text=True, check=False, cwd=tmp_path, timeout=60)
    assert done.returncode == 0, f"html-validate said: {done.stdout[-2000:]} {done.stderr[-500:]}"
