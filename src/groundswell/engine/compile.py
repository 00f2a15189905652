"""From an author's appeal to a letter. Everything that is wrong is said at once, with line and column.

The appeal is front matter (`subject:`, `preview:`), Markdown paragraphs, and blocks: `::: ask` and `::: ps`, closed by
`:::`. `{{ first_name | "Friend" }}` is a merge field with its required fallback; `[^key]` cites a record entry. The
language is data: it names fields and sources, and can neither compute nor call anything (law 9).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from groundswell.basics.result import Problem
from groundswell.engine.layout import Block, lay_out
from groundswell.engine.message import CLOSE, OPEN, Action, Letter, Sender, SourceNote, slot

FIELDS = frozenset({"first_name"})
_FIELD = re.compile(r"\{\{(.*?)\}\}")
_FIELD_INSIDE = re.compile(r'^\s*([a-z_]+)\s*(?:\|\s*"([^"{}]*)")?\s*$')
_REFERENCE = re.compile(r"\[\^([A-Za-z0-9_-]+)\]")
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "yi", "ps", "dv", "ckb"})
_CLAIM = re.compile(r"\b(?:19|20)\d\d\b|\d{2,}|\bannounced\b", re.IGNORECASE)
_FOOTER = {"postal_address": "postal address", "why": "reason why the reader gets this", "privacy_url": "privacy page"}


@dataclass(frozen=True, slots=True)
class Compiled:
    """A letter, or none where there are errors; advice comes along either way: it is never a wall."""

    letter: Letter | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What must be mended before anyone is mailed."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


def compile_appeal(
    source: str, *, sender: Sender, sources: Mapping[str, SourceNote], action: Action, language: str = "en"
) -> Compiled:
    """The letter that `source` describes. Same input, same letter; no clock, no look-up."""
    problems: list[Problem] = list(_footer_problems(sender))
    if OPEN in source or CLOSE in source:
        problems.append(Problem("private-character", "The text holds private-use characters.", "Remove them."))
        source = source.replace(OPEN, "").replace(CLOSE, "")
    head, body = _front_matter(source.replace("\r\n", "\n"), problems)
    fallbacks: dict[str, str] = {}
    order: list[str] = []

    def with_slots(text: str, line: int) -> str:
        text = _FIELD.sub(lambda found: _field(found, line, fallbacks, problems), text)
        if "{{" in text or "}}" in text:
            problems.append(Problem("field-unclosed", "A merge field is not closed.", 'Write {{ first_name | "Friend" }}.', line))
        return _REFERENCE.sub(lambda found: _reference(found, line, sources, order, problems), text)

    blocks = [Block(kind, with_slots(text, line), line) for kind, text, line in _blocks(body, problems)]
    # Notes are numbered by first use in reading order, and the P.S. is read after everything else.
    blocks.sort(key=lambda block: block.kind == "ps")
    subject = with_slots(head.get("subject", ""), 1)
    if not subject.strip():
        problems.append(Problem("subject-missing", "The letter has no subject.", "Add `subject: …` at the top.", 1))
    elif re.match(r"\s*(re|fwd?|aw)\s*:", subject, re.IGNORECASE):
        problems.append(
            Problem(
                "subject-false-reply",
                "The subject pretends to be a reply.",
                "Drop “Re:” or “Fwd:”.",
                1,
                severity="advice",
            )
        )
    if not any(block.kind == "ask" for block in blocks):
        problems.append(Problem("ask-missing", "The letter asks for nothing.", "Add a block `::: ask … :::`."))
    problems.extend(_advice(blocks))
    notes = tuple(sources[key] for key in order)
    direction = "rtl" if language.split("-", maxsplit=1)[0] in _RIGHT_TO_LEFT else "ltr"
    if any(problem.severity == "error" for problem in problems):
        return Compiled(None, tuple(problems))
    preview = head.get("preview", "")
    laid_out = lay_out(blocks, sender=sender, notes=notes, subject=subject, preview=preview, language=language, direction=direction)
    if len(laid_out.html.encode()) > 102_000:
        problems.append(Problem("clipped", "Gmail clips letters over 102 KB.", "Shorten it.", severity="advice"))
    letter = Letter(
        subject, preview, language, direction, sender, action, laid_out.html, laid_out.text, fallbacks,
        laid_out.positions, notes,
    )  # fmt: skip
    return Compiled(letter, tuple(problems))


def _front_matter(source: str, problems: list[Problem]) -> tuple[dict[str, str], list[tuple[int, str]]]:
    lines = source.split("\n")
    if lines[0].strip() != "---":
        return {}, list(enumerate(lines, 1))
    head: dict[str, str] = {}
    for number, line in enumerate(lines[1:], 2):
        if line.strip() == "---":
            return head, list(enumerate(lines[number:], number + 1))
        key, colon, value = line.partition(":")
        if not colon and line.strip():
            problems.append(Problem("front-matter", f"“{line.strip()}” is not `name: value`.", "Mend or remove it.", number, 1))
        head[key.strip()] = value.strip()
    problems.append(Problem("front-matter-open", "The front matter is not closed.", "Add a line `---`.", 1, 1))
    return head, []


def _blocks(lines: list[tuple[int, str]], problems: list[Problem]) -> Iterator[tuple[str, str, int]]:
    kind, held, began = "text", list[str](), 0
    for number, line in lines:
        mark = re.match(r"^:::\s*(\w*)\s*$", line)
        if mark or (not line.strip() and kind == "text"):
            if held:
                yield kind, "\n".join(held), began
            held = []
            if mark and mark.group(1) and kind == "text":
                kind, began = mark.group(1), number
                if kind not in ("ask", "ps"):
                    problems.append(Problem("block-unknown", f"There is no block “{kind}”.", "Use `ask` or `ps`.", number, 1))
            elif mark:
                kind = "text"
            continue
        if not held and kind == "text":
            began = number
        held.append(line.strip())
    if kind != "text":
        problems.append(Problem("block-open", f"The block “{kind}” is not closed.", "Add a line `:::`.", began, 1))
    elif held:
        yield kind, "\n".join(held), began


def _field(found: re.Match[str], line: int, fallbacks: dict[str, str], problems: list[Problem]) -> str:
    place = (line, found.start() + 1)
    inside = _FIELD_INSIDE.match(found.group(1))
    if inside is None or inside.group(1) not in FIELDS:
        problems.append(Problem("field-unknown", f"There is no field “{found.group(1).strip()}”.", "Use first_name.", *place))
        return ""
    name, fallback = inside.groups()
    if not fallback or not fallback.strip():
        problems.append(
            Problem("fallback-missing", f"The field {name} has no fallback.", f'Write {{{{ {name} | "Friend" }}}}.', *place)
        )
        return ""
    if fallbacks.setdefault(name, fallback) != fallback:
        problems.append(Problem("fallback-differs", f"The field {name} has two fallbacks.", "Use one word.", *place))
    return slot(name)


def _reference(
    found: re.Match[str], line: int, sources: Mapping[str, SourceNote], order: list[str], problems: list[Problem]
) -> str:
    key = found.group(1)
    if key not in sources:
        problems.append(
            Problem("source-unknown", f"The record has no entry “{key}”.", "Cite one by its key.", line, found.start() + 1)
        )
        return ""
    if key not in order:
        order.append(key)
    return slot(f"note:{order.index(key) + 1}")


def _footer_problems(sender: Sender) -> Iterator[Problem]:
    for attribute, name in _FOOTER.items():
        if not getattr(sender, attribute).strip():
            yield Problem("footer", f"The sender profile has no {name}.", "The footer needs it; no letter leaves without.")


def _advice(blocks: list[Block]) -> Iterator[Problem]:
    words = 0
    asked = False
    for block in blocks:
        if block.kind == "ask" and not asked:
            asked = True
            if words > 100:
                yield Problem("ask-late", f"The first ask comes after {words} words.", "Ask earlier.", block.line, 1, "advice")
        for sentence in re.split(r"(?<=[.!?])\s+", block.text):
            if len(sentence.split()) > 40:
                yield Problem("sentence-long", "A sentence has over 40 words.", "Split it.", block.line, 1, "advice")
            if block.kind == "text" and _CLAIM.search(sentence) and f"{OPEN}note:" not in sentence:
                yield Problem(
                    "claim-unsourced", "A sentence claims a date or a number without a source.", "Cite one: [^key].",
                    block.line, 1, "advice",
                )  # fmt: skip
        words += len(block.text.split())
    if not any(block.kind == "ps" for block in blocks):
        yield Problem("ps-missing", "There is no P.S.", "It is the second most clicked place.", severity="advice")
    if words > 300:
        yield Problem("long", f"The letter has {words} words.", "Under 300 are read to the end.", severity="advice")
