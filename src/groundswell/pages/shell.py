"""The frame around every public page: head, skip link, header, footer. One style sheet, one small script, nothing foreign."""

import hashlib
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from groundswell.pages.words import direction, words

if TYPE_CHECKING:
    from groundswell.pages.masthead import House

_THEME = Path(__file__).parent / "theme"
SCRIPT = (_THEME / "groundswell.js").read_bytes()
SCRIPT_NAME = f"assets/{hashlib.sha256(SCRIPT).hexdigest()[:16]}.js"


def style(own: bytes = b"") -> tuple[str, bytes]:
    """Name and content of the style sheet: ours, and behind it the organisation's own lines, in one file."""
    content = (_THEME / "groundswell.css").read_bytes() + own
    return f"assets/{hashlib.sha256(content).hexdigest()[:16]}.css", content


@dataclass(frozen=True, slots=True)
class Head:
    """What the head says beyond the title: for search engines, and for whoever shows the link."""

    description: str = ""
    address: str = ""
    image: str = ""
    languages: tuple[tuple[str, str], ...] = ()
    """Language → address of the same page in it."""
    script: bool = False
    bare: bool = False
    """Without header and footer: for a frame on another site."""


def document(*, title: str, body: str, house: "House", language: str, head: Head | None = None) -> bytes:
    """The whole page. `body` is markup; everything else is text."""
    head, said = head or Head(), words(language)
    name, _ = style(house.theme.css)
    script = f'<script src="/{SCRIPT_NAME}" defer></script>' if head.script else ""
    bare = head.bare
    logo = f'<img src="/{house.theme.logo}" alt="" height="40">' if house.theme.logo else ""
    top = f'<header class="top">{logo}<strong>{escape(house.organisation)}</strong></header>'
    privacy = f'<a href="{escape(house.privacy_url)}">{said["privacy"]}</a>'
    end = f'<footer class="end">{escape(house.organisation)} · {privacy}</footer>'
    return (
        f'<!doctype html>\n<html lang="{escape(language)}" dir="{direction(language)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f"{_meta(title, head, house)}"
        f'<link rel="stylesheet" href="/{name}">{script}</head><body>'
        f'<a class="skip" href="#main">{said["skip"]}</a>{"" if bare else top}{body}{"" if bare else end}'
        "</body></html>\n"
    ).encode()


def _meta(title: str, head: Head, house: "House") -> str:
    if not head.address:
        return ""
    tags = [
        f'<link rel="canonical" href="{escape(head.address)}">',
        f'<meta name="description" content="{escape(head.description)}">',
        f'<meta property="og:type" content="website"><meta property="og:title" content="{escape(title)}">',
        f'<meta property="og:description" content="{escape(head.description)}">',
        f'<meta property="og:url" content="{escape(head.address)}">',
        f'<meta property="og:site_name" content="{escape(house.organisation)}">',
    ]
    if head.image:
        tags.append(
            f'<meta property="og:image" content="{escape(head.image)}"><meta property="og:image:width" content="1200">'
            '<meta property="og:image:height" content="630"><meta name="twitter:card" content="summary_large_image">'
        )
    tags += [
        f'<link rel="alternate" hreflang="{escape(language)}" href="{escape(address)}">' for language, address in head.languages
    ]
    return "".join(tags)
