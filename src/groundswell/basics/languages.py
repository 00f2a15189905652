"""How a language is written here: `en`, `pt-br`. RFC 5646 knows no difference of case, and lists write what they like."""

import re
from functools import lru_cache

LONGEST = 12
_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})*").fullmatch


def plain(text: str) -> str:
    """Lower case with hyphens: what is compared."""
    return text.strip().replace("_", "-").lower()


@lru_cache(maxsize=500)  # a list says the same few a million times
def tag(text: str) -> str:
    """The language that is kept: `pt-br` of `pt_BR`; empty where the text names none. What is too long ends a part earlier."""
    found = plain(text)
    if not _TAG(found):
        return ""
    while len(found) > LONGEST:
        found = found.rpartition("-")[0]
    return found
