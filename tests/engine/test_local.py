"""What a letter says of the reader's own place: true there, with its source, and nothing but words wherever it comes from."""

from datetime import UTC, datetime

import pytest

from groundswell.engine.compile import Compiled, compile_appeal
from groundswell.engine.local import Local, LocalFact, place_key
from groundswell.engine.message import Letter
from groundswell.engine.render import Prepared, preview
from tests.engine.test_letter import ACTION, SENDER, SOURCES, parsed, recipient

DATE = datetime(2026, 11, 24, 9, tzinfo=UTC)
ASK = "::: ask\nDo it\n:::"
FIELD = '{{ supply | "Many towns have it." }}'
KNOWN = Local(
    (("country", "region"),),
    {
        place_key("US", "CA"): LocalFact(
            "Bay Police have “Facey” & more.", "The Bay Post", "https://bay.example/1?a=1&b=2", "2021-05-18"
        )
    },
)


def letter_of(body: str, local: Local = KNOWN, head: str = "subject: S") -> Compiled:
    return compile_appeal(
        f"---\n{head}\n---\n{body}\n\n{ASK}\n", sender=SENDER, sources=SOURCES, action=ACTION, local={"supply": local}
    )


def read_by(result: Compiled, **facts: str | None) -> tuple[str, str, list[str]]:
    assert result.letter is not None, result.problems
    to = recipient()
    to.fields = {**to.fields, **facts}
    message, html, text = parsed(Prepared(result.letter).render(to, date=DATE))
    return html, text.replace("\r\n", "\n"), list(message.keys())


def test_a_reader_of_the_place_reads_it_with_its_source_and_others_the_fallback() -> None:
    result = letter_of(f"Look: {FIELD} So act.")
    html, text, _ = read_by(result, country="us", region=" ca ")
    link = '<a href="https://bay.example/1?a=1&amp;b=2"'
    assert "Look: Bay Police have “Facey” &amp; more. (<a" in html.replace("\n", " ") and link in html
    assert text.startswith(
        "Look: Bay Police have “Facey” & more. (The Bay Post, 2021-05-18: <https://bay.example/1?a=1&b=2>) So act."
    )
    for facts in ({}, {"country": "US"}, {"country": "US", "region": "NY"}, {"country": None, "region": "CA"}):
        html, text, _ = read_by(result, **facts)
        assert text.startswith("Look: Many towns have it. So act.") and "bay.example" not in html + text
    assert result.letter is not None and result.letter.needs_facts and result.letter.facts == {"country", "region"}


def test_a_sent_letter_keeps_what_it_said_and_a_preview_shows_it() -> None:
    result = letter_of(FIELD)
    assert result.letter is not None
    kept = Letter.from_json(result.letter.to_json())
    assert kept == result.letter
    assert "Bay Police" in preview(kept, {"country": "US", "region": "CA"})[1]
    assert "Many towns" in preview(kept, {})[0]
    assert not compile_appeal(
        f"---\nsubject: S\n---\n{ASK}", sender=SENDER, sources=SOURCES, action=ACTION, local={"supply": KNOWN}
    ).letter.local  # type: ignore[union-attr]


def test_a_town_before_its_region() -> None:
    table = Local((("region", "postcode_area"), ("region",)), {
        place_key("CA", "94"): LocalFact("Your town has it.", "A", "https://a.example/"),
        place_key("CA"): LocalFact("Your state has it.", "B", "https://b.example/"),
    })  # fmt: skip
    result = letter_of(FIELD, table)
    assert read_by(result, region="CA", postcode_area="94")[1].startswith("Your town has it.")
    assert read_by(result, region="CA", postcode_area="95")[1].startswith("Your state has it.")


@pytest.mark.parametrize(
    "words", ["</p><script>x</script>", "a\r\nBcc: x@evil.example", "{{ first_name }}", "\r\n.\r\n", "[x](y) **b**", "'\"<>&"]
)
def test_what_the_table_holds_is_words_and_nothing_else(words: str) -> None:
    calm = read_by(letter_of(FIELD, Local((("region",),), {"ca": LocalFact("calm", "P", "https://p.example/")})), region="CA")
    html, text, names = read_by(
        letter_of(FIELD, Local((("region",),), {"ca": LocalFact(words, words, "https://p.example/")})), region="CA"
    )
    assert names == calm[2] and html.count("<") == calm[0].count("<")
    assert "Ada" not in text.splitlines()[0] and len(text.splitlines()) == len(calm[1].splitlines())


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("{{ supply }}", "fallback-missing"),
        ('{{ supply | upper | "x" }}', "field-unknown"),
        ('{{ nowhere | "x" }}', "field-unknown"),
        (f"::: ask\n{FIELD}\n:::", "local-place"),
        (f"::: ps\n{FIELD}\n:::", "local-place"),
        (f"[{FIELD}](https://x.example/{FIELD})", "field-in-link"),
        (f"See [this: {FIELD}](https://x.example/)", "local-place"),
        (f"- See ![this: {FIELD}](https://x.example/a.png)", "local-place"),
    ],
)
def test_refused_at_compile(body: str, code: str) -> None:
    result = letter_of(body)
    assert result.letter is None and code in {problem.code for problem in result.errors}


def test_a_subject_has_no_room_for_a_source() -> None:
    assert "local-place" in {problem.code for problem in letter_of("x", head=f"subject: {FIELD}").errors}


@pytest.mark.parametrize(
    "url", ["", "javascript:alert(1)", 'https://a.example/"onclick=x', "ftp://a.example/", "https://a.example/ b"]
)
def test_no_claim_without_a_source_that_can_be_looked_up(url: str) -> None:
    table = Local((("region",),), {"ca": LocalFact("So it is.", "Paper", url)})
    assert "local-unsourced" in {problem.code for problem in letter_of(FIELD, table).errors}
    assert letter_of("Nothing of it.", table).letter is not None, "what is not used is not looked at"
