"""The form of an action alert, requirement by requirement. What another room keeps is tested there, and named here."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from groundswell.basics.ids import ActionId, DeliveryId
from groundswell.basics.tokens import Link, open_link
from groundswell.engine.compile import Compiled, compile_appeal
from groundswell.engine.compile.paste import read_pasted
from groundswell.engine.message import Action, Passage, Picture
from groundswell.engine.render import Prepared
from tests.engine.test_letter import ACTION, SENDER, SOURCES, compiled, parsed, recipient
from tests.engine.test_mail_requirements import addressed
from tests.post.test_post import KEYS

DATE = datetime(2026, 11, 24, 9, tzinfo=UTC)
ASK = "::: ask\nDo it\n:::"


def letter_of(body: str, head: str = "subject: S", **more: object) -> Compiled:
    return compile_appeal(f"---\n{head}\n---\n{body}\n", **{"sender": SENDER, "sources": SOURCES, "action": ACTION, **more})  # type: ignore[arg-type]


def texts(result: Compiled, **fields: str | None) -> tuple[str, str]:
    assert result.letter is not None, result.problems
    to = recipient(fields.pop("first_name", "Ada"))
    to.fields = {**to.fields, **fields}
    to.links = {position: f"https://act.example.org/a/x?t={position}" for position in result.letter.positions}
    _, html, text = parsed(Prepared(result.letter).render(to, date=DATE))
    return html, text.replace("\r\n", "\n")


def codes(result: Compiled) -> set[str]:
    return {problem.code for problem in result.problems}


@pytest.mark.parametrize(("name", "greeted"), [(None, "Friend"), ("   ", "Friend"), ("NULL", "Friend"), ("ada@example.org", "Friend"),
                                               ("ADA", "Ada"), ("Zoë", "Zoë"), ("李", "李")])  # fmt: skip
def test_form_1_nobody_is_greeted_with_nothing(name: str | None, greeted: str) -> None:
    html, text = texts(letter_of(f'Dear {{{{ first_name | "Friend" }}}},\n\n{ASK}'), first_name=name)
    assert text.startswith(f"Dear {greeted},\n") and f"Dear {greeted}," in html


def test_form_2_a_fallback_for_each_language_and_no_comma_in_it() -> None:
    body = f'{{{{ first_name | "Friend" de: "Liebe Leute" }}}},\n\n{ASK}'
    assert texts(letter_of(body), first_name=None)[1].startswith("Friend,")
    for language in ("de", "de-AT"):
        assert texts(letter_of(body, language=language), first_name=None)[1].startswith("Liebe Leute,")
    assert texts(letter_of(body, language="fr"), first_name=None)[1].startswith("Friend,"), "a language without its own word"
    assert codes(letter_of("{{ first_name }},\n\n" + ASK)) >= {"fallback-missing"}
    assert codes(letter_of('{{ first_name | " " }},\n\n' + ASK)) >= {"fallback-missing"}
    assert codes(letter_of('{{ first_name | "Friend," }}\n\n' + ASK)) >= {"fallback-comma"}


def test_form_3_one_action_many_asks_each_by_its_place() -> None:
    body = f"{ASK}\n\nWords.\n\n{ASK}\n\n::: ps\nOnce more\n:::"
    one, other = letter_of(body), letter_of(body, action=Action(8, "/a/other"))
    assert one.letter and other.letter and one.letter.positions == ("body-1", "body-2", "ps")
    html, text = texts(one)
    for place in one.letter.positions:
        assert html.count(f"t={place}") == 1 and text.count(f"t={place}") == 1
    links = addressed(one.letter).links  # type: ignore[attr-defined]
    assert all("/a/end-it?" in link for link in links.values())
    assert all("/a/other?" in link for link in addressed(other.letter).links.values())  # type: ignore[attr-defined]
    # Signatures by place: actions.queries.per_position, tests/actions.


def test_form_4_the_link_is_a_token_and_never_an_address() -> None:
    for position, link in addressed().links.items():  # type: ignore[attr-defined]
        found = open_link(KEYS, link.partition("?t=")[2])
        assert isinstance(found, Link) and found.delivery == DeliveryId(7) and found.action == ActionId(7)
        assert found.position == position and "ada" not in link.lower().partition("?")[0] and "@" not in link
    # “Not you?” and a link without its token: tests/pages.


def test_form_5_notes_number_themselves() -> None:
    order = "First.[^b] Then.[^a] Again.[^b]\n\n" + ASK
    html, text = texts(letter_of(order))
    assert "First.[1] Then.[2] Again.[1]" in text and text.index("[1] “Second") < text.index("[2] “First")
    assert html.count('id="note-') == 2 and len(re.findall(r'href="#note-1" aria-label="Source 1"', html)) == 2
    assert re.search(r'id="ref-1"', html) and 'aria-label="Back to the text, source 1"' in html
    moved = texts(letter_of("Then.[^a] First.[^b]\n\n" + ASK))[1]
    assert "Then.[1] First.[2]" in moved
    assert "[2]" not in texts(letter_of("Then.[^a]\n\n" + ASK))[1]
    # In an ask and in the P.S. the mark stands beside the link: a note that nothing leads to would be no proof.
    html, text = texts(letter_of("::: ask\nDo it[^a]\n:::\n\nSo.[^b]\n\n::: ps\nAgain.[^a]\n:::"))
    assert "Do it[1]\n" in text and "So.[2]" in text and "P.S. Again.[1]" in text
    assert html.count('href="#note-1"') == 2 and html.count('id="ref-1"') == 1 and not re.search(r"<a [^>]*>[^<]*<sup", html)


def test_form_6_a_note_is_made_of_the_record_and_a_sent_letter_keeps_it() -> None:
    before = compiled()
    corrected = {**SOURCES, "a": replace(SOURCES["a"], title="Corrected title")}
    assert "Corrected title" in texts(letter_of("So.[^a]\n\n" + ASK, sources=corrected))[1]
    assert any("First title" in piece for piece in before.text if isinstance(piece, str))
    # Drafts that cite a corrected entry are flagged: tests/mailings/test_proposals.py and the record room's.


def test_form_7_signature_postscript_notes_footer() -> None:
    for part in texts(letter_of(f"So.[^a]\n\n{ASK}\n\n::: ps\nAgain\n:::\n\nThanks,")):
        order = [part.index(words) for words in ("Thanks", "Lucía Romero", "Again", "First title", "You asked us to write")]
        assert order == sorted(order)


def test_form_8_a_sender_profile_changes_everything_at_once() -> None:
    other = replace(SENDER, name="Omar", team="and friends", organisation="Other Ground", from_address="omar@other.example.org",
                    postal_address="9 Other Rd", website="https://other.example")  # fmt: skip
    result = letter_of(ASK, sender=other)
    assert result.letter
    to = recipient()
    raw = Prepared(result.letter).render(to, date=DATE)
    for trace in (b"Luc", b"Common Ground", b"1 Example St", b"lucia@"):
        assert trace not in raw
    assert raw.count(b"Other Ground") >= 3 and b"omar@other.example.org" in raw


def test_form_9_a_text_part_of_its_own_and_typographic_marks_survive() -> None:
    html, text = texts(letter_of(f"“Quoted” – and — dashes…\n\n{ASK}"))
    assert "“Quoted” – and — dashes…" in html and "“Quoted” – and — dashes…" in text
    own = letter_of(f'In HTML.\n\n{ASK}\n\n{ASK}\n\n::: text\nMy own words, {{{{ first_name | "friend" }}}}: [link]\n:::')
    html, text = texts(own)
    assert text.startswith("My own words, Ada: https://act.example.org/a/x?t=body-1") and "In HTML" not in text
    assert "t=body-2" in text and "Unsubscribe:" in text and "My own" not in html


def test_form_10_no_letter_without_its_footer() -> None:
    for missing in ("postal_address", "why", "privacy_url"):
        result = letter_of(ASK, sender=replace(SENDER, **{missing: ""}))
        assert result.letter is None and "footer" in codes(result)
    html, text = texts(letter_of("::: text\nNothing else. [link]\n:::\n\n" + ASK))
    assert "https://act.example.org/u/tok" in html and "https://act.example.org/u/tok" in text


def test_form_11_a_false_reply_is_warned_of() -> None:
    for subject in ("Re: us", "FWD: us", "AW: wir"):
        assert "subject-false-reply" in codes(letter_of(ASK, f"subject: {subject}"))
    # Who is left out of a second letter: tests/mailings/test_life.py.


def test_form_12_choices_show_each_reader_their_own_words() -> None:
    body = f"::: if country = DE, AT\nFür euch.[^a]\n\n::: else\nFor you.\n\n::: endif\nAll.\n\n{ASK}"
    result = letter_of(body)
    assert "Für euch.[1]" in texts(result, country="at")[1] and "For you" not in texts(result, country="AT")[0]
    assert "For you." in texts(result, country=None)[1] and "Für euch" not in texts(result)[0]
    assert texts(result, country="DE")[1].startswith("Für euch.[1]\n\nAll.")
    # The previews themselves: tests/office/test_mailings.py.


def test_form_13_advice_is_given_and_is_no_wall() -> None:
    words = "word " * 130
    long = letter_of(f"In 2019 it was announced. {words}.\n\n{ASK}\n\n{words * 2}.\n\nThanks,", "subject: Re: x")
    assert long.letter is not None
    assert codes(long) >= {"ask-late", "claim-unsourced", "sentence-long", "ps-missing", "long"}
    assert "ask-below" in codes(letter_of(f"{'word ' * 80}.\n\n{ASK}"))
    assert "source-copy" in codes(letter_of(f"So.[^a]\n\n{ASK}", sources={"a": replace(SOURCES["a"], copy_only=True)}))
    passages = {"scope": Passage("scope", "It covers little.", "2026-01-01")}
    old = letter_of(f"::: passage scope\n:::\n\n{ASK}", passages=passages, today=date(2026, 11, 24))
    assert "passage-old" in codes(old) and "It covers little." in texts(old)[1]
    assert "clipped" in codes(letter_of(f"{'A few words. ' * 9000}\n\n{ASK}"))
    claim = next(problem for problem in long.problems if problem.code == "claim-unsourced")
    assert (claim.line, claim.column) == (4, 1)


@pytest.mark.parametrize(("sentence", "claims"), [
    ("On 8 May they met.", True), ("Five of 7 towns stopped.", True), ("They announced it.", True), ("Sie haben es angekündigt.", True),
    ("It was in 2019.[^a]", False), ("{{ count }} of us signed.", False), ("1. A list\n2. of points", False), ("They met.", False),
])  # fmt: skip
def test_form_13_a_date_a_number_or_an_announcement_wants_its_source(sentence: str, claims: bool) -> None:
    assert ("claim-unsourced" in codes(letter_of(f"{sentence}\n\n{ASK}"))) is claims


@pytest.mark.parametrize(("count", "said"), [(75, set()), (76, {"ask-below"}), (100, {"ask-below"}), (101, {"ask-late"})])
def test_form_13_the_first_ask_is_near_the_top(count: int, said: set[str]) -> None:
    assert codes(letter_of(f"{'word ' * count}\n\n{ASK}\n\n::: ps\nx\n:::")) & {"ask-below", "ask-late"} == said


def test_form_13_bounds_are_where_the_form_puts_them() -> None:
    ps = "\n\n::: ps\nx\n:::"
    assert "sentence-long" not in codes(letter_of(f"{'word ' * 39}end.\n\n{ASK}")) and "sentence-long" in codes(
        letter_of(f"{'word ' * 40}end.\n\n{ASK}")
    )
    for thanks in ("", "Thanks,"):
        assert "long" not in codes(letter_of(f"{ASK}\n\n{'word ' * 297}\n\n{thanks}{ps}"))
    assert "long" in codes(letter_of(f"{ASK}\n\n{'word ' * 299}{ps}"))
    assert "long" not in codes(letter_of(f"{ASK}\n\n{'word ' * 200}\n\nThanks,\n\n{'word ' * 200}{ps}")), "only before the thanks"
    passages = {"p": Passage("p", "Words.", "2026-11-24")}
    fresh = letter_of(f"::: passage p\n:::\n\n{ASK}", passages=passages, today=date(2026, 11, 24))
    assert "passage-old" not in codes(fresh)


def test_form_13_all_asks_lead_to_one_action() -> None:
    result = letter_of(f"See [another page](https://act.example.org/a/other) first.\n\n{ASK}")
    (found,) = [problem for problem in result.problems if problem.code == "link-elsewhere"]
    assert result.letter is not None and (found.line, found.column) == (4, 5)
    quiet = letter_of(
        f"[Write to us](mailto:a@example.org), ![A crowd](https://act.example.org/c.png)\n\n{ASK}", own_host="act.example.org"
    )
    assert "link-elsewhere" not in codes(quiet)


PASTED = (
    "Friend, Last week brought good news. The firm said that it prolongs its pause.1 It is still only a pause. Tell the firm to make "
    "it last. Its cameras stay outside. The firm must end it today. Thanks for all you do, Ana and the rest of the Example team "
    "example.org P.S. Ask the firm to end it for good. 1. “The Pause Is Prolonged,” The Example Post, May 18, 2021"
)


def test_form_14_a_plain_letter_becomes_an_appeal() -> None:
    pasted = read_pasted(PASTED, subject="News")
    assert [found.kind.partition(" ")[0] for found in pasted.recognised] == [
        "greeting", "footnote", "P.S.", "signature", "ask", "ask",
    ]  # fmt: skip
    assert pasted.notes[0].publisher == "The Example Post" and pasted.notes[0].title == "The Pause Is Prolonged"
    sources = {pasted.notes[0].key: replace(pasted.notes[0], url="https://paper.example/")}
    result = compile_appeal(pasted.appeal, sender=SENDER, sources=sources, action=ACTION)
    html, text = texts(result, first_name=None)
    assert result.letter and result.letter.positions == ("body-1", "body-2", "ps")
    assert text.startswith("Friend,\n\nLast week") and "prolongs its pause.[1]" in text and "Ana and the rest" not in text
    assert "P.S. Ask the firm" in text and "Its cameras stay outside." in html


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("{{ first_name.__class__ }}", "field-unknown"),
        ("{{ settings.SECRET }}", "field-unknown"),
        ("{% include 'x' %}", "template-tag"),
        ('[x](https://e.example/{{ first_name | "a" }})', "field-in-link"),
        ("![a](https://elsewhere.example/x.png)", "image-foreign"),
        ("![](cid:logo)", "image-unspoken"),
        ("![a](cid:nothing)", "image-unknown"),
        ("![a](cid:huge)", "image-too-large"),
        ("::: passage nowhere\n:::", "passage-unknown"),
        ("::: if salary = 3\n::: endif", "fact-unknown"),
        ("::: if country = DE", "block-open"),
        ("::: else", "choice-not-open"),
        ("::: ask\nunclosed", "block-open"),
        ("::: if country\n\n::: ps\nx\n:::\n\n::: endif", "block-in-choice"),
    ],
)
def test_refused_before_anyone_is_mailed_with_its_line(body: str, code: str) -> None:
    pictures = {"huge": Picture("huge", "image/png", bytes(2_000_000)), "logo": Picture("logo", "image/png", b"x")}
    result = letter_of(f"{ASK}\n\n{body}", pictures=pictures)
    found = [problem for problem in result.errors if problem.code == code]
    assert result.letter is None and found and found[0].line >= 4 and found[0].column >= 1


def test_pictures_come_in_the_letter_or_from_our_own_host() -> None:
    pictures = {"logo": Picture("logo", "image/png", b"\x89PNG" * 50)}
    result = letter_of(f"![Our logo](cid:logo)\n\n![A crowd](https://act.example.org/media/c.png)\n\n{ASK}", pictures=pictures,
                       own_host="act.example.org")  # fmt: skip
    assert result.letter and len(result.letter.pictures) == 1
    message, html, text = parsed(Prepared(result.letter).render(recipient(), date=DATE))
    (picture,) = [part for part in message.walk() if part.get_content_type() == "image/png"]
    assert picture["Content-ID"] == "<logo>" and picture.get_payload(decode=True) == b"\x89PNG" * 50
    assert 'src="cid:logo"' in html and 'alt="A crowd"' in html and "[Our logo]" in text
