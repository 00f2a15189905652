"""The picture that shows where a petition's link is shared: set here, from its own words and the theme's colours.

Typst sets it, as it sets the printed hand-over: every script that a font at hand can draw, from right to left where it is.
Further fonts lie in the data folder's `fonts`.
"""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

import typst

from groundswell.pages.words import base, direction

SIZE = (1200, 630)
"""Pixels: what Open Graph readers show whole."""
_FONTS = ("Libertinus Serif", "DejaVu Serif", "Noto Serif", "Noto Naskh Arabic", "DejaVu Sans", "Noto Sans")
_LATIN = 0x24F
_NOTHING = Path(__file__).parent / "words"
"""A folder that holds nothing to read into a picture; the setter wants one."""
_SOURCE = """
#let told = json(bytes(sys.inputs.told))
#let deep = rgb(told.deep)
#set page(width: 1200pt, height: 630pt, margin: 0pt, fill: rgb(told.paper))
#set document(title: told.title)
#set text(font: told.fonts, lang: told.language, dir: if told.rtl { rtl } else { ltr }, fill: rgb(told.ink))
#let heading-of(size) = text(size: size, weight: "bold", tracking: -0.01em, par(leading: 0.42em, justify: false, told.title))
#place(top + start, rect(width: 28pt, height: 100%, fill: deep))
#place(top + start, dx: if told.rtl { -96pt } else { 96pt }, dy: 76pt, block(width: 1010pt, {
  text(size: 30pt, weight: "semibold", fill: deep, told.kicker)
  v(2pt)
  context {
    let sizes = (104pt, 92pt, 80pt, 70pt, 60pt, 50pt, 42pt)
    let fits = sizes.filter(size => measure(block(width: 1010pt, heading-of(size))).height < 320pt)
    heading-of(if fits.len() > 0 { fits.first() } else { 36pt })
  }
}))
#place(bottom + start, dx: if told.rtl { -96pt } else { 96pt }, dy: -62pt, {
  box(circle(radius: 11pt, fill: deep), baseline: 3pt)
  h(16pt)
  text(size: 32pt, weight: "semibold", told.organisation)
})
#place(bottom + end, dx: if told.rtl { 72pt } else { -72pt }, dy: -46pt,
  rect(fill: deep, radius: 12pt, inset: (x: 34pt, y: 20pt), text(size: 34pt, weight: "bold", fill: rgb(told.on_deep), told.button)))
"""


@lru_cache(maxsize=64)
def share_card(
    *, title: str, kicker: str, organisation: str, button: str, language: str, colours: tuple[str, str, str, str],
    fonts: Path | None,
) -> tuple[str, bytes]:  # fmt: skip
    """Name and bytes of the picture; ("", b"") where no font at hand can draw the words: no picture is better than boxes.

    `colours` are deep, on-deep, paper and ink, as `#rrggbb`.
    """
    deep, on_deep, paper, ink = colours
    told = {
        "title": title, "kicker": kicker, "organisation": organisation, "button": button, "language": base(language),
        "rtl": direction(language) == "rtl", "deep": deep, "on_deep": on_deep, "paper": paper, "ink": ink, "fonts": _FONTS,
    }  # fmt: skip
    own = [str(fonts)] if fonts is not None and fonts.is_dir() else []

    def setter() -> typst.Compiler:
        # Nothing is read from the disk and no package is asked for: the words come in as data, never as markup.
        return typst.Compiler(
            input=_SOURCE.encode(), root=str(_NOTHING), sys_inputs={"told": json.dumps(told)}, package_path=str(_NOTHING),
            package_cache_path=str(_NOTHING), font_paths=typst.Fonts(font_paths=own),
        )  # fmt: skip

    try:
        if any(ord(sign) > _LATIN for sign in f"{title}{kicker}{organisation}{button}"):
            setter().compile(
                format="pdf", pdf_standards="a-2b", timestamp=0
            )  # refuses a sign that no font can draw, which PNG does not
        content = setter().compile(format="png", ppi=72.0)
    except typst.TypstError:
        return "", b""
    if not isinstance(content, bytes):
        return "", b""  # of one page it is bytes
    return f"assets/{hashlib.sha256(content).hexdigest()[:16]}.png", content
