"""A token says nothing to anyone but us, and nothing at all outside its purpose."""

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.basics.ids import ActionId, DeliveryId
from groundswell.basics.tokens import (
    Link,
    TokenKeys,
    open_delivery,
    open_link,
    seal_deliveries,
    seal_delivery,
    seal_link,
    seal_links,
)

KEYS = TokenKeys({1: bytes(range(64)), 2: bytes(range(64, 128))}, current=2)
OLD = TokenKeys({1: bytes(range(64))}, current=1)
FOREIGN = TokenKeys({2: bytes(64)}, current=2)
LINK = Link(DeliveryId(41), ActionId(7), 2519, "body-1", "Aae")


@given(
    st.builds(
        Link,
        st.integers(0, 2**63).map(DeliveryId),
        st.integers(0, 2**31).map(ActionId),
        st.integers(0, 65535),
        st.sampled_from(["body-1", "ps", "website"]),
        st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=3),
    )
)
def test_a_link_comes_back_as_it_was(link: Link) -> None:
    text = seal_link(KEYS, link)
    assert open_link(KEYS, text) == link
    assert seal_link(KEYS, link) == text


def test_the_links_of_a_letter_are_sealed_once() -> None:
    found = seal_links(KEYS, LINK.delivery, LINK.action, LINK.day, ("body-1", "ps"), "Aaé")
    assert [open_link(KEYS, text) for text in found] == [
        Link(LINK.delivery, LINK.action, LINK.day, position, "Aaé") for position in ("body-1", "ps")
    ]
    assert found[0].partition("~")[2] == found[1].partition("~")[2]
    for text in found:
        assert re.fullmatch(r"[a-z0-9-]+~[A-Za-z0-9_-]+", text)
        assert not any(open_link(KEYS, text[:at]) for at in range(len(text))), "cut short, it opens nothing"


@pytest.mark.parametrize("before", ["", "PS", "<b>", "x" * 17, "ps~ps", "a b", "\x00"])
def test_nothing_but_a_position_stands_before_a_token(before: str) -> None:
    sealed = seal_links(KEYS, LINK.delivery, LINK.action, LINK.day, ("ps",), "Aae")[0].partition("~")[2]
    assert open_link(KEYS, f"{before}~{sealed}") is None
    assert open_link(KEYS, f"ps~{seal_link(KEYS, LINK)}") is None, "a position that is sealed inside is not replaced"


def test_a_changed_cut_or_foreign_token_says_nothing() -> None:
    text = seal_link(KEYS, LINK)
    for at in range(len(text) - 1):
        changed = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
        assert open_link(KEYS, changed) is None
        assert open_link(KEYS, text[:at]) is None
    assert open_link(FOREIGN, text) is None


@given(st.text(max_size=80))
def test_any_text_is_answered(text: str) -> None:
    assert open_link(KEYS, text) is None
    assert open_delivery(KEYS, "bounce", text) is None


def test_a_token_opens_only_its_own_purpose() -> None:
    text = seal_delivery(KEYS, "bounce", DeliveryId(9))
    assert open_delivery(KEYS, "bounce", text.upper()) == 9
    assert open_delivery(KEYS, "unsubscribe", text) is None
    assert len(text) <= 48 and text == text.lower()


@given(st.integers(0, 2**63 - 1), st.lists(st.sampled_from(["bounce", "unsubscribe", "message", "mine"]), min_size=1, max_size=5))
def test_tokens_for_several_purposes_are_those_of_each(delivery: int, purposes: list[str]) -> None:
    together = seal_deliveries(KEYS, [purpose.encode() for purpose in purposes], DeliveryId(delivery))
    assert together == [seal_delivery(KEYS, purpose, DeliveryId(delivery)) for purpose in purposes]
    sealed = KEYS.seal(purposes[0].encode(), delivery.to_bytes(8, "big"))
    assert together[0] == base64.b32encode(sealed).decode().lower()  # what letters sent before carry


def test_letters_sent_under_the_old_key_keep_working() -> None:
    assert open_link(KEYS, seal_link(OLD, LINK)) == LINK
