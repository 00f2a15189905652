"""However it is written, a postcode is kept as coarsely, and from every door in one form."""

import pytest

from groundswell.basics.postcodes import area


@pytest.mark.parametrize(
    ("written", "kept"),
    [("sw1a 1aa", "SW1A"), ("L1 4AB", "L1"), (" 00-012", "0001"), ("75011", "7501"), ("D02 X285", "D02"), ("", ""), (" - ", "")],
)
def test_only_its_first_signs(written: str, kept: str) -> None:
    assert area(written) == kept
