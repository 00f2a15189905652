"""The two bodies of a letter from the same blocks: HTML in an MJML frame, and text.

Order in both: signature, P.S., notes, footer.
"""

import html as escaping
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt

from groundswell.engine.compile.fields import CLOSE, OPEN, mark
from groundswell.engine.compile.frame import framed
from groundswell.engine.compile.source import Block
from groundswell.engine.message import Sender, SourceNote
from groundswell.engine.words import Words, direction, words

_INLINE = MarkdownIt("commonmark", {"html": False, "linkify": False}).disable(["html_inline", "html_block"])
_NOTE = re.compile(f"{OPEN}note:(\\d+){CLOSE}")
_LIST = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class LaidOut:
    """Both bodies with their marks, and the positions of the asks in them."""

    html: str
    text: str
    positions: tuple[str, ...]


@dataclass(slots=True)
class _Parts:
    html: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    positions: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    """What each ask says in the text part, in the order of `positions`."""
    referred: set[str] = field(default_factory=set)


def lay_out(
    blocks: Sequence[Block], *, sender: Sender, notes: Sequence[SourceNote], subject: str, preview: str, language: str, layout: str
) -> LaidOut:
    """HTML and text of one letter, with marks where a person's values and choices go."""
    said = words(language)
    parts = _Parts()
    turns = 0
    open_turns: list[int] = []
    postscript: Block | None = None
    own_text: Block | None = None
    for block in blocks:
        if block.kind == "if":
            open_turns.append(turns)
            turns += 1
            _both(parts, mark(f"if:{open_turns[-1]}"))
        elif block.kind == "else":
            _both(parts, mark(f"else:{open_turns[-1]}"))
        elif block.kind == "endif":
            _both(parts, mark(f"endif:{open_turns.pop()}"))
        elif block.kind == "ask":
            _ask(parts, block, said)
        elif block.kind == "ps":
            postscript = block
        elif block.kind == "text":
            own_text = block
        else:
            parts.html.append(_paragraph(block.text, said, parts.referred))
            parts.text.append(f"{_plain(block.text)}\n\n")
    _signature(parts, sender)
    if postscript is not None:
        _postscript(parts, postscript, said)
    named = _isolated if direction(language) == "rtl" else escaping.escape
    html = [*parts.html, _html_notes(notes, said, parts.referred, named), _html_footer(sender, said, named)]
    text = parts.text if own_text is None else _own_text(own_text, parts)
    if notes:
        text = [*text, "\n".join(_text_note(number, note) for number, note in enumerate(notes, 1)) + "\n\n"]
    document = framed(
        "".join(html), subject=_bare(subject), preview=preview, language=language, layout=layout, organisation=sender.organisation
    )
    return LaidOut(document, "".join([*text, _text_footer(sender, said)]), tuple(parts.positions))


def _both(parts: _Parts, turn: str) -> None:
    parts.html.append(turn)
    parts.text.append(turn)


def _ask(parts: _Parts, block: Block, said: Words) -> None:
    position = f"body-{len(parts.positions) + 1}"
    link = mark(f"link:{position}")
    parts.positions.append(position)
    inline = _inline(_unlinked(block.text), said, set())
    parts.html.append(f'<p class="ask"><a href="{link}">{inline}</a>{_beside(block.text, said, parts.referred)}</p>')
    parts.said.append(f"{_plain(_unlinked(block.text))}{_numbers(block.text)}")
    parts.text.append(f"{parts.said[-1]}\n{link}\n\n")


def _postscript(parts: _Parts, block: Block, said: Words) -> None:
    link = mark("link:ps")
    parts.positions.append("ps")
    # The link's text is the P.S. itself; nested links would be none.
    inline = _inline(_unlinked(block.text), said, set())
    notes = _beside(block.text, said, parts.referred)
    parts.html.append(f'<p><strong>{said.postscript}</strong> <a href="{link}">{inline}</a>{notes}</p>')
    parts.said.append(f"{said.postscript} {_plain(_unlinked(block.text))}{_numbers(block.text)}")
    parts.text.append(f"{parts.said[-1]}\n{link}\n\n")


def _beside(text: str, said: Words, referred: set[str]) -> str:
    """The notes of an ask, after its link: a link inside a link would be none."""
    return _noted(_marks(text), said, referred)


def _marks(text: str) -> str:
    return "".join(found.group() for found in _NOTE.finditer(text))


def _numbers(text: str) -> str:
    return _NOTE.sub(r"[\1]", _marks(text))


def _signature(parts: _Parts, sender: Sender) -> None:
    lines = [line for line in (sender.name, sender.team, sender.website) if line]
    parts.html.append(f"<p>{'<br>'.join(escaping.escape(line) for line in lines)}</p>")
    parts.text.append("\n".join(lines) + "\n\n")


def _own_text(block: Block, parts: _Parts) -> list[str]:
    """The author's own text part: `[link]` is the next ask's; asks that it does not link follow at its end."""
    links = [mark(f"link:{position}") for position in parts.positions]
    left = list(zip(parts.said, links, strict=True))

    def link(_: "re.Match[str]") -> str:
        return left.pop(0)[1] if left else ""

    body = re.sub(r"\[link\]", link, _NOTE.sub(r"[\1]", block.text.strip()))
    return [f"{body}\n\n", *(f"{words_}\n{address}\n\n" for words_, address in left)]


def _paragraph(text: str, said: Words, referred: set[str]) -> str:
    if _LIST.match(text) or text.lstrip().startswith((">", "#")):
        return _noted(_INLINE.render(text), said, referred)
    return f"<p>{_inline(text, said, referred)}</p>"


def _inline(text: str, said: Words, referred: set[str]) -> str:
    lines = "\n".join(line.strip() if not line.endswith("  ") else f"{line.strip()}  " for line in text.strip().split("\n"))
    return _noted(_INLINE.renderInline(lines), said, referred)


def _noted(rendered: str, said: Words, referred: set[str]) -> str:
    def superscript(found: "re.Match[str]") -> str:
        number = found[1]
        # The first mark is where the note leads back to; an id may stand in a document once.
        anchor = "" if number in referred else f' id="ref-{number}"'
        referred.add(number)
        return f'<sup><a{anchor} href="#note-{number}" aria-label="{said.source.format(number)}">{number}</a></sup>'

    return _NOTE.sub(superscript, rendered.replace(' alt="" ', " "))


def _plain(text: str) -> str:
    return "\n".join(_plain_line(line) for line in _plain_lines(text))


def _plain_lines(text: str) -> list[str]:
    if _LIST.match(text):
        return [line for line in text.split("\n") if line.strip()]
    return [" ".join(line.strip() for line in text.replace("  \n", "\x00").split("\n"))] if "\x00" not in text else [text]


def _plain_line(line: str) -> str:
    (inline,) = _INLINE.parseInline(line.replace("\x00", "  \n").strip())
    parts: list[str] = []
    address = ""
    for token in inline.children or []:
        if token.type == "link_open":
            address = str(token.attrGet("href") or "")
        elif token.type == "link_close":
            parts.append(f" ({address})")
        elif token.type == "image":
            parts.append(f"[{token.content}]")
        else:
            parts.append("\n" if token.type == "hardbreak" else " " if token.type == "softbreak" else token.content)
    return _NOTE.sub(r"[\1]", "".join(parts))


def _unlinked(text: str) -> str:
    return re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", _NOTE.sub("", text))


def _bare(text: str) -> str:
    return re.sub(f"{OPEN}(?:if|else|endif):[^{CLOSE}]*{CLOSE}", "", text)


def _isolated(text: str) -> str:
    """A name as markup in a text that is written from the right: whichever way the name is written, the marks around it stay."""
    return f"<bdi>{escaping.escape(text)}</bdi>"


def _html_notes(notes: Sequence[SourceNote], said: Words, referred: set[str], named: Callable[[str], str]) -> str:
    if not notes:
        return ""
    lines = []
    for number, note in enumerate(notes, 1):
        back = f' <a href="#ref-{number}" aria-label="{said.back.format(number)}">↩</a>' if str(number) in referred else ""
        lines.append(
            f'<li id="note-{number}">“{named(note.title)}”, <a href="{escaping.escape(note.url)}">'
            f"{named(note.publisher)}</a>{escaping.escape(', ' + note.date if note.date else '')}{back}</li>"
        )
    return f'<ol class="small">{"".join(lines)}</ol>'


def _text_note(number: int, note: SourceNote) -> str:
    return f"[{number}] “{note.title}”, {note.publisher}{', ' + note.date if note.date else ''}\n    {note.url}"


def _html_footer(sender: Sender, said: Words, named: Callable[[str], str]) -> str:
    address = sender.postal_address.replace("\r", "").replace("\n", ", ")
    return (
        f'<hr><p class="small">{named(sender.organisation)}, {named(address)}<br>{named(sender.why)}<br>'
        f'<a href="{mark("unsubscribe")}">{said.unsubscribe}</a> · '
        f'<a href="{escaping.escape(sender.privacy_url)}">{said.privacy}</a></p>'
    )


def _text_footer(sender: Sender, said: Words) -> str:
    address = sender.postal_address.replace("\r", "").replace("\n", ", ")
    return (
        f"--\n{sender.organisation}, {address}\n{sender.why}\n{said.unsubscribe}: {mark('unsubscribe')}\n"
        f"{said.privacy}: {sender.privacy_url}\n"
    )
