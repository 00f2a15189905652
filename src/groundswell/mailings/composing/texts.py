"""An appeal's text changed in one place, the rest left as its author typed it. Pure."""

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from groundswell.engine.message import SourceNote
from groundswell.engine.pieces import Choice, Slot, Template

SNIPPETS: Mapping[str, tuple[str, str]] = {
    "greeting": ("Greeting", '{{ first_name | "Friend" }},'),
    "ask": ("Ask", "::: ask\nWhat you want the reader to do\n:::"),
    "ps": ("P.S.", "::: ps\nWhat you want the reader to do, once more\n:::"),
    "passage": ("Passage", "::: passage name\nA piece of text with a name\n:::"),
    "choice": ("Choice", "::: if country = DE, AT\nFor readers there.\n\n::: else\nFor everybody else.\n\n::: endif"),
    "count": ("Live count", "{{ count }} of {{ goal }}"),
}
"""What the buttons beside the text put in: name and words."""
_HEAD = re.compile(r"\A---[ \t]*\n(.*?\n)?---[ \t]*(?:\n|\Z)", re.DOTALL)
_PS = re.compile(r"(?m)^:::[ \t]*(?:ps|text)\b")


def even(text: str) -> str:
    """The text with one kind of line end: what browsers send and files hold differs."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def with_head(appeal: str, key: str, value: str, *, only_there: bool = False) -> str:
    """The appeal with `key: value` in its front matter; `only_there` changes no appeal that does not name the key."""
    appeal, value = even(appeal), " ".join(value.split())
    found = _HEAD.match(appeal)
    if found is None:
        return appeal if only_there else f"---\n{key}: {value}\n---\n{appeal}"
    head = found.group(1) or ""
    line = re.compile(rf"(?m)^[ \t]*{re.escape(key)}[ \t]*:.*$")
    if line.search(head):
        head = line.sub(lambda _: f"{key}: {value}", head, count=1)
    elif not only_there:
        head += f"{key}: {value}\n"
    return f"---\n{head}---\n{appeal[found.end() :]}"


def with_reference(appeal: str, key: str, line: int = 0) -> str:
    """`[^key]` at the end of this line; at the end of the last paragraph before the P.S. where the line says nothing."""
    lines = even(appeal).split("\n")
    if not 0 < line <= len(lines) or not lines[line - 1].strip() or lines[line - 1].startswith((":::", "---")):
        head = _HEAD.match(even(appeal))
        first = head.group().count("\n") + 1 if head else 1
        line = _last_paragraph(lines, first)
    if not line:
        return f"{even(appeal).rstrip()}\n\n[^{key}]\n"
    lines[line - 1] = f"{lines[line - 1].rstrip()}[^{key}]"
    return "\n".join(lines)


def with_block(appeal: str, words: str) -> str:
    """These words as paragraphs of their own, before the P.S. or at the end."""
    appeal = even(appeal)
    place = _PS.search(appeal)
    if place is None or words.startswith(("::: ps", "::: text")):
        return f"{appeal.rstrip()}\n\n{words}\n"
    return f"{appeal[: place.start()].rstrip()}\n\n{words}\n\n{appeal[place.start() :]}"


def cited_instead(appeal: str, old: str, new: str) -> str:
    """Every reference to `old` made one to `new`, and the second source of the one that of the other."""
    return re.sub(rf"\[\^{re.escape(old)}(--\d+)?\]", f"[^{new}]", appeal)


def own_text(template: Template, notes: Sequence[SourceNote], footer_mark: str) -> str:
    """The generated text part as a `text` block that its author can change: links, fields and references as they are typed."""
    text = "".join(_typed(template))
    text = text[: text.rfind(footer_mark)] if footer_mark in text else text
    if notes:
        text = text.partition(f"[1] “{notes[0].title}”")[0]
    for number, note in enumerate(notes, 1):
        text = text.replace(f"[{number}]", f"[^{note.key}]")
    return f"::: text\n{text.strip()}\n:::"


def changes(old: str, new: str) -> list[tuple[str, str]]:
    """The two texts line by line: `same`, `gone` or `new`, and the line."""
    before, after = even(old).split("\n"), even(new).split("\n")
    found: list[tuple[str, str]] = []
    for how, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if how == "equal":
            found += [("same", line) for line in before[a:b]]
        else:
            found += [("gone", line) for line in before[a:b]] + [("new", line) for line in after[c:d]]
    return found


def _last_paragraph(lines: Sequence[str], first: int) -> int:
    inside = ""
    last = 0
    for number, line in enumerate(lines, 1):
        if number < first:
            continue
        if line.startswith(":::"):
            inside = line[3:].strip().partition(" ")[0]
            if inside in ("if", "else", "endif"):
                inside = ""
        elif line.strip() and inside in ("", "passage"):
            last = number
    return last


def _typed(template: Template) -> list[str]:
    parts = []
    for piece in template:
        if isinstance(piece, str):
            parts.append(piece)
        elif isinstance(piece, Choice):
            # A text part of one's own can't choose: it says what most read.
            parts += _typed(piece.otherwise or piece.then)
        else:
            parts.append(_slot(piece))
    return parts


def _slot(slot: Slot) -> str:
    if slot.name.startswith("link:"):
        return "[link]"
    filters = "".join(f" | {name}" for name in slot.filters)
    fallback = f' | "{slot.fallback}"' if slot.fallback else ""
    return f"{{{{ {slot.name}{filters}{fallback} }}}}"
