"""The quick HMAC is the standard library's."""

import hmac

from hypothesis import given
from hypothesis import strategies as st

from groundswell.basics.mac import hmac_sha256


@given(st.binary(max_size=200), st.lists(st.binary(max_size=300), max_size=4))
def test_the_same_bytes_as_the_standard_library_whatever_the_key(key: bytes, messages: list[bytes]) -> None:
    quick = hmac_sha256(key)
    assert [quick(message) for message in messages] == [hmac.digest(key, message, "sha256") for message in messages]
