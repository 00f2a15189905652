"""The embedded form in the colours of the site that it stands on: a few values, read strictly, as a style sheet of our own host.

The host says an accent, a ground, a radius and a kind of letter. Whatever it says, the form keeps the contrast of WCAG 2.2 AA: an
accent that is too light or too dark for its ground is moved towards black or white until it has it. Nothing of what was sent is
written into a page but the value that was understood.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from groundswell.pages.door import forms

_COLOUR = re.compile(r"#?([0-9a-fA-F]{6})")
_RADIUS = re.compile(r"[0-9]{1,2}")
MOST_RADIUS = 24
LEAST_CONTRAST = 4.5
GROUNDS = ("auto", "light", "dark")
FONTS: Mapping[str, str] = {
    "system": 'system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif',
    "sans": 'Helvetica, Arial, "Liberation Sans", "Noto Sans", sans-serif',
    "serif": 'ui-serif, Georgia, "Times New Roman", "Noto Serif", serif',
    "rounded": 'ui-rounded, "SF Pro Rounded", Nunito, "Noto Sans", sans-serif',
    "mono": 'ui-monospace, Menlo, Consolas, "Noto Sans Mono", monospace',
}
"""Letters that the reader's machine has: nothing is loaded for them."""
_LIGHT = {"paper": "#ffffff", "ink": "#1a1a1f", "quiet": "#52525a", "line": "#d8d8de", "wash": "#f4f4f6", "lift": "#ffffff"}
_DARK = {"paper": "#15151a", "ink": "#f2f2f5", "quiet": "#c0c0c8", "line": "#3c3c46", "wash": "#1d1d23", "lift": "#202028"}
_SHADOW = {"light": "0 1px 2px rgb(0 0 0 / .06), 0 12px 32px -12px rgb(0 0 0 / .2)", "dark": "0 12px 32px -12px rgb(0 0 0 / .7)"}


@dataclass(frozen=True, slots=True)
class Look:
    """What a host asked for and we understood; empty where it did not ask."""

    accent: str = ""
    """Six hexadecimal digits, small letters."""
    ground: str = ""
    radius: str = ""
    """CSS pixels."""
    font: str = ""
    refused: tuple[str, ...] = ()
    """The names of what was asked for and not understood."""

    @property
    def query(self) -> str:
        """The same look, always in the same words."""
        named = {"accent": self.accent, "ground": self.ground, "radius": self.radius, "font": self.font}
        return "&".join(f"{name}={value}" for name, value in named.items() if value)


def asked(query: str) -> Look:
    """What the query asks for; whatever is not exactly one of ours is left out and named."""
    said = {name: forms.query_value(query, name) for name in ("accent", "ground", "radius", "font")}
    colour, radius = _COLOUR.fullmatch(said["accent"]), _RADIUS.fullmatch(said["radius"])
    read = {
        "accent": colour.group(1).lower() if colour else "",
        "ground": said["ground"] if said["ground"] in GROUNDS else "",
        "radius": str(int(said["radius"])) if radius and int(said["radius"]) <= MOST_RADIUS else "",
        "font": said["font"] if said["font"] in FONTS else "",
    }
    return Look(**read, refused=tuple(name for name, value in said.items() if value and not read[name]))


def dressed(page: bytes, slug: str, query: str) -> bytes:
    """The embedded page, with the style sheet of the look that its address asks for, and a note of what was not understood."""
    look = asked(query)
    added = f'<link rel="stylesheet" href="/a/{escape(slug)}/embed.css?{escape(look.query)}">' if look.query else ""
    if look.refused:
        added += f"<!-- not understood, so left as it is: {', '.join(look.refused)} -->"
    return page.replace(b"</head>", added.encode() + b"</head>", 1) if added else page


def sheet(look: Look, deep: str) -> bytes:
    """The style sheet of a look; `deep` is the house's own colour, for a ground without an accent."""
    rules, notes = [], []
    if look.accent or look.ground:
        wanted, ground = look.accent or deep.lstrip("#"), look.ground or "auto"
        schemes = [("light", _LIGHT, "f4f4f6", "000000", "#ffffff"), ("dark", _DARK, "202028", "ffffff", "#15151a")]
        for name, tokens, behind, towards, on in schemes:
            if ground not in ("auto", name):
                continue
            used = legible(wanted, behind, towards)
            if used != wanted:
                notes.append(f"/* #{wanted} became #{used} on {name}: letters need a contrast of {LEAST_CONTRAST}:1 */")
            told = "".join(f"--{token}: {value}; " for token, value in tokens.items())
            body = f":root {{ color-scheme: {name}; {told}--deep: #{used}; --on-deep: {on}; --shadow: {_SHADOW[name]}; }}"
            rules.append(body if name in (ground, "light") else f"@media (prefers-color-scheme: dark) {{ {body} }}")
    if look.radius:
        rules.append(f":root {{ --round: {look.radius}px; }}")
        fields = "input[type=text], input[type=email], input[type=tel], input[type=file], select, textarea"
        rules.append(f"button, .button, .errors, fieldset, {fields} {{ border-radius: {look.radius}px; }}")
    if look.font:
        rules.append(f":root {{ --face: {FONTS[look.font]}; --plain: {FONTS[look.font]}; }}")
    return ("\n".join([*notes, *rules]) + "\n").encode()


def legible(colour: str, behind: str, towards: str) -> str:
    """`colour`, or the nearest one on the way to `towards` whose contrast with `behind` is enough. Six digits each."""
    start, end = _parts(colour), _parts(towards)
    for step in range(0, 101):
        mixed = [round(one + (two - one) * step / 100) for one, two in zip(start, end, strict=True)]
        tried = "".join(f"{part:02x}" for part in mixed)
        if contrast(tried, behind) >= LEAST_CONTRAST:
            return tried
    return towards


def contrast(one: str, other: str) -> float:
    """Of two colours, as WCAG 2.2 reckons it: 1 to 21."""
    lighter, darker = sorted((_light(one), _light(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _light(colour: str) -> float:
    shares = [part / 255 for part in _parts(colour)]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (0, 2, 4)]
