"""What a person is found by: words of a name and their beginnings, and numbers however they were written."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.basics.keyring import KeyRing
from groundswell.people.phones import normalised
from groundswell.people.vault import index
from groundswell.people.vault.index import Indexer

NEW, OLD = bytes(range(32)), bytes(range(32, 64))
INDEX = Indexer(KeyRing({1: OLD, 2: NEW}, 2))


def words_of_any(name: str) -> list[str]:
    """The rule, without a short cut for names in plain letters."""
    bare = "".join(mark for mark in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(mark))
    return "".join(mark if mark.isalnum() else " " for mark in bare).split()


@settings(max_examples=500, deadline=None)
@given(st.text(st.characters(max_codepoint=127), max_size=40) | st.text(max_size=40))
def test_a_name_in_plain_letters_has_the_words_of_the_rule(name: str) -> None:
    assert index.words(name) == words_of_any(name)


def meets(name: str, sought: str) -> bool:
    return all(token in INDEX.name(name) for token in INDEX.sought(sought)[0])


@pytest.mark.parametrize(
    ("name", "sought"),
    [
        ("Alexandrina", "alexandrina"), ("Alexandrina", "ale"), ("Alexandrina", "ALEXAND"), ("José María", "jose mar"),
        ("O'Neill-Sánchez", "sanchez o neill"), ("Bo Li", "bo"), ("Łukasz", "łuk"), ("Δημήτρης", "δημη"), ("Çelik", "cel"),
    ],
)  # fmt: skip
def test_a_name_is_found_by_its_words_and_by_their_beginnings(name: str, sought: str) -> None:
    assert meets(name, sought)


@pytest.mark.parametrize(("name", "sought"), [("Alexandrina", "lex"), ("Boris", "bo"), ("Ann", "anna"), ("Ada", "ad")])
def test_and_by_nothing_else(name: str, sought: str) -> None:
    assert not meets(name, sought)


def test_tokens_are_eight_bytes_each_once_and_of_one_key() -> None:
    found = INDEX.tokens("Ann Ann Anna")
    assert len(found) == len(set(found)) == 4 and {len(token) for token in found} == {8}, "ann, ann…, anna, anna…"
    other = Indexer(KeyRing({1: OLD}, 1))
    assert not set(found) & set(other.tokens("Ann Ann Anna"))
    assert INDEX.sought("anna")[1] == other.sought("anna")[0], "while a key is replaced, the older one finds as well"


@pytest.mark.parametrize(
    ("written", "country", "number"),
    [
        ("+44 20 7946 0958", "", "+442079460958"), ("020 7946 0958", "GB", "+442079460958"),
        ("0044(0)2079460958", "", "+442079460958"), ("+44 (0)20-7946.0958", "", "+442079460958"),
        ("٠٢٠ ٧٩٤٦ ٠٩٥٨", "GB", "+442079460958"), ("+44\u00a020\u00a079460958", "", "+442079460958"), ("020 7946 0958", "", None), ("020 7946 0958 ext 4", "GB", None), ("12", "GB", None), ("+0123456789", "", None),
    ],
)  # fmt: skip
def test_two_spellings_of_a_number_are_one_line(written: str, country: str, number: str | None) -> None:
    assert normalised(written, country) == number
