"""The embedded form takes the colours of the site it stands on, within what can be read; nothing that was sent is written as it came."""

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.pages.door import looks
from groundswell.pages.petition.embed import embed_script
from tests.axe import axe
from tests.pages.test_door_served import Served, running, served  # noqa: F401 (fixtures)
from tests.stage import NEEDS_CHROMIUM, browsing

_TOKEN = re.compile(r"--(deep|on-deep|paper|lift|wash|ink|quiet): #([0-9a-f]{6})")


@given(accent=st.from_regex(r"[0-9a-fA-F]{6}", fullmatch=True), ground=st.sampled_from(["", *looks.GROUNDS]))
def test_any_accent_is_legible_on_any_ground(accent: str, ground: str) -> None:
    look = looks.asked(f"accent={accent}&ground={ground}")
    sheet = looks.sheet(look, "#8a1c3b").decode()
    schemes = re.findall(r":root \{.*?\}", sheet)
    assert len(schemes) == (2 if ground in ("", "auto") else 1)
    for scheme in schemes:
        told = dict(_TOKEN.findall(scheme))
        for behind in ("paper", "lift", "wash"):
            for letters in ("deep", "ink", "quiet"):
                assert looks.contrast(told[letters], told[behind]) >= 4.5, (letters, behind)
        assert looks.contrast(told["on-deep"], told["deep"]) >= 4.5


@pytest.mark.parametrize(
    "query",
    [
        "accent=red", "accent=%230a5c3", "accent=0a5c36%3B%7D", "ground=black", "radius=25", "radius=-1", "radius=1e9", "radius=%D9%A3",
        "font=Comic%20Sans", "font=system%3Bx", "accent=url(x)", "ground=%3Cscript%3E",
    ],
)  # fmt: skip
def test_what_is_not_ours_is_left_out_and_named(served: Served, query: str) -> None:  # noqa: F811
    plain, page = served.ask("GET", "/a/end-it/embed")[2].decode(), served.ask("GET", f"/a/end-it/embed?{query}")[2].decode()
    name = query.partition("=")[0]
    assert "embed.css" not in page and f"<!-- not understood, so left as it is: {name} -->" in page
    assert page.count("<link") == plain.count("<link") and "script>" not in page.replace("</script>", "")
    assert served.ask("GET", f"/a/end-it/embed.css?{query}")[0] == 404


def test_a_look_is_one_sheet_of_our_own_that_may_be_kept(served: Served) -> None:  # noqa: F811
    status, headers, body = served.ask("GET", "/a/end-it/embed?source=partner-x&font=serif&accent=%23FFCC00&radius=08&ground=light")
    page = body.decode()
    address = "/a/end-it/embed.css?accent=ffcc00&amp;ground=light&amp;radius=8&amp;font=serif"
    assert status == 200 and f'<link rel="stylesheet" href="{address}">' in page and "style=" not in page and "<style" not in page
    assert "unsafe-inline" not in headers["content-security-policy"]
    status, headers, sheet = served.ask("GET", address.replace("&amp;", "&"))
    assert (status, headers["content-type"], headers["cache-control"]) == (200, "text/css; charset=utf-8", "public, max-age=86400")
    text = sheet.decode()
    assert "#ffcc00 became #" in text and "color-scheme: light" in text and "dark" not in text and "--round: 8px" in text
    assert served.ask("GET", address.replace("&amp;", "&"), headers={"if-none-match": headers["etag"]})[0] == 304
    assert served.ask("GET", "/a/none/embed.css?accent=ffcc00")[0] == served.ask("GET", "/a/end-it/embed.css")[0] == 404
    assert "embed.css" not in served.ask("GET", "/a/end-it?accent=ffcc00")[2].decode(), "the page itself keeps the house's look"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def theirs(folder: Path) -> Iterator[str]:
    """Another site, of the pages in `folder`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@NEEDS_CHROMIUM
def test_one_line_dresses_the_form_and_axe_finds_nothing(served: Served, tmp_path: Path) -> None:  # noqa: F811
    address = f"http://127.0.0.1:{served.port}"
    (served.home / "published/a/end-it/embed.js").write_bytes(embed_script(address, "end-it", "End it"))
    wanted: list[tuple[str, Any, str, str]] = [
        ('data-accent="#ffcc00" data-font="rounded" data-radius="0"', "light", "light", "0px"),
        ('data-accent="#ffcc00" data-font="mono" data-radius="24"', "dark", "dark", "24px"),
        ('data-accent="#101080" data-ground="dark"', "light", "dark", "9.6px"),
        ('data-ground="light" data-accent="red" data-radius="99"', "dark", "light", "9.6px"),
    ]
    with browsing() as browser, theirs(tmp_path) as site:
        for number, (said, scheme, ground, radius) in enumerate(wanted):
            (tmp_path / f"{number}.html").write_text(
                f'<!doctype html><html lang="en"><title>Theirs</title><h1>Ours</h1><script src="{address}/a/end-it/embed.js" {said}></script>'
            )
            page = browser.new_page(viewport={"width": 390, "height": 800}, color_scheme=scheme)
            warned: list[str] = []
            page.on("console", lambda message, told=warned: told.append(message.text) if "groundswell" in message.text else None)
            page.goto(f"{site}/{number}.html")
            button = page.frame_locator("iframe").get_by_role("button", name="Sign", exact=True)
            button.wait_for()
            framed = page.frames[1].url
            assert warned == [
                f"groundswell: data-{name} is left out; it should match {rule}"
                for name, rule in (("accent", "/^#?[0-9a-f]{6}$/i"), ("radius", "/^([0-9]|1[0-9]|2[0-4])$/"))
                if number == 3
            ]
            page.goto(framed)
            assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == ground
            assert page.evaluate("getComputedStyle(document.querySelector('form button')).borderRadius") == radius
            field = page.get_by_label("E-mail address").evaluate("field => getComputedStyle(field).borderRadius")
            assert field == (radius if "radius" in said and number < 3 else "8px")
            found = [(fault["id"], fault["nodes"][0]["html"]) for fault in axe(page)]
            assert not found, (said, found)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            if images := os.environ.get("GROUNDSWELL_IMAGES"):
                page.screenshot(path=f"{images}/look-{number}.png", full_page=True)
            page.close()
