"""What is compared when a source is looked at again: of a web page the words that a reader sees, of all else the bytes."""

import hashlib
import re
from html.parser import HTMLParser
from typing import IO

MOST = 8 * 2**20
"""Bytes of a page that are read for its words; a larger one is compared by its bytes."""
_UNSEEN = frozenset({"script", "style", "noscript", "template", "head"})
_PAGE = re.compile(rb"^\s*(?:<!--.*?-->\s*)*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html)", re.IGNORECASE | re.DOTALL)


def gist_of(held: IO[bytes]) -> str:
    """SHA-256 as hexadecimal digits. What changes with every visit to a page (scripts, tokens, styles) is not in it."""
    held.seek(0)
    head = held.read(MOST + 1)
    if len(head) <= MOST and _PAGE.match(head[:4096]):
        reader = _Words()
        reader.feed(head.decode("utf-8", "replace"))
        reader.close()
        if words := " ".join(" ".join(reader.seen).split()):
            return hashlib.sha256(words.encode()).hexdigest()
    held.seek(0)
    return hashlib.file_digest(held, "sha256").hexdigest()  # type: ignore[arg-type]


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._unseen = 0 if tag == "body" else self._unseen + (tag in _UNSEEN)  # a head may end without saying so

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in _UNSEEN))

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.seen.append(data)
