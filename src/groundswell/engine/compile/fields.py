"""Merge fields and footnote marks: found in an author's text, checked, and put down as marks that no author can type."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from groundswell.basics.result import Problem
from groundswell.engine.local import PREFIX, Local
from groundswell.engine.message import SourceNote
from groundswell.engine.pieces import Choice, Piece, Slot, Template
from groundswell.engine.render.values import FILTERS

OPEN, CLOSE = "\ue000", "\ue001"
"""What encloses a mark while a body is made: private-use characters, which no author's text may hold."""
PERSONAL = frozenset({"first_name", "region", "postcode_area"})
OF_THE_ACTION = frozenset({"count", "goal", "remaining", "action"})
_FIELD = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_NAME = re.compile(r"\s*([a-z_]+)\s*")
_FILTER = re.compile(r"\|\s*([a-z_]+)\s*(?=\||$)")
_FALLBACK = re.compile(r'\|\s*((?:[a-z]{2,3}\s*:\s*)?"[^"{}]*"(?:\s+[a-z]{2,3}\s*:\s*"[^"{}]*")*)\s*$')
_WORD = re.compile(r'(?:([a-z]{2,3})\s*:\s*)?"([^"{}]*)"')
_REFERENCE = re.compile(r"\[\^([^\]\s]+)\]")
_LINKED = re.compile(r"\]\(([^)\s]*\{\{[^)]*)\)")
_EXAMPLE = 'Write {{ first_name | "Friend" }}.'


def mark(name: str) -> str:
    """The mark `name` in a text."""
    return f"{OPEN}{name}{CLOSE}"


@dataclass(slots=True)
class Marks:
    """What the marks of one letter stand for."""

    language: str
    sources: Mapping[str, SourceNote]
    problems: list[Problem]
    local: Mapping[str, Local] = field(default_factory=dict)
    near: list[Slot] = field(default_factory=list)
    """Local fields in use, each with its fallback."""
    slots: list[Slot] = field(default_factory=list)
    cited: list[str] = field(default_factory=list)
    """Keys of sources in the order of their first use."""

    def marked(self, text: str, line: int, column: int = 1) -> str:
        """`text` with marks instead of fields and references; `line` and `column` say where it begins."""
        for tricky in _LINKED.finditer(text):
            where = _place(text, tricky.start(1), line, column)
            self._wrong("field-in-link", "A link can't hold a merge field.", "Ask blocks make personal links.", where)
        if (at := text.find("{%")) >= 0:
            where = _place(text, at, line, column)
            self._wrong("template-tag", "There is no such language here.", "Write `::: if …` for a choice.", where)
        text = _FIELD.sub(lambda found: self._field(found, _place(found.string, found.start(), line, column)), text)
        for bracket in ("{{", "}}"):
            if (at := text.find(bracket)) >= 0:
                self._wrong("field-unclosed", "A merge field is not closed.", _EXAMPLE, _place(text, at, line, column))
        return _REFERENCE.sub(lambda found: self._reference(found, _place(found.string, found.start(), line, column)), text)

    def template(self, text: str, choices: Mapping[str, tuple[str, tuple[str, ...]]], *, in_html: bool = False) -> Template:
        """The text with its marks as pieces."""
        parts = re.split(f"{OPEN}([^{CLOSE}]*){CLOSE}", text)
        stack: list[tuple[str, list[Piece], list[Piece] | None]] = [("", [], None)]
        for at, part in enumerate(parts):
            if at % 2 == 0:
                if part:
                    _into(stack).append(part)
            elif part.startswith("if:"):
                stack.append((part[3:], [], None))
            elif part.startswith("else:"):
                stack[-1] = (stack[-1][0], stack[-1][1], [])
            elif part.startswith("endif:"):
                number, then, otherwise = stack.pop()
                fact, values = choices[number]
                _into(stack).append(Choice(fact, values, tuple(then), tuple(otherwise or ())))
            elif part.startswith("near:"):
                _into(stack).append(_near(self.near[int(part[5:])], in_html))
            else:
                _into(stack).append(self.slots[int(part[5:])] if part.startswith("slot:") else Slot(part))
        return _merged(stack[0][1])

    def _field(self, found: "re.Match[str]", where: tuple[int, int]) -> str:
        inside = found.group(1)
        name = _NAME.match(inside)
        known = PERSONAL | OF_THE_ACTION | self.local.keys()
        if name is None or name.group(1) not in known:
            there = ", ".join(sorted(known))
            self._wrong("field-unknown", f"There is no field “{inside.strip()[:40]}”.", f"There are: {there}.", where)
            return ""
        rest, fallback = inside[name.end() :], None
        if words := _FALLBACK.search(rest):
            rest, fallback = rest[: words.start()], self._fallback(words.group(1), where)
        filters: list[str] = []
        rest = rest.strip()
        while rest:
            step = _FILTER.match(rest)
            if step is None or step.group(1) not in FILTERS:
                self._wrong("field-unknown", f"“{rest[:40]}” can't be done to a field.", f"There are: {', '.join(FILTERS)}.", where)
                return ""
            filters.append(step.group(1))
            rest = rest[step.end() :].strip()
        if name.group(1) not in OF_THE_ACTION and not (fallback or "").strip():
            self._wrong("fallback-missing", f"The field {name.group(1)} has no fallback.", _EXAMPLE, where)
            return ""
        if name.group(1) in self.local and name.group(1) not in PERSONAL | OF_THE_ACTION:
            return self._local(Slot(f"{PREFIX}{name.group(1)}", fallback or "", tuple(filters)), where)
        slot = Slot(name.group(1), fallback or "", tuple(filters))
        if slot not in self.slots:
            self.slots.append(slot)
        return mark(f"slot:{self.slots.index(slot)}")

    def _local(self, slot: Slot, where: tuple[int, int]) -> str:
        if slot.filters:
            self._wrong("field-unknown", "A sentence from the record stays as it is.", "Leave the filter out.", where)
        if slot not in self.near:
            self.near.append(slot)
        return mark(f"near:{self.near.index(slot)}")

    def _fallback(self, words: str, where: tuple[int, int]) -> str:
        by_language = {found.group(1) or "": found.group(2) for found in _WORD.finditer(words)}
        primary = self.language.partition("-")[0]
        chosen = by_language.get(primary, by_language.get("", ""))
        if chosen.rstrip().endswith((",", ";", ":")):
            self._wrong(
                "fallback-comma", "The fallback ends with a comma.", "The comma belongs to the letter: {{ … }}, not into it.", where
            )
        return chosen

    def _reference(self, found: "re.Match[str]", where: tuple[int, int]) -> str:
        key = found.group(1)
        if key not in self.sources:
            self._wrong("source-unknown", f"The record has no entry “{key}”.", "Cite one by its key.", where)
            return ""
        if key not in self.cited:
            self.cited.append(key)
        return mark(f"note:{self.cited.index(key) + 1}")

    def _wrong(self, code: str, message: str, mend: str, where: tuple[int, int]) -> None:
        self.problems.append(Problem(code, message, mend, *where))


def _near(slot: Slot, in_html: bool) -> Choice:
    """The sentence and who says so, where the letter knows something of the reader's place; else the fallback."""
    source, url = Slot(f"{slot.name}:source"), Slot(f"{slot.name}:url")
    said: Template = (' (<a href="', url, '">', source, "</a>)") if in_html else (" (", source, ": <", url, ">)")
    return Choice(slot.name, (), (Slot(slot.name), *said), (slot,))


def _into(stack: list[tuple[str, list[Piece], list[Piece] | None]]) -> list[Piece]:
    _, then, otherwise = stack[-1]
    return then if otherwise is None else otherwise


def _merged(pieces: list[Piece]) -> Template:
    out: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and out and isinstance(out[-1], str):
            out[-1] += piece
        else:
            out.append(piece)
    return tuple(out)


def _place(text: str, at: int, line: int, column: int) -> tuple[int, int]:
    before = text[:at]
    breaks = before.count("\n")
    return line + breaks, at - before.rfind("\n") if breaks else column + at
