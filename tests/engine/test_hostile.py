"""Hostile values: each comes back exactly as it went in, and never as a header, a line or a tag of its own.

The suite tries two thousand letters, two values each, always the same; `GROUNDSWELL_HOSTILE=10000` tries them all.
"""

import email
import email.policy
import html
import os
import random
from datetime import UTC, datetime
from html.parser import HTMLParser

from groundswell.basics.names import readable
from groundswell.engine.compile import compile_appeal
from groundswell.engine.mime import flat
from groundswell.engine.render import Prepared
from tests.engine.test_letter import ACTION, SENDER, SOURCES, parsed, recipient

HOSTILE = int(os.environ.get("GROUNDSWELL_HOSTILE", "2000"))
DATE = datetime(2026, 11, 24, 9, tzinfo=UTC)
APPEAL = """---
subject: {{ first_name | "Friend" }}: news of {{ region | "your town" }}
---
{{ first_name | "Friend" }},

Begin {{ region | "your town" }} end

.{{ region | "your town" }}

::: ask
Ask for {{ first_name | upper | "the end" }}
:::
"""
PIECES = (
    "\r\n", "\n", "\r", "\r\nBcc: x@evil.example", "\n\n<html>", "=?utf-8?q?=42cc?=", "=?utf-8?b?", "?=", '"', "'", "\\", "<script>",
    "</a>", "<img src=x onerror=1>", "&amp;", "&", "<!--", "]]>", "{{ first_name }}", "{% if %}", "\u202e", "\u2066", "مرحبا", "שלום",
    "👩‍👩‍👧‍👦", "🏳️‍🌈", "é", "e\u0301", "ß", "\u2028", "\u2029", "\x85", "\x00", "\x1b[31m", "\t", " ", "  ", ".", "..", "\r\n.\r\n", "From ", "=", "=20",
    "=\r\n", "--", "--=_", "Subject: x", "javascript:alert(1)", "%s", "${x}", "\ud7ff", "\uffff", "a" * 80, "Ada", "李小龍", "O'Neill", "Zoë",
)  # fmt: skip


class Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def hostile(chance: random.Random) -> str:
    value = "".join(chance.choice(PIECES) for _ in range(chance.randint(1, 8)))
    return value * chance.randint(200, 800) if chance.random() < 0.004 else value


def test_hostile_values_by_the_thousand() -> None:
    letter = compile_appeal(APPEAL, sender=SENDER, sources=SOURCES, action=ACTION).letter
    assert letter is not None
    prepared = Prepared(letter)
    plain = parsed(prepared.render(recipient("Ada"), date=DATE))
    headers, tags = plain[0].keys(), Tags(plain[1]).tags
    chance = random.Random(8058)
    for number in range(HOSTILE):
        name, place = hostile(chance), hostile(chance)
        to = recipient(name)
        to.fields = {"first_name": name, "region": place}
        raw = prepared.render(to, date=DATE)
        assert raw.isascii() and b"\n" not in raw.replace(b"\r\n", b"") and b"\r" not in raw.replace(b"\r\n", b"")
        assert max(map(len, raw.split(b"\r\n"))) <= 100, number
        assert b"\r\n." not in raw and b"\r\nFrom " not in raw
        message = email.message_from_bytes(raw, policy=email.policy.default)
        page, text = message.get_body(("html",)).get_content(), message.get_body(("plain",)).get_content()
        shown_name = readable(name) or "Friend"
        shown_place = flat(place) if flat(place).strip() else "your town"
        assert message.keys() == headers, name
        assert " ".join(str(message["Subject"]).split()) == " ".join(f"{shown_name}: news of {shown_place}".split()), (name, place)
        lines = text.replace("\r\n", "\n").split("\n")
        assert lines[0] == f"{shown_name},"
        assert lines[2] == f"Begin {shown_place} end" and lines[4] == f".{shown_place}"
        found = Tags(page)
        assert found.tags == tags, (name, place)
        assert html.escape(shown_place) in page
        if chance.random() < 0.02:
            assert f"Begin {shown_place} end" in "".join(found.words)
