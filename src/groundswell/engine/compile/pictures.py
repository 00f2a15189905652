"""Pictures: inside the letter by content id, or from our own host. Nothing of a third party, nothing heavy, none unspoken."""

import re
from collections.abc import Iterator, Mapping, Sequence

from groundswell.basics.result import Problem
from groundswell.engine.compile.source import Block
from groundswell.engine.message import Picture

LARGEST = 500_000
"""Bytes of one picture; a phone loads it on the way to work."""
TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_PICTURE = re.compile(r"!\[([^\]]*)\]\(\s*<?([^)\s>]*)>?[^)]*\)")


def check_pictures(blocks: Sequence[Block], pictures: Mapping[str, Picture], own_host: str) -> Iterator[Problem]:
    """What is wrong with the pictures that the blocks show."""
    for block in blocks:
        for found in _PICTURE.finditer(block.text):
            line = block.line + block.text[: found.start()].count("\n") + (block.kind != "text-paragraph")
            column = found.start() - block.text[: found.start()].rfind("\n")
            if not found.group(1).strip():
                words = "A picture says nothing to those who don't see it."
                yield Problem("image-unspoken", words, "Write what it shows between the brackets.", line, column)
            address = found.group(2)
            if address.startswith("cid:"):
                yield from _inside(pictures.get(address[4:]), address[4:], line, column)
            elif not own_host or not re.match(rf"https://{re.escape(own_host)}(?::\d+)?(?:/|$)", address):
                words = "A picture from elsewhere would tell its host who reads the letter."
                yield Problem("image-foreign", words, "Put it into the letter (`cid:`) or on your own site.", line, column)


def _inside(picture: Picture | None, name: str, line: int, column: int) -> Iterator[Problem]:
    if picture is None:
        yield Problem("image-unknown", f"There is no picture “{name}”.", "Add it to the mailing first.", line, column)
    elif picture.content_type not in TYPES or not re.fullmatch(r"[A-Za-z0-9._-]{1,60}", picture.content_id):
        yield Problem("image-kind", f"The picture “{name}” is of no kind that mail shows.", "Use PNG or JPEG.", line, column)
    elif len(picture.data) > LARGEST:
        words = f"The picture “{name}” has {len(picture.data) // 1000} KB; 500 is the most."
        yield Problem("image-too-large", words, "Make it smaller, then add it again.", line, column)
