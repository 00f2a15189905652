"""Two spellings of one mailbox are one person; a slip is suggested, never changed."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from groundswell.basics import addresses
from groundswell.basics.addresses import Address, parse, suggest
from groundswell.basics.result import Problem


def address(text: str) -> Address:
    parsed = parse(text)
    assert isinstance(parsed, Address)
    return parsed


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada.Lovelace@gmail.com", "adalovelace+news@googlemail.com"),
        ("ADA@Example.ORG", " ada@example.org "),
        ("ada+x@outlook.com", "ada@outlook.com"),
        ("mailto:ada@example.org", "ada@example.org"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
    ],
)
def test_same_mailbox(one: str, other: str) -> None:
    assert address(one).canonical == address(other).canonical


@pytest.mark.parametrize(("one", "other"), [("a.b@example.org", "ab@example.org"), ("a+b@example.org", "a@example.org")])
def test_elsewhere_dots_and_tags_are_part_of_the_name(one: str, other: str) -> None:
    assert address(one).canonical != address(other).canonical


@pytest.mark.parametrize("text", ["", "  ", "NULL", "ada", "ada@", "@nowhere.example", "a b@example.org", "x@y" * 200, "a\n@b.org"])
def test_no_address_is_a_problem_that_does_not_repeat_it(text: str) -> None:
    problem = parse(text)
    assert isinstance(problem, Problem)
    assert problem.mend
    assert not text.strip() or text.strip() not in str(problem)


def test_a_typo_is_suggested_and_left_alone() -> None:
    slip = address("ada@gmial.com")
    assert slip.shown == "ada@gmial.com"
    assert suggest(slip) == "ada@gmail.com"
    assert suggest(address("ada@example.org")) is None


def test_a_local_part_beyond_ascii_needs_smtputf8() -> None:
    assert address("jürgen@example.org").needs_smtputf8
    assert not address("ada@bücher.example").needs_smtputf8


_LOCAL = st.text("abzAZ09._+-'%é ", min_size=0, max_size=70)
_LABEL = st.one_of(st.text("abAZ09-", min_size=0, max_size=66), st.sampled_from(["xn--bcher-kva", "test", "localhost", "com", "ü"]))


@settings(max_examples=1500, deadline=None)
@given(local=_LOCAL, labels=st.lists(_LABEL, min_size=1, max_size=5))
@example(local="Postmaster", labels=["example", "org"])
@example(local="a", labels=["b", "test"])
@example(local="a" * 64, labels=["x" * 63, "org"])
@example(local="a", labels=["a" * 62 + "-", "org"])
@example(local="a", labels=["ab--c", "org"])
@example(local="a", labels=["a", "org1"])
def test_the_fast_reading_of_a_plain_address_is_the_librarys_verdict(local: str, labels: list[str]) -> None:
    text = f"{local}@{'.'.join(labels)}"
    fast = addresses._plain(text.strip().removeprefix("mailto:"))
    if fast is not None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(addresses, "_plain", lambda _: None)
            assert parse(text) == fast


@pytest.mark.parametrize(
    "text", ["ada@example.\u212aim", "ad\u212a@example.org", "ada@x@example.org", "ada@-x.org", "ada@x.-y.org"]
)
def test_what_only_looks_plain_goes_to_the_library(text: str) -> None:
    assert addresses._plain(text) is None


@pytest.mark.parametrize("text", ["ada@example.org", "Ada.King+x@mail.example.co.uk", "a_b-c@x1-2.example"])
def test_plain_addresses_take_the_fast_way(text: str) -> None:
    assert addresses._plain(text) is not None
