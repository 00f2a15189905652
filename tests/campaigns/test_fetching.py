"""Sources fetched from the web: kept as they were answered, within limits, and never from inside our own network."""

import hashlib
import threading
from collections.abc import Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from groundswell.basics.result import Refused
from groundswell.campaigns import evidence, operations, queries
from groundswell.campaigns.fetching import fetch, public_only
from groundswell.campaigns.gist import gist_of
from groundswell.campaigns.models import CopyCheck, Evidence, RecordSource
from tests.campaigns.facts import campaign, entry

AGENT = "Groundswell-record/0 (+https://act.example.org)"
PAGE = "<!doctype html><html><head><title>T</title></head><body><p>We will not sell it.</p><script>{}</script></body></html>"


class Site:
    """A web server on loopback, and what it answers."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.seen: list[str] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.seen.append(self.headers.get("User-Agent", ""))
                if self.path == "/drip":
                    self.send_response(200)
                    self.end_headers()
                    try:
                        while not site.over.wait(0.05):
                            self.wfile.write(b".")
                    except OSError:
                        return
                    return
                status, headers, body = site.answers[self.path]
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.over = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.over.set()
    made.server.shutdown()
    made.server.server_close()


def opened(host: str, port: int) -> str:
    """The guard, open for this test's own server only."""
    return "127.0.0.1" if host == "127.0.0.1" else public_only(host, port)


def source_of(url: str, now: datetime) -> int:
    operations.enter(
        campaign_id=campaign(now), entry=entry(sources=[{"publisher": "P", "title": "T", "url": url}]), now=now
    )  # fmt: skip
    return int(RecordSource.objects.get().pk)


def fetched(source: int, home: Path, now: datetime) -> tuple[str, str]:
    return operations.fetch_copy(source_id=source, folder=home, user_agent=AGENT, now=now, guard=opened)


@pytest.mark.django_db
def test_a_page_is_kept_as_it_was_answered_and_compared_by_its_words(site: Site, home: Path, now: datetime) -> None:
    source = source_of(f"{site.base}/a?x=1", now)
    site.answers["/a?x=1"] = (200, {"Content-Type": "text/html"}, PAGE.format("token=1").encode())
    assert fetched(source, home, now)[0] == "first" and site.seen == [AGENT]
    kept = Evidence.objects.get()
    raw = evidence.path_of(kept.sha256, home).read_bytes()
    assert kept.form == "warc" and raw.startswith(b"WARC/1.1\r\nWARC-Type: response\r\n") and raw.endswith(b"\r\n\r\n")
    head, _, rest = raw.partition(b"\r\n\r\n")
    length = int(head.partition(b"Content-Length: ")[2])
    assert len(rest) == length + 4 and f"WARC-Target-URI: {site.base}/a?x=1".encode() in head
    assert rest.startswith(b"HTTP/1.1 200 OK\r\n") and b"token=1" in rest
    site.answers["/a?x=1"] = (200, {"Content-Type": "text/html"}, PAGE.format("token=2").encode())
    assert fetched(source, home, now)[0] == "same", "a token that changes with every visit is no news"
    site.answers["/a?x=1"] = (200, {}, PAGE.replace("not ", "").format("").encode())
    assert fetched(source, home, now)[0] == "differs" and Evidence.objects.count() == 3
    assert queries.entry_named("e1").sources[0].look == "differs"  # type: ignore[union-attr]


@pytest.mark.django_db
def test_a_file_that_was_uploaded_is_the_same_when_it_is_fetched(site: Site, home: Path, now: datetime) -> None:
    source, pdf = source_of(f"{site.base}/a.pdf", now), b"%PDF-1.7 " + b"x" * 5000
    sha256 = operations.keep_copy([pdf], file_name="a.pdf", folder=home, now=now)
    assert operations.check_copy(source_id=source, sha256=sha256, now=now) == "first"
    site.answers["/a.pdf"] = (200, {"Content-Type": "application/pdf"}, pdf)
    assert fetched(source, home, now)[0] == "same"
    assert Evidence.objects.get(form="warc").gist == hashlib.sha256(pdf).hexdigest() == sha256


@pytest.mark.django_db
def test_an_address_that_is_gone_or_has_moved_is_noted_and_one_that_is_busy_is_not(site: Site, home: Path, now: datetime) -> None:
    source = source_of(f"{site.base}/a", now)
    site.answers["/a"] = (503, {}, b"later")
    assert fetched(source, home, now)[0] == "unreached" and not CopyCheck.objects.exists()
    site.answers["/a"] = (404, {}, b"")
    assert fetched(source, home, now) == ("gone", "answered 404")
    assert queries.entry_named("e1").sources[0].look == "gone"  # type: ignore[union-attr]
    site.answers["/a"], site.answers["/b"] = (301, {"Location": "/b"}, b""), (200, {}, b"words")
    assert fetched(source, home, now) == ("first", f"moved to {site.base}/b")
    view = queries.entry_named("e1").sources[0]  # type: ignore[union-attr]
    assert (view.look, view.look_words) == ("moved", f"{site.base}/b")
    site.answers["/a"] = (302, {"Location": "/b"}, b"")
    assert fetched(source, home, now) == ("same", "5 bytes"), "sent on for once is not moved"


@pytest.mark.parametrize("url", [
    "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://10.0.0.1/", "http://192.168.1.1/", "http://169.254.169.254/x",
    "http://[::ffff:127.0.0.1]/", "http://0.0.0.0/", "http://100.64.0.1/", "http://[fe80::1]/", "http://[64:ff9b::a00:1]/",
    "http://[2002:a00:1::]/", "http://224.0.0.1/", "http://2130706433/",
    "https://93.184.216.34:8443/", "ftp://example.org/", "file:///etc/passwd", "http://user:secret@93.184.216.34/", "http://93.184.216.34/a b",
    "http://93.184.216.34/\r\nX: y", "http://", "http://x:0/", "http://x:99999/",
])  # fmt: skip
def test_nothing_inside_our_own_network_is_asked(url: str, now: datetime) -> None:
    with pytest.raises(Refused) as refused:
        fetch(url, user_agent=AGENT, now=now)
    assert "secret" not in str(refused.value)


def test_a_redirect_can_not_lead_inside_either(site: Site, now: datetime) -> None:
    site.answers["/out"] = (302, {"Location": "http://169.254.169.254/latest/meta-data"}, b"")
    with pytest.raises(Refused, match="private network"):
        fetch(f"{site.base}/out", user_agent=AGENT, now=now, guard=opened)
    site.answers["/round"] = (302, {"Location": "/round"}, b"")
    assert fetch(f"{site.base}/round", user_agent=AGENT, now=now, guard=opened).result == "unreached"


def test_what_is_too_large_or_comes_a_byte_now_and_then_is_let_go(site: Site, now: datetime) -> None:
    site.answers["/large"] = (200, {}, b"x" * (2**20 + 1))
    with pytest.raises(Refused, match="larger than 1 MB"):
        fetch(f"{site.base}/large", user_agent=AGENT, now=now, guard=opened, most=2**20)
    with pytest.raises(Refused, match="longer than"):
        fetch(f"{site.base}/drip", user_agent=AGENT, now=now, guard=opened, seconds=0.5)


def test_a_page_without_words_or_with_an_open_head_is_still_compared(home: Path) -> None:
    def gist(text: str) -> str:
        (home / "x").write_text(text)
        with (home / "x").open("rb") as held:
            return gist_of(held)

    assert gist("<html><head><body>one") != gist("<html><head><body>two")
    assert gist("<html><body><img src=1>") != gist("<html><body><img src=2>")
    assert gist("<!DOCTYPE html><p>a  b<style>x</style>") == gist("<!doctype html>\n<p>a\nb<style>y</style>")
