"""Fields that speak of the reader's place: which tables a letter uses, and where there is room for their source."""

from collections.abc import Iterator, Mapping, Sequence

from markdown_it import MarkdownIt

from groundswell.basics.result import Problem
from groundswell.engine.compile.fields import OPEN, Marks
from groundswell.engine.compile.source import Appeal, Block
from groundswell.engine.local import PREFIX, Local

_MARKDOWN = MarkdownIt("commonmark", {"html": False})
_WORDS = "A field about the reader's place brings its source, and there is no room for it here."
_MEND = "Move it into a paragraph."


def used(local: Mapping[str, Local], marks: Marks) -> dict[str, Local]:
    """The tables that the letter's fields name: the others need not travel with it."""
    names = {slot.name for slot in marks.near}
    return {name: table for name, table in local.items() if f"{PREFIX}{name}" in names}


def check_places(appeal: Appeal, blocks: Sequence[Block], subject: str, preview: str) -> Iterator[Problem]:
    """A subject and a button have no room for a source, and a claim without one is not made."""
    for key, text in (("subject", subject), ("preview", preview)):
        if f"{OPEN}near:" in text:
            yield Problem("local-place", _WORDS, _MEND, appeal.lines.get(key, 1), 10)
    for block in blocks:
        if f"{OPEN}near:" in block.text and (block.kind in ("ask", "ps") or _in_link(block.text)):
            yield Problem("local-place", _WORDS, _MEND, block.line, 1)


def _in_link(text: str) -> bool:
    """Whether such a field stands in a link's words or a picture's: its own link would break that one."""
    for token in _MARKDOWN.parse(text):
        depth = 0
        for part in token.children or ():
            depth += part.nesting if part.type.startswith("link_") else 0
            if f"{OPEN}near:" in part.content and (depth or part.type == "image"):
                return True
    return False
