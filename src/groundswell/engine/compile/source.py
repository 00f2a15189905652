"""An appeal as its author typed it: front matter, then paragraphs and blocks, each with the line it began on."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from groundswell.basics.result import Problem

KEYS = frozenset({"subject", "preview", "sender", "action", "layout", "language"})
LAYOUTS = ("plain", "header")
KINDS = ("ask", "ps", "passage", "text", "if", "else", "endif")
_MARK = re.compile(r"^:::[ \t]*([A-Za-z]*)[ \t]*(.*?)[ \t]*$")
_CONDITION = re.compile(r"^([a-z_]+)[ \t]*(?:=[ \t]*(.+))?$")
FACTS = frozenset({"language", "country", "region", "postcode_area"})
"""The coarse facts that a choice may ask for: what is in clear, and nothing of the vault."""


@dataclass(slots=True)
class Block:
    """A paragraph, an ask, the P.S., a passage, a text part of its own, or a turn of a choice."""

    kind: str
    text: str
    line: int
    name: str = ""
    """A passage's key."""
    fact: str = ""
    values: tuple[str, ...] = ()


@dataclass(slots=True)
class Appeal:
    """The appeal taken apart."""

    head: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    """Key of the front matter → its line."""
    blocks: list[Block] = field(default_factory=list)


def read_appeal(source: str, problems: list[Problem]) -> Appeal:
    """The parts of `source`; what can't be understood goes to `problems` with line and column."""
    appeal = Appeal()
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    rest = _front_matter(lines, appeal, problems)
    appeal.blocks = list(_blocks(rest, problems))
    _choices_closed(appeal.blocks, problems)
    return appeal


def head_of(source: str) -> dict[str, str]:
    """Only the front matter: which sender, action, language and layout an appeal names."""
    appeal = Appeal()
    _front_matter(source.replace("\r\n", "\n").split("\n"), appeal, [])
    return appeal.head


def _front_matter(lines: list[str], appeal: Appeal, problems: list[Problem]) -> list[tuple[int, str]]:
    if lines[0].strip() != "---":
        return list(enumerate(lines, 1))
    for number, line in enumerate(lines[1:], 2):
        if line.strip() == "---":
            return list(enumerate(lines[number:], number + 1))
        key, colon, value = line.partition(":")
        key = key.strip()
        if not colon and line.strip():
            problems.append(Problem("front-matter", f"“{line.strip()}” is not `name: value`.", "Mend or remove it.", number, 1))
        elif colon and key not in KEYS:
            mend = f"There are: {', '.join(sorted(KEYS))}."
            problems.append(Problem("front-matter-unknown", f"The front matter has no “{key}”.", mend, number, 1))
        elif colon:
            appeal.head[key], appeal.lines[key] = value.strip(), number
    problems.append(Problem("front-matter-open", "The front matter is not closed.", "Add a line `---`.", 1, 1))
    return []


def _blocks(lines: list[tuple[int, str]], problems: list[Problem]) -> Iterator[Block]:
    open_block: Block | None = None
    held: list[str] = []
    began = 0
    for number, line in lines:
        mark = _MARK.match(line)
        if open_block is not None:
            if mark and not mark.group(1):
                open_block.text = "\n".join(held)
                yield open_block
                open_block, held = None, []
            elif mark:
                problems.append(
                    Problem("block-open", f"The block “{open_block.kind}” is not closed.", "Add a line `:::`.", open_block.line, 1)
                )
                open_block.text = "\n".join(held)
                yield open_block
                open_block, held = _opened(mark, number, problems), []
            else:
                held.append(line)
            continue
        if held and (mark or not line.strip()):
            yield Block("text-paragraph", "\n".join(held), began)
            held = []
        if mark:
            block = _opened(mark, number, problems)
            if block is not None and block.kind in ("if", "else", "endif"):
                yield block
            else:
                open_block = block
        elif line.strip():
            began = began if held else number
            held.append(line)
    if open_block is not None:
        problems.append(
            Problem("block-open", f"The block “{open_block.kind}” is not closed.", "Add a line `:::`.", open_block.line, 1)
        )
    elif held:
        yield Block("text-paragraph", "\n".join(held), began)


def _opened(mark: "re.Match[str]", number: int, problems: list[Problem]) -> Block | None:
    kind, rest = mark.group(1).lower(), mark.group(2)
    if not kind:
        problems.append(Problem("block-not-open", "There is no open block to close.", "Remove the line `:::`.", number, 1))
        return None
    if kind not in KINDS:
        problems.append(Problem("block-unknown", f"There is no block “{kind}”.", f"There are: {', '.join(KINDS)}.", number, 5))
        return Block("text-paragraph", "", number)
    block = Block(kind, "", number)
    if kind == "passage":
        block.name = rest
        if not re.fullmatch(r"[A-Za-z0-9_-]+", rest):
            problems.append(Problem("passage-name", "The passage has no name.", "Write `::: passage name`.", number, 1))
    elif kind == "if":
        condition = _CONDITION.match(rest)
        if condition is None or condition.group(1) not in FACTS:
            mend = f"Write `::: if country = DE, AT`; there are: {', '.join(sorted(FACTS))}."
            problems.append(Problem("fact-unknown", f"“{rest}” asks for nothing that we know.", mend, number, 1))
        else:
            block.fact = condition.group(1)
            block.values = tuple(value.strip() for value in (condition.group(2) or "").split(",") if value.strip())
    elif rest:
        problems.append(Problem("block-words", f"“{rest}” stands where a line should end.", "Move it below.", number, 1))
    return block


def _choices_closed(blocks: list[Block], problems: list[Problem]) -> None:
    open_ones: list[Block] = []
    turned: set[int] = set()
    for block in blocks:
        if block.kind == "if":
            open_ones.append(block)
        elif block.kind in ("else", "endif") and not open_ones:
            problems.append(Problem("choice-not-open", f"“{block.kind}” stands without “if”.", "Remove it.", block.line, 1))
        elif block.kind == "else":
            if id(open_ones[-1]) in turned:
                problems.append(Problem("choice-twice", "This “if” has two “else”.", "Remove one.", block.line, 1))
            turned.add(id(open_ones[-1]))
        elif block.kind == "endif":
            open_ones.pop()
        elif block.kind in ("ps", "text") and open_ones:
            words = f"The block “{block.kind}” stands inside a choice."
            problems.append(Problem("block-in-choice", words, "Move it out: it is the same for all.", block.line, 1))
    problems.extend(
        Problem("block-open", "The block “if” is not closed.", "Add a line `::: endif`.", block.line, 1) for block in open_ones
    )
