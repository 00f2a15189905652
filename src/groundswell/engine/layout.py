"""The two bodies of a letter from the same blocks: HTML in an MJML frame, and text.

Order in both: signature, P.S., notes, footer.
"""

import html as escaping
import re
from collections.abc import Sequence
from dataclasses import dataclass

import css_inline
import mrml
from markdown_it import MarkdownIt

from groundswell.engine.message import CLOSE, OPEN, Sender, SourceNote, slot

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False}).disable(["image", "html_inline", "html_block"])
_NOTE = re.compile(f"{OPEN}note:(\\d+){CLOSE}")
_STYLE = """
  body { background: #ffffff; }
  a { color: #8a1c3b; }
  .ask a { color: #ffffff; background: #8a1c3b; text-decoration: none; font-weight: bold; padding: 12px 20px;
           border-radius: 6px; display: inline-block; }
  .small { color: #555555; font-size: 14px; }
"""
_DARK = """
  @media (prefers-color-scheme: dark) {
    body, div, td { background: #16161a !important; color: #f1f1f4 !important; }
    a { color: #ffb3c6 !important; }
    .ask a { background: #ffb3c6 !important; color: #16161a !important; }
    .small { color: #c6c6cf !important; }
  }
"""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, an ask or the P.S., with its slots in place, and the line it began on."""

    kind: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class LaidOut:
    """Both bodies, and the positions of the asks in them."""

    html: str
    text: str
    positions: tuple[str, ...]


def lay_out(
    blocks: Sequence[Block], *, sender: Sender, notes: Sequence[SourceNote], subject: str, preview: str, language: str,
    direction: str,
) -> LaidOut:  # fmt: skip
    """HTML and text of one letter."""
    positions: list[str] = []
    html_parts: list[str] = []
    text_parts: list[str] = []
    postscript: tuple[str, str] | None = None
    for block in blocks:
        if block.kind == "text":
            html_parts.append(_paragraph(_inline(block.text)))
            text_parts.append(_plain(block.text))
            continue
        position = "ps" if block.kind == "ps" else f"body-{len(positions) + 1}"
        positions.append(position)
        link = slot(f"link:{position}")
        if block.kind == "ps":
            # The link's text is the P.S. itself; nested links would be none.
            words = _inline(_unlinked(block.text))
            postscript = (
                _paragraph(f'<strong>P.S.</strong> <a href="{link}">{words}</a>'), f"P.S. {_plain(block.text)}\n{link}"
            )  # fmt: skip
        else:
            html_parts.append(f'<p class="ask"><a href="{link}">{_inline(_unlinked(block.text))}</a></p>')
            text_parts.append(f"{_plain(block.text)}\n{link}")
    signature = [sender.name, f"{sender.team}", sender.website]
    html_parts.append(_paragraph("<br>".join(escaping.escape(line) for line in signature if line)))
    text_parts.append("\n".join(line for line in signature if line))
    if postscript:
        html_parts.append(postscript[0])
        text_parts.append(postscript[1])
    if notes:
        html_parts.append(_html_notes(notes))
        text_parts.append("\n".join(_text_note(number, note) for number, note in enumerate(notes, 1)))
    html_parts.append(_html_footer(sender))
    text_parts.append(_text_footer(sender))
    document = _document("".join(html_parts), subject, preview, language, direction)
    return LaidOut(document, "\n\n".join(text_parts) + "\n", tuple(positions))


def _document(content: str, subject: str, preview: str, language: str, direction: str) -> str:
    # MJML gives the frame that every mail client shows; the content goes in afterwards, so that an author's text is
    # never read as layout.
    align = "right" if direction == "rtl" else "left"
    frame = mrml.to_html(
        f'<mjml lang="{language}" dir="{direction}"><mj-head><mj-title>TITLE-HERE</mj-title>'
        "<mj-preview>PREVIEW-HERE</mj-preview></mj-head>"
        '<mj-body width="620px"><mj-section padding="16px 8px"><mj-column>'
        f'<mj-text align="{align}" font-family="Georgia, serif" font-size="18px" line-height="1.55" color="#1b1b1f">'
        "CONTENT-HERE</mj-text></mj-column></mj-section></mj-body></mjml>"
    )
    page = str(getattr(frame, "content", frame))
    page = re.sub(r"<!--\[if [^>]*>.*?<!\[endif\]-->|<!--\[if !mso.*?-->|<!--<!\[endif\]-->", "", page, flags=re.DOTALL)
    page = re.sub(r'<link[^>]*>|@import [^;]*;|<style type="text/css">\s*</style>', "", page)
    page = page.replace("CONTENT-HERE", content).replace("</head>", f"<style>{_STYLE}</style></head>", 1)
    page = css_inline.inline(page, keep_style_tags=False)
    page = page.replace("TITLE-HERE", escaping.escape(subject)).replace("PREVIEW-HERE", escaping.escape(preview))
    return page.replace("</head>", f"<style>{_DARK}</style></head>", 1)


def _inline(text: str) -> str:
    rendered = _MARKDOWN.renderInline(text.replace("\n", " "))
    return _NOTE.sub(
        lambda found: f'<sup><a id="ref-{found[1]}" href="#note-{found[1]}" aria-label="Source {found[1]}">{found[1]}</a></sup>',
        rendered,
    )


def _plain(text: str) -> str:
    (inline,) = _MARKDOWN.parseInline(text.replace("\n", " "))
    parts: list[str] = []
    address = ""
    for token in inline.children or []:
        if token.type == "link_open":
            address = str(token.attrGet("href") or "")
        elif token.type == "link_close":
            parts.append(f" ({address})")
        else:
            parts.append("\n" if token.type == "hardbreak" else token.content)
    return _NOTE.sub(r"[\1]", "".join(parts))


def _unlinked(text: str) -> str:
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", _NOTE.sub("", text))


def _paragraph(content: str) -> str:
    return f"<p>{content}</p>"


def _html_notes(notes: Sequence[SourceNote]) -> str:
    lines = (
        f'<li id="note-{number}">“{escaping.escape(note.title)}”, <a href="{escaping.escape(note.url)}">'
        f"{escaping.escape(note.publisher)}</a>{escaping.escape(', ' + note.date if note.date else '')} "
        f'<a href="#ref-{number}" aria-label="Back to the text, source {number}">↩</a></li>'
        for number, note in enumerate(notes, 1)
    )
    return f'<ol class="small">{"".join(lines)}</ol>'


def _text_note(number: int, note: SourceNote) -> str:
    return f"[{number}] “{note.title}”, {note.publisher}{', ' + note.date if note.date else ''}\n    {note.url}"


def _html_footer(sender: Sender) -> str:
    address = escaping.escape(sender.postal_address.replace("\n", ", "))
    return (
        f'<hr><p class="small">{escaping.escape(sender.organisation)}, {address}<br>{escaping.escape(sender.why)}<br>'
        f'<a href="{slot("unsubscribe")}">Unsubscribe</a> · '
        f'<a href="{escaping.escape(sender.privacy_url)}">Privacy</a></p>'
    )


def _text_footer(sender: Sender) -> str:
    address = sender.postal_address.replace("\n", ", ")
    return f"--\n{sender.organisation}, {address}\n{sender.why}\nUnsubscribe: {slot('unsubscribe')}\nPrivacy: {sender.privacy_url}"
