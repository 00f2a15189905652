"""Addresses of the web in a letter's body: spelled once for text and HTML, and never otherwise than any value."""

import quopri
import re

from hypothesis import example, given
from hypothesis import strategies as st

from groundswell.engine import mime

ADDRESS = st.text(alphabet="abcXYZ019:/.?=_~%+-F", min_size=1, max_size=400)


@given(ADDRESS)
@example("https://act.example.org/a/end-it?t=" + "a" * 38 + ".b")
@example("x" * 73 + "From")
@example("." + "=" * 100)
def test_an_address_is_spelled_as_any_value_is(text: str) -> None:
    found = mime.quoted_address(text)
    assert found is not None and found == mime.quoted_value(text)
    assert quopri.decodestring(found).decode() == text
    assert all(len(line) <= 76 and not re.match(rb"\.|From ", line) for line in found.split(b"\r\n"))


@given(st.text(alphabet="ab&<>\"' é\n", min_size=1, max_size=30).filter(lambda text: not set(text) <= set("ab")))
def test_what_html_would_escape_or_a_line_not_hold_is_left_to_others(text: str) -> None:
    assert mime.quoted_address(text) is None
