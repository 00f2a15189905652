"""What a browser sends is read as the standard library reads it, only faster."""

from urllib.parse import quote_plus, unquote_to_bytes

from hypothesis import given
from hypothesis import strategies as st

from groundswell.pages.door.forms import fields

FORM = "application/x-www-form-urlencoded"
ESCAPED = st.text("aZ09%+ ~é€😀&=%4aF", max_size=40)


@given(ESCAPED)
def test_escapes_are_read_as_the_standard_library_reads_them(value: str) -> None:
    sent = value.replace("&", "").replace("=", "")
    theirs = unquote_to_bytes(sent.replace("+", " ").encode()).decode("utf-8", "replace").replace("\x00", "").strip()
    assert fields(FORM, f"a={sent}".encode()) == {"a": theirs}


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60))
def test_whatever_a_person_types_arrives(value: str) -> None:
    assert fields(FORM, f"{quote_plus('näme')}={quote_plus(value)}".encode()) == {"näme": value.strip()}
