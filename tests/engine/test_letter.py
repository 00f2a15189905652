"""The letter says what its author meant, to the person it is for, and nobody can make it say more."""

import email
import email.policy
import re
from dataclasses import replace
from datetime import UTC, datetime

import dkim
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.basics.ids import DeliveryId
from groundswell.basics.names import readable
from groundswell.engine.compile import compile_appeal
from groundswell.engine.message import Action, Letter, Recipient, Sender, SourceNote
from groundswell.engine.render import Prepared, preview
from groundswell.engine.sign import Signer, dns_record, new_key

SENDER = Sender(
    "Lucía Romero", "and the team", "Common Ground", "lucia@news.example.org", "answers@news.example.org", "list.example.org",
    "cground", "1 Example St\nTown", "You asked us to write.", "https://act.example.org/privacy", "https://act.example.org",
)  # fmt: skip
SOURCES = {
    "a": SourceNote("a", "Paper", "First title", "https://paper.example/1", "2021-05-18"),
    "b": SourceNote("b", "Agency", "Second & last", "https://agency.example/2"),
}
ACTION = Action(7, "/a/end-it", 10, 100)
APPEAL = """---
subject: Only a pause, “still”
preview: Ask for the end
---
{{ first_name | "Friend" }},

On 18 May 2021 the company said so.[^a] It is *only* a pause — nothing more.[^b] As said.[^a]

::: ask
Ask for the end
:::

::: ps
Ask **once** more
:::

Thanks,
"""
KEY = new_key()
DATE = datetime(2026, 11, 24, 9, tzinfo=UTC)


def compiled(appeal: str = APPEAL, **changes: object) -> Letter:
    result = compile_appeal(appeal, sender=SENDER, sources=SOURCES, action=ACTION, **changes)  # type: ignore[arg-type]
    assert result.letter is not None, result.problems
    return result.letter


def recipient(name: str | None = "Ada") -> Recipient:
    links = {"body-1": "https://act.example.org/a/x?t=one", "ps": "https://act.example.org/a/x?t=two"}
    return Recipient(
        DeliveryId(5), "ada@example.org", {"first_name": name}, links, "https://act.example.org/u/tok",
        "u+tok@bounce.example.org", "b+tok@bounce.example.org", "<m5@news.example.org>",
    )  # fmt: skip


def parsed(raw: bytes) -> tuple[email.message.EmailMessage, str, str]:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    return message, message.get_body(("html",)).get_content(), message.get_body(("plain",)).get_content()


def test_a_letter_survives_the_database() -> None:
    letter = compiled()
    assert Letter.from_json(letter.to_json()) == letter


def test_both_parts_say_the_same_in_the_same_order() -> None:
    _, html, text = parsed(Prepared(compiled(), None).render(recipient(), date=DATE))
    for part in (html, text):
        order = [part.index(mark) for mark in ("Ada", "t=one", "Lucía Romero", "P.S.", "First title", "1 Example St")]
        assert order == sorted(order)
    assert "company said so.[1]" in text and "nothing more.[2]" in text and "As said.[1]" in text
    assert html.count('id="note-1"') == 1 and 'href="#note-2"' in html


def test_each_ask_has_its_own_link() -> None:
    _, html, text = parsed(Prepared(compiled(), None).render(recipient(), date=DATE))
    assert "t=one" in html and "t=two" in html and text.index("t=one") < text.index("t=two")


@pytest.mark.parametrize("name", [None, ""])
def test_nobody_is_greeted_with_nothing(name: str | None) -> None:
    _, html, text = parsed(Prepared(compiled(), None).render(recipient(name), date=DATE))
    assert text.startswith("Friend,") and "Friend," in html


def test_dkim_verifies_and_covers_one_click() -> None:
    raw = Prepared(compiled(), Signer("news.example.org", "gs1", KEY)).render(recipient(), date=DATE)
    record = "".join(re.findall(r'"([^"]*)"', dns_record(KEY))).encode()
    assert dkim.verify(raw, dnsfunc=lambda name, timeout=5: record)
    assert b"list-unsubscribe-post" in raw[: raw.index(b"\r\nDate:")]
    broken = raw.replace(b"only", b"ONLY", 1)
    assert not dkim.verify(broken, dnsfunc=lambda name, timeout=5: record)
    twice = raw.replace(b"\r\nSubject:", b"\r\nSubject: forged\r\nSubject:", 1)
    assert not dkim.verify(twice, dnsfunc=lambda name, timeout=5: record)


def test_the_form_that_receivers_ask_for() -> None:
    raw = Prepared(compiled(), Signer("news.example.org", "gs1", KEY)).render(recipient(), date=DATE)
    message, html, _ = parsed(raw)
    assert raw.isascii() and max(map(len, raw.split(b"\r\n"))) <= 100
    assert b"\n" not in raw.replace(b"\r\n", b"") and b"\r\n." not in raw
    for name in ("From", "To", "Date", "Subject", "Message-ID", "Reply-To", "List-ID", "Feedback-ID", "List-Unsubscribe"):
        assert len(message.get_all(name)) == 1, name
    assert message["List-Unsubscribe"] == "<https://act.example.org/u/tok>, <mailto:u+tok@bounce.example.org>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Subject"] == "Only a pause, “still”" and message["From"].addresses[0].display_name.startswith("Lucía")
    assert message["Bcc"] is None and message["Return-Path"] is None
    assert not re.search(r"<(?:script|link|img|iframe)|@import|googleapis", html)


def test_a_thank_you_is_automatic_mail_without_a_list() -> None:
    message, _, _ = parsed(Prepared(replace(compiled(), kind="thanks"), None).render(recipient(), date=DATE))
    assert message["Auto-Submitted"] == "auto-generated" and message["List-Unsubscribe"] is None


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Co"]), min_size=1, max_size=400))
def test_a_hostile_name_stays_a_name(name: str) -> None:
    appeal = APPEAL.replace("Only a pause", '{{ first_name | "Friend" }}, only a pause')
    prepared = Prepared(compiled(appeal), None)
    plain = parsed(prepared.render(recipient("Ada"), date=DATE))
    message, html, text = parsed(prepared.render(recipient(name), date=DATE))
    assert list(message.keys()) == list(plain[0].keys())
    assert text.startswith(f"{readable(name) or 'Friend'},")
    assert html.count("<") == plain[1].count("<")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("subject: Only a pause, “still”", "preview2: x"), "subject-missing"),
        (('{{ first_name | "Friend" }}', "{{ first_name }}"), "fallback-missing"),
        (('{{ first_name | "Friend" }}', '{{ first_name | "" }}'), "fallback-missing"),
        (('{{ first_name | "Friend" }}', "{{ settings.SECRET_KEY }}"), "field-unknown"),
        (('{{ first_name | "Friend" }}', "{{ first_name"), "field-unclosed"),
        (("[^b]", "[^nothing]"), "source-unknown"),
        (("::: ps\nAsk **once** more\n:::", "::: ps\nAsk"), "block-open"),
        (("::: ask", "::: script"), "block-unknown"),
        (("Thanks", "Thanks \ue000unsubscribe\ue001"), "private-character"),
        (("---\n{{", "{{"), "front-matter-open"),
    ],
)
def test_what_is_wrong_is_said_before_anyone_is_mailed(change: tuple[str, str], code: str) -> None:
    result = compile_appeal(APPEAL.replace(*change), sender=SENDER, sources=SOURCES, action=ACTION)
    assert result.letter is None
    assert code in {problem.code for problem in result.errors}


def test_no_letter_leaves_without_its_footer() -> None:
    result = compile_appeal(APPEAL, sender=replace(SENDER, postal_address=" "), sources=SOURCES, action=ACTION)
    assert [problem.code for problem in result.errors] == ["footer"]


def test_advice_is_given_and_is_no_wall() -> None:
    long = " ".join(["word"] * 120)
    appeal = f"---\nsubject: Re: hello\n---\nIn 2019 it was announced. {long}\n\n::: ask\nDo\n:::\n\n{long} {long}\n"
    result = compile_appeal(appeal, sender=SENDER, sources=SOURCES, action=ACTION)
    assert result.letter is not None
    assert {problem.code for problem in result.problems} >= {
        "subject-false-reply", "ask-late", "claim-unsourced", "ps-missing", "long", "sentence-long",
    }  # fmt: skip


def test_a_right_to_left_letter_says_so() -> None:
    assert any('dir="rtl"' in piece for piece in compiled(language="ar").html if isinstance(piece, str))
    page = "".join(piece for piece in compiled(language="ar").html if isinstance(piece, str))
    assert "“<bdi>First title</bdi>”" in page and "<bdi>You asked us to write.</bdi>" in page
    assert not any("<bdi>" in piece for piece in compiled().html if isinstance(piece, str))


def test_preview_fills_fallbacks() -> None:
    html, text = preview(compiled(), {"link:body-1": "https://x.example/?a=1&b=2"})
    assert text.startswith("Friend,") and "a=1&amp;b=2" in html
