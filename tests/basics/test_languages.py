"""A language is kept and compared in one form, however a list or a person writes it."""

import pytest

from groundswell.basics.languages import plain, tag


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("en", "en"), ("EN", "en"), (" pt_BR ", "pt-br"), ("zh-Hant-TW", "zh-hant-tw"), ("ca-ES-valencia", "ca-es"), ("fil", "fil"),
        ("", ""), ("English", ""), ("e", ""), ("en-", ""), ("en--gb", ""), ("%", ""), ("en\n-gb", ""), ("ada@example.org", ""),
    ],
)  # fmt: skip
def test_one_form_is_kept(written: str, kept: str) -> None:
    assert tag(written) == kept and len(kept) <= 12
    assert tag(kept) == kept == plain(kept)
