"""Footnotes of a page: `[^key]` cites an entry of the record; the number follows the order of first use."""

import re
from collections.abc import Mapping
from html import escape

from groundswell.engine.message import SourceNote

CITED = re.compile(r"\[\^([A-Za-z0-9_-]+)\]")
_MARK = re.compile("\ue000(\\d+)\ue001")


def with_marks(text: str, sources: Mapping[str, SourceNote]) -> tuple[str, list[SourceNote]]:
    """The text with a mark for each reference, and the notes in order. An unknown key stays as it was typed: visible."""
    order: list[str] = []

    def mark(found: re.Match[str]) -> str:
        key = found.group(1)
        if key not in sources:
            return found.group()
        if key not in order:
            order.append(key)
        return f"\ue000{order.index(key) + 1}\ue001"

    clean = text.replace("\ue000", "").replace("\ue001", "")
    return CITED.sub(mark, clean), [sources[key] for key in order]


def as_links(html: str) -> str:
    """The marks in rendered HTML as links to their notes."""
    return _MARK.sub(
        lambda found: f'<sup><a id="ref-{found[1]}" href="#note-{found[1]}" aria-label="Source {found[1]}">{found[1]}</a></sup>',
        html,
    )


def listed(notes: list[SourceNote], campaign: str) -> str:
    """The notes under a text; each leads to its entry, which says what became of it."""
    if not notes:
        return ""
    items = "".join(
        f'<li id="note-{number}">{escape(note.publisher)}, <a href="/record/{escape(campaign)}/e/{escape(note.key.split("--")[0])}">'
        f"{escape(note.title)}</a>{', ' + escape(note.date) if note.date else ''}</li>"
        for number, note in enumerate(notes, 1)
    )
    return f'<section class="notes" aria-label="Sources"><h2>Sources</h2><ol>{items}</ol></section>'
