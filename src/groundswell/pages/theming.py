"""The organisation's own look: one folder with `theme.css`, a logo and fonts, served from our own host.

`theme/theme.css` sets the variables that `groundswell.css` begins with; `logo.svg` or `logo.png` stands in the header;
`fonts/*.woff2` are served under their hashes, and `url(fonts/NAME.woff2)` in the style finds them.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_FONT = re.compile(r"url\(\s*['\"]?fonts/([\w-]{1,60}\.woff2)['\"]?\s*\)")
_FOREIGN = re.compile(rb"(?:https?:)?//|@import|expression\(", re.IGNORECASE)
_COLOUR = re.compile(r"--(deep|paper|ink|on-deep):\s*(#[0-9a-fA-F]{6})")
COLOURS = ("#8a1c3b", "#ffffff", "#fffdf9", "#1c1b20")


@dataclass(frozen=True, slots=True)
class Theme:
    """What pages need of it. The default is ours."""

    css: bytes = b""
    logo: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    colours: tuple[str, str, str, str] = COLOURS
    """Deep, on-deep, paper and ink of the light look: for pictures."""
    fonts: Path | None = None
    """Further fonts for pictures, of scripts that the setter brings none for."""


def read_theme(folder: Path) -> Theme:
    """The theme in `folder`, or ours. Lines that would ask another host are left out, with everything behind them."""
    if not folder.is_dir():
        return Theme(fonts=folder.parent / "fonts")
    files: dict[str, bytes] = {}

    def kept(path: Path) -> str:
        content = path.read_bytes()
        name = f"assets/{hashlib.sha256(content).hexdigest()[:16]}{path.suffix}"
        files[name] = content
        return name

    logo = next((kept(path) for path in (folder / "logo.svg", folder / "logo.png") if path.is_file()), "")
    sheet = folder / "theme.css"
    text = sheet.read_text(encoding="utf-8") if sheet.is_file() else ""

    def font(found: re.Match[str]) -> str:
        path = folder / "fonts" / found.group(1)
        return f"url(/{kept(path)})" if path.is_file() else "url()"

    css = _FONT.sub(font, text).encode()
    if _FOREIGN.search(css):
        css = b""
    # The first of each is the light look's: what stands in a media query comes behind it.
    named = dict(reversed(_COLOUR.findall(text)))
    deep, on_deep, paper, ink = (
        named.get(name, ours) for name, ours in zip(("deep", "on-deep", "paper", "ink"), COLOURS, strict=True)
    )
    return Theme(css, logo, files, (deep, on_deep, paper, ink), folder.parent / "fonts")
