"""A plain letter pasted as it was archived: it becomes an appeal, and everything recognised is shown for confirmation.

Nothing is reworded: what is not recognised stays as it is.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from groundswell.engine.message import SourceNote

_ASKING = (
    "Add", "Ask", "Call", "Demand", "Help", "Join", "Send", "Share", "Sign", "Stop", "Take", "Tell", "Urge", "Write",
    "Fordere", "Fordern", "Sage", "Sagen", "Schreib", "Unterschreib", "Unterzeichne", "Demandez", "Dites", "Exigez", "Signez",
    "Dile", "Exige", "Firma", "Pide",
)  # fmt: skip
_NOTES = re.compile(
    r"(?:^|(?<=\s))(\d{1,2})\.\s+[“\"«]([^”\"»]+?),?[”\"»],?\s+([^,\n]+?),\s+"
    r"(\w+\.? \d{1,2}, \d{4}|\d{1,2}\.? \w+ \d{4}|\d{4}-\d\d-\d\d)"
)
_POSTSCRIPT = re.compile(r"(?:^|(?<=\s))P\.?\s?S\.?:?\s+(?=\S)")
_GREETING = re.compile(r"\A\s*((?:Dear|Hello|Hi|Liebe[r]?|Hallo|Querid[oa]|Hola|Chère?|Cher)\s+)?([^\s,.!?]{2,20})([,!])\s+")
_THANKS = re.compile(r"((?:Thanks|Thank you|Danke|Merci|Gracias)\b[^.!?\n]{0,60}?[,.!])\s+((?:(?![.!?]\s).){3,160})\Z", re.DOTALL)
_SENTENCE = re.compile(r"(?<=[.!?])(?:\d{1,2})?(?=\s+\S)|(?<=[.!?][”\"’])(?:\d{1,2})?(?=\s+\S)")
_MUST_NOW = re.compile(r"\bmust\b.*\b(?:today|now)[.!]$")
_MARK = re.compile(r"(?<=[.!?”\"’])(\d{1,2})(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Recognised:
    """One thing found in a pasted letter: what it is taken for, and its own words."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Pasted:
    """The appeal made from a pasted letter. `notes` are sources to be matched with the record's entries by a person."""

    appeal: str
    recognised: tuple[Recognised, ...]
    notes: tuple[SourceNote, ...]


def read_pasted(text: str, *, subject: str = "") -> Pasted:
    """Greeting field, asks, P.S. and footnotes of a plain letter, the rest untouched."""
    found: list[Recognised] = []
    body = text.replace("\r\n", "\n").strip()
    notes = tuple(_notes(body))
    if notes:
        body = body[: next(_NOTES.finditer(body)).start()].rstrip(" |\n")
        found += [Recognised("footnote", f"“{note.title},” {note.publisher}, {note.date}") for note in notes]
    postscript = ""
    if marks := list(_POSTSCRIPT.finditer(body)):
        postscript, body = body[marks[-1].end() :].strip(), body[: marks[-1].start()].rstrip()
        found.append(Recognised("P.S.", postscript))
    greeting = ""
    if opened := _GREETING.match(body):
        before, word, after = opened.group(1) or "", opened.group(2), opened.group(3)
        fallback = word if not before else "friend"
        greeting, body = f'{before}{{{{ first_name | "{fallback}" }}}}{after}', body[opened.end() :]
        found.insert(0, Recognised("greeting", opened.group().strip()))
    thanks = ""
    if closed := _THANKS.search(body):
        thanks, body = closed.group(1), body[: closed.start()].rstrip()
        found.append(Recognised("signature (the sender profile writes it)", closed.group(2)))
    numbers = {note.key.removeprefix("note-") for note in notes}

    def cited(passage: str) -> str:
        return _MARK.sub(lambda mark: f"[^note-{mark[1]}]" if mark[1] in numbers else mark[0], passage)

    parts = [greeting] if greeting else []
    for paragraph in re.split(r"\n\s*\n", body):
        parts += _paragraphs(paragraph, found, cited)
    if thanks:
        parts.append(thanks)
    if postscript:
        parts.append(f"::: ps\n{cited(postscript)}\n:::")
    head = f"---\nsubject: {subject}\n---\n"
    return Pasted(head + "\n\n".join(parts) + "\n", tuple(found), notes)


def _notes(body: str) -> Iterator[SourceNote]:
    for number, title, publisher, dated in _NOTES.findall(body):
        yield SourceNote(f"note-{number}", publisher.strip(), title.strip(), "", dated)


def _paragraphs(paragraph: str, found: list[Recognised], cited: Callable[[str], str]) -> Iterator[str]:
    rest: list[str] = []
    for sentence in _sentences(paragraph):
        if sentence.split(" ", 1)[0] in _ASKING or _MUST_NOW.search(sentence):
            if rest:
                yield cited(" ".join(rest))
                rest = []
            found.append(Recognised("ask", sentence))
            yield f"::: ask\n{sentence}\n:::"
        else:
            rest.append(sentence)
    if rest:
        yield cited(" ".join(rest))


def _sentences(paragraph: str) -> Iterator[str]:
    flat, start = " ".join(paragraph.split()), 0
    for end in _SENTENCE.finditer(flat):
        yield flat[start : end.end()].strip()
        start = end.end()
    if flat[start:].strip():
        yield flat[start:].strip()
