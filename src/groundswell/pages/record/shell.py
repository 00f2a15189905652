"""What every page of the record stands in: head, style, header, footer."""

import hashlib
import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from groundswell.campaigns.queries import RecordView
from groundswell.pages.masthead import House
from groundswell.pages.publish import STYLE_NAME
from groundswell.pages.record.addresses import page_of

_STYLE = (Path(__file__).parent / "record.css").read_bytes()
STYLE = f"assets/record{hashlib.sha256(_STYLE).hexdigest()[:16]}.css"


def style_file() -> dict[str, bytes]:
    """The record's own style, named by what is in it."""
    return {STYLE: _STYLE}


def whole_page(
    view: RecordView, house: House, title: str, body: str, *, address: str, about: str, data: Mapping[str, Any]
) -> bytes:
    """A page of the record. `data` is its JSON-LD: a block of data, which no browser runs."""
    full = escape(f"{house.base_url}{address}")
    # In a script block only `<` could end it early; written as an escape it is still the same JSON.
    block = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return (
        '<!doctype html>\n<html lang="en" dir="ltr"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f'<meta name="description" content="{escape(about[:300])}"><link rel="canonical" href="{full}">'
        f'<meta property="og:title" content="{escape(title)}"><meta property="og:description" content="{escape(about[:300])}">'
        f'<meta property="og:url" content="{full}"><meta property="og:type" content="article">'
        f'<link rel="alternate" type="application/atom+xml" title="{escape(view.title)}" href="{page_of(view.slug)}/feed.atom">'
        f'<link rel="alternate" type="application/json" href="{page_of(view.slug)}/record.json">'
        f'<link rel="stylesheet" href="/{STYLE_NAME}"><link rel="stylesheet" href="/{STYLE}">'
        f'<script type="application/ld+json">{block}</script></head><body class="record">'
        f'<a class="skip" href="#main">To the content</a><header class="top"><strong>{escape(house.organisation)}</strong></header>'
        f'{body}<footer class="end">{escape(house.organisation)} · <a href="{escape(house.privacy_url)}">Privacy</a>'
        f'<span class="print-only"> · {full}</span></footer></body></html>\n'
    ).encode()


def linked(url: str, title: str) -> str:
    """The title, linked where the address is one of the web: a source typed as `javascript:` stays plain text."""
    if urlsplit(url).scheme not in ("http", "https"):
        return escape(title)
    return f'<a href="{escape(url)}" rel="noreferrer">{escape(title)}</a>'
