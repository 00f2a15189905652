"""Advice while writing: never a wall. What readers, mail providers and the record ask of a letter."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from groundswell.basics.result import Problem
from groundswell.engine.compile.fields import CLOSE, OPEN
from groundswell.engine.compile.source import Block
from groundswell.engine.message import Passage, SourceNote

CLIPPED = 102_000
"""Bytes of HTML from which Gmail shows “[Message clipped]” and hides what comes last: the footer."""
FIRST_SCREEN, LATE, LONG, SENTENCE = 75, 100, 300, 40
"""Words."""
_CLAIM = re.compile(r"\d|\b(?:announced|angekündigt|annoncé|anunci[óa]|annunciato|aangekondigd)", re.IGNORECASE)
_LISTED = re.compile(r"(?m)^\s*\d+[.)](?:\s+|$)")
"""What numbers a list: no claim."""
_LINK = re.compile(r"(?<!!)\[[^\]]+\]\(\s*<?([^)\s>]+)")
_THANKS = re.compile(r"^(?:thank|thanks|danke|merci|gracias|gràcies|grazie|bedankt|obrigad)", re.IGNORECASE)
_FALSE_REPLY = re.compile(r"\s*(re|fwd?|aw|wg|sv|tr)\s*:", re.IGNORECASE)
_MARKS = re.compile(f"{OPEN}[^{CLOSE}]*{CLOSE}")


def advice(blocks: Sequence[Block]) -> Iterator[Problem]:
    """What the body could do better, with its lines."""
    words, before_thanks = 0, None
    first_ask: int | None = None
    for block in blocks:
        if block.kind in ("if", "else", "endif", "text"):
            continue
        if _THANKS.match(block.text.strip()) and before_thanks is None:
            before_thanks = words
        if block.kind == "ask" and first_ask is None:
            first_ask = words
            if words > LATE:
                yield _advice("ask-late", f"The first ask comes after {words} words.", "Ask earlier.", block.line)
            elif words > FIRST_SCREEN:
                yield _advice("ask-below", "The first ask is below the first screen of a phone.", "Ask earlier.", block.line)
        yield from _sentences(block)
        yield from _links(block)
        words += len(_MARKS.sub("x", block.text).split())
    if not any(block.kind == "ps" for block in blocks):
        yield _advice("ps-missing", "There is no P.S.", "It is the second most clicked place: ask there again.", 0)
    total = words if before_thanks is None else before_thanks
    if total > LONG:
        yield _advice("long", f"The letter has {total} words before the thanks.", "Under 300 are read to the end.", 0)


def subject_advice(subject: str, line: int) -> Iterator[Problem]:
    """A subject that pretends to be an answer."""
    if _FALSE_REPLY.match(subject):
        yield _advice("subject-false-reply", "The subject pretends to be a reply.", "Drop “Re:” or “Fwd:”.", line)


def source_advice(cited: Sequence[str], sources: Mapping[str, SourceNote]) -> Iterator[Problem]:
    """Sources that nobody here has read in the original."""
    for key in cited:
        if sources[key].copy_only:
            yield _advice("source-copy", f"The source “{key}” was read in a copy only.", "Read the original before you cite it.", 0)


def passage_advice(passage: Passage, today: date | None, line: int) -> Iterator[Problem]:
    """A passage whose facts may have changed since somebody looked."""
    try:
        looked = date.fromisoformat(passage.fact_date)
    except ValueError:
        return
    if today is not None and looked < today:
        words = f"The passage “{passage.key}” holds facts of {looked.isoformat()}."
        yield _advice("passage-old", words, "Look whether they still hold, then date it anew.", line)


def _links(block: Block) -> Iterator[Problem]:
    """A letter asks for one thing: whatever else can be clicked takes readers away from it."""
    for found in _LINK.finditer(block.text):
        if not found.group(1).startswith(("mailto:", "tel:")):
            line = block.line + block.text.count("\n", 0, found.start()) + (block.kind != "text-paragraph")
            column = found.start() - block.text.rfind("\n", 0, found.start())
            words = "A link leads somewhere else than the asks."
            yield _advice("link-elsewhere", words, "Cite a source for proof; ask for one thing.", line, column)


def _sentences(block: Block) -> Iterator[Problem]:
    offset, line, line_began = 0, block.line + (block.kind != "text-paragraph"), 0
    for sentence in re.split(r"(?<=[.!?”\"])\s+(?=\S)", block.text):
        at = block.text.find(sentence, offset)
        line += block.text.count("\n", offset, at) if offset <= at else 0
        line_began = max(line_began, block.text.rfind("\n", 0, at) + 1 if "\n" in block.text else 0)
        column = at - line_began + 1
        inside = sentence.count("\n")
        offset = at + len(sentence)
        if len(_MARKS.sub("x", sentence).split()) > SENTENCE:
            yield _advice("sentence-long", "A sentence has over 40 words.", "Split it.", line, column)
        bare = _LISTED.sub("", _MARKS.sub("", sentence))
        if block.kind in ("text-paragraph", "passage") and _CLAIM.search(bare) and f"{OPEN}note:" not in sentence:
            words = "A sentence names a date, a number or an announcement without a source."
            yield _advice("claim-unsourced", words, "Cite one: [^key].", line, column)
        line += inside


def _advice(code: str, message: str, mend: str, line: int, column: int = 1) -> Problem:
    return Problem(code, message, mend, line, column if line else 0, "advice")
