"""A plain letter, pasted: what was recognised, one thing at a time, for a person to confirm; then an appeal of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from groundswell.engine.compile.paste import read_pasted
from groundswell.engine.message import SourceNote

_WORDS = {
    "greeting": "The greeting: a reader's first name, with this word where it is not known",
    "ask": "An ask: one sentence with the link",
    "P.S.": "The P.S., with the link once more",
    "footnote": "A note: the source of a claim",
    "signature": "The signature: the sender profile writes it",
}


@dataclass(frozen=True, slots=True)
class Found:
    """One thing recognised. `id` names it in the form; for a note, `suggested` is the record's entry that fits best."""

    id: str
    kind: str
    meaning: str
    words: str
    note: str = ""
    suggested: str = ""


def recognised(text: str, sources: Mapping[str, SourceNote]) -> list[Found]:
    """What stands in a pasted letter, in the order in which it was found; notes with the record's entry that fits best."""
    pasted = read_pasted(text)
    notes = iter(pasted.notes)
    found = []
    for number, each in enumerate(pasted.recognised):
        kind = each.kind.partition(" ")[0]
        note = next(notes) if kind == "footnote" else None
        found.append(
            Found(
                str(number), kind, _WORDS.get(kind, each.kind), each.words, note.key if note else "",
                best_source(note, sources) if note else "",
            )
        )  # fmt: skip
    return found


def best_source(note: SourceNote, sources: Mapping[str, SourceNote]) -> str:
    """The key of the record's source with the same title; else of the same publisher, and words in common. Empty: none fits."""
    wanted = _bag(note.title)
    best, most = "", 0.0
    for key, source in sources.items():
        words = _bag(source.title)
        share = len(wanted & words) / max(1, len(wanted | words))
        same = _bag(note.publisher) & _bag(source.publisher)
        points = share + (0.3 if same else 0.0) + (0.2 if note.date and _year(note.date) == _year(source.date) else 0.0)
        if share >= 0.25 and points > most:
            best, most = key, points
    return best


def appeal_of(text: str, *, subject: str, confirmed: Sequence[str], cited: Mapping[str, str]) -> str:
    """The appeal of a pasted letter, with what a person confirmed; all else stays the words that it was.

    `cited` says which source of the record stands for a note (`note-1` → key); a note without one keeps its words, and its
    mark its digit.
    """
    pasted = read_pasted(text, subject=subject)
    appeal = pasted.appeal
    taken = set(confirmed)
    notes: list[tuple[str, str]] = []
    for number, each in enumerate(pasted.recognised):
        kind = each.kind.partition(" ")[0]
        if kind == "footnote":
            notes.append((str(number), each.words))
        elif str(number) not in taken:
            appeal = _as_it_was(appeal, kind, each.words)
    for (number_, words), note in zip(notes, pasted.notes, strict=True):
        appeal = _noted(appeal, note, cited.get(note.key, "") if number_ in taken else "", words)
    return appeal


def _noted(appeal: str, note: SourceNote, key: str, words: str) -> str:
    mark, digit = f"[^{note.key}]", note.key.removeprefix("note-")
    if key:
        return appeal.replace(mark, f"[^{key}]")
    return f"{appeal.replace(mark, digit).rstrip()}\n\n{digit}\\. {words}\n"


def _as_it_was(appeal: str, kind: str, words: str) -> str:
    if kind == "greeting":
        return re.sub(r'\{\{ first_name \| "([^"]*)" \}\}', lambda _: words.rstrip(",! ").rpartition(" ")[2], appeal, count=1)
    if kind == "ask":
        return appeal.replace(f"::: ask\n{words}\n:::", words, 1)
    if kind == "P.S.":
        return re.sub(r"(?s)::: ps\n(.*?)\n:::", lambda found: f"P.S. {found.group(1)}", appeal, count=1)
    place = appeal.find("\n\n::: ps")
    return f"{appeal.rstrip()}\n{words}\n" if place < 0 else f"{appeal[:place]}\n{words}{appeal[place:]}"


def _bag(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.casefold()) if len(word) > 2}


def _year(text: str) -> str:
    found = re.search(r"(?:19|20)\d\d", text)
    return found.group() if found else ""
