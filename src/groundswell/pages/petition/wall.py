"""Why people sign: the latest reasons that their signers let us show and staff have read."""

from collections.abc import Sequence
from html import escape

from groundswell.pages.words import words


def section(reasons: Sequence[tuple[str, str]], language: str) -> str:
    """The wall, or nothing where there is no reason to show. Words and names are people's: escaped, and turned by themselves."""
    if not reasons:
        return ""
    said = words(language)
    items = "".join(
        f'<li><blockquote><p dir="auto">{escape(text)}</p><footer dir="auto">{escape(name) or said["a_supporter"]}</footer>'
        "</blockquote></li>"
        for text, name in reasons
    )
    return f'<section class="wall" aria-labelledby="wall"><h2 id="wall">{said["reasons"]}</h2><ul>{items}</ul></section>'
