"""What is printed: the parts with cover, texts and names, the box labels, the press sheet."""

import json
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from groundswell.basics.result import Refused
from groundswell.deliveries.writing.files import Written, finished, private
from groundswell.deliveries.writing.lines import Counts
from groundswell.deliveries.writing.table import Part, Table
from groundswell.deliveries.writing.typeset import DISK, FONTS

PATIENCE = 300
"""Seconds for one document."""
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable(["image"])
_LONG = re.compile(r"(\S{24})(?=\S)")
_SILENT = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})
"""Kinds of signs that nothing is drawn for."""
_ISOLATED, _END = "\u2068", "\u2069"
"""FSI and PDI (UAX 9): a name from right to left turns neither the number before it nor the place behind it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What every page says."""

    slug: str
    title: str
    language: str
    organisation: str
    target: str
    at: datetime
    texts: Mapping[int, tuple[str, str]]
    counts: Counts
    fonts: Path


UNDRAWN = "(a name in letters that this print does not have; it stands in the table)"
_WORDS_UNDRAWN = "(words in letters that this print does not have; they stand in the table)"


def parts(folder: Path, sheet: Sheet, table: Table) -> list[Written]:
    """One PDF per part. The pieces that `table.write` left are used up.

    Where a name or a reason holds a sign of `table.undrawn`, words stand for it and no box: the signer counts all the same.
    """
    done = []
    for part in table.parts:
        lines, reasons = _lines(folder / f"lines-{part.number}.json", many=len(sheet.texts) > 1, undrawn=table.undrawn)
        _write(folder / "printed.json", lines)
        _write(folder / "head.json", {**_head(sheet, table), **_part(sheet, table, part), "reasons": reasons})
        name = f"{sheet.slug}-part-{part.number}-of-{len(table.parts)}.pdf"
        _typeset(folder, "part", "head.json", "printed.json", name, sheet)
        done.append(finished(folder / name, "pdf", total=part.last - part.first + 1, per_version=part.per_version,
                             part=part.number, parts=len(table.parts)))  # fmt: skip
        (folder / f"lines-{part.number}.json").unlink()
    return done


def label(folder: Path, sheet: Sheet, table: Table) -> Written:
    """A label for each box: one per printed part."""
    boxes = [{"number": str(part.number), "first": f"{part.first:,}", "last": f"{part.last:,}"} for part in table.parts]
    return _single(folder, sheet, table, "label", "box-labels.pdf", "box label", {"boxes": boxes})


def press(folder: Path, sheet: Sheet, table: Table) -> Written:
    """The sheet for the press."""
    return _single(folder, sheet, table, "press", "press-sheet.pdf", "press sheet", {})


def undrawable(folder: Path, sheet: Sheet, table: Table) -> list[str]:
    """Signs of names, places and reasons that no font here can draw, noted on the table as well: call it before printing.

    `Refused` where the petition itself could not be printed.
    """
    said = "".join([sheet.title, sheet.target, sheet.organisation, *(part for text in sheet.texts.values() for part in text)])
    unusual = sorted(sign for sign in {*table.signs, *said} if _unusual(sign))
    if not unusual:
        return []
    _write(folder / "head.json", {"fonts": FONTS})
    _write(folder / "signs.json", unusual)
    missing = [str(sign) for sign in json.loads(_typeset(folder, "signs", "head.json", "signs.json", "", sheet))]
    if lost := sorted(set(missing) & set(said)):
        raise Refused.because(
            "pdf-fonts", f"No font here draws the petition's own words ({''.join(lost[:20])}); nothing was handed over.",
            f"Put fonts into {sheet.fonts}, or install Noto (fonts-noto-core, fonts-noto-cjk); or ask for CSV alone.",
        )  # fmt: skip
    table.undrawn = frozenset(missing)
    return missing


def _unusual(sign: str) -> bool:
    """Latin with its accents is in every font that we bring."""
    return ord(sign) > 0x24F and unicodedata.category(sign) not in _SILENT


def clear(folder: Path) -> None:
    """Nothing but the files that are handed over stays."""
    for name in ("head.json", "printed.json", "signs.json"):
        (folder / name).unlink(missing_ok=True)


def _single(folder: Path, sheet: Sheet, table: Table, template: str, name: str, kind: str, more: dict[str, Any]) -> Written:
    _write(folder / "head.json", {**_head(sheet, table), "texts": _texts(sheet, {}), "parts": str(len(table.parts)), **more})
    _typeset(folder, template, "head.json", "", name, sheet)
    return finished(folder / name, kind, total=table.total, per_version=table.per_version)


def _head(sheet: Sheet, table: Table) -> dict[str, Any]:
    named = [f"{place} {number:,}" for place, number in sheet.counts.per_place.items()
             if place and table.undrawn.isdisjoint(place)]  # fmt: skip
    elsewhere = sheet.counts.per_place.get("", 0)
    return {
        "title": sheet.title, "language": sheet.language.split("-")[0], "organisation": sheet.organisation, "target": sheet.target,
        "day": f"{sheet.at:%Y-%m-%d %H:%M} UTC", "total": f"{table.total:,}", "fonts": FONTS,
        "unit": "signature" if table.total == 1 else "signatures", "list_sha256": table.list_sha256,
        "list_short": table.list_sha256[:16],
        "places": " · ".join([*named[:40], *([f"elsewhere {elsewhere:,}"] if named and elsewhere else [])]),
    }  # fmt: skip


def _part(sheet: Sheet, table: Table, part: Part) -> dict[str, Any]:
    nameless = sheet.counts.nameless
    shown = "Names are shown as each signer agreed: first name and initial, and the region."
    return {
        "part": str(part.number), "parts": str(len(table.parts)), "first": f"{min(part.first, max(part.last, 1)):,}",
        "last": f"{part.last:,}", "part_sha256": part.sha256, "texts": _texts(sheet, part.per_version),
        "shown": shown + (f" {nameless:,} asked to stay “A supporter”." if nameless else ""),
    }  # fmt: skip


def _texts(sheet: Sheet, here: Mapping[int, int]) -> list[dict[str, Any]]:
    return [
        {
            "number": str(number), "title": sheet.texts[number][0], "blocks": blocks(sheet.texts[number][1]),
            "here": f"{here.get(number, 0):,}", "all": f"{count:,}",
        }
        for number, count in sheet.counts.per_version.items()
    ]  # fmt: skip


def _lines(path: Path, *, many: bool, undrawn: frozenset[str]) -> tuple[list[str], list[tuple[str, str]]]:
    content = json.loads(path.read_text())
    if undrawn:
        content = [
            (
                number, name if undrawn.isdisjoint(name) else UNDRAWN, place if undrawn.isdisjoint(place) else "", version,
                words if undrawn.isdisjoint(words) else _WORDS_UNDRAWN,
            )
            for number, name, place, version, words in content
        ]  # fmt: skip
    texts = {version: f" ({version})" for _, _, _, version, _ in content} if many else {}
    lines = [
        f"{number} {_ISOLATED}{_breakable(name)}{_END}{f', {place}' if place else ''}{texts.get(version, '')}"
        for number, name, place, version, _ in content
    ]
    reasons = [
        (f"{_ISOLATED}{_breakable(name)}{_END}{f', {place}' if place else ''}", f"{_ISOLATED}{_breakable(words)}{_END}")
        for _, name, place, _, words in content if words
    ]  # fmt: skip
    return lines, reasons


def _breakable(text: str) -> str:
    """A name without a space stays in its column: it may be broken where it would run into the next one."""
    return _LONG.sub("\\1\u200b", text) if len(text) > 24 else text


def blocks(text: str) -> list[dict[str, Any]]:
    """The petition's Markdown as paragraphs, items and headings of styled runs: data, never markup for the typesetter."""
    found: list[dict[str, Any]] = []
    kind, in_item = "text", 0
    for token in _MARKDOWN.parse(text):
        if token.type == "list_item_open":
            in_item += 1
        elif token.type == "list_item_close":
            in_item -= 1
        elif token.type in ("heading_open", "paragraph_open"):
            kind = "head" if token.type == "heading_open" else "item" if in_item else "text"
        elif token.type == "inline":
            found.append({"kind": kind, "runs": _runs(token.children or [])})
        elif token.type in ("code_block", "fence"):
            found.append({"kind": "text", "runs": [("", token.content)]})
    return found


def _runs(children: list[Token]) -> list[tuple[str, str]]:
    runs: list[tuple[str, str]] = []
    style = ""
    for child in children:
        if child.type in ("strong_open", "em_open"):
            style = "strong" if child.type == "strong_open" else "emph"
        elif child.type in ("strong_close", "em_close"):
            style = ""
        elif child.type in ("softbreak", "hardbreak"):
            runs.append((style, " "))
        elif child.content:
            runs.append((style, child.content))
    return runs


def _write(path: Path, content: object) -> None:
    with private(path) as file:
        file.write(json.dumps(content, ensure_ascii=False).encode())


def _typeset(folder: Path, template: str, head: str, lines: str, out: str, sheet: Sheet) -> str:
    """Run the typesetter in a process of its own; a document that can't be made is refused, without quoting anybody."""
    moment = str(int(sheet.at.timestamp()))
    done = subprocess.run(
        [sys.executable, "-m", "groundswell.deliveries.writing.typeset", str(folder), template, head, lines, out, moment,
         str(sheet.fonts)],
        capture_output=True, text=True, check=False, timeout=PATIENCE, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    if done.returncode == DISK:
        raise Refused.because(
            "disk-full", "The disk is full: the PDF could not be written, and nothing was handed over.",
            "Make room, then make it again: it will be the same.",
        )  # fmt: skip
    if done.returncode:
        raise Refused.because(
            "pdf-failed",
            "The PDF could not be made; nothing was handed over.",
            "Ask for CSV alone, and tell us with the petition's text.",
        )
    return done.stdout
