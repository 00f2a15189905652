"""The door's own small pages: a goodbye, a dead end, a moment's trouble. They need nothing but the style sheet."""

from html import escape
from pathlib import Path

from groundswell.pages.door.answers import Answer
from groundswell.pages.words import direction
from groundswell.pages.words.own import own_words, preferred

_NO_STORE = [("cache-control", "no-store")]


class SmallPages:
    """Small pages in the house's style."""

    def __init__(self, published: Path, organisation: str) -> None:
        self._published, self._organisation = published, organisation
        self._sheet = ""

    def page(self, status: int, title: str, body: str, *extra: tuple[str, str], language: str = "en") -> Answer:
        """A page of `title` (plain text) and `body` (markup)."""
        style = f'<link rel="stylesheet" href="/assets/{self._style()}">' if self._style() else ""
        text = (
            f'<!doctype html>\n<html lang="{language}" dir="{direction(language)}"><head><meta charset="utf-8">'
            f"<title>{escape(title)}</title>"
            f'<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<meta name="robots" content="noindex">{style}</head><body>'
            f'<header class="top"><strong>{escape(self._organisation)}</strong></header>'
            f'<main id="main" class="one"><div><h1>{escape(title)}</h1>{body}</div></main></body></html>\n'
        )
        return Answer(status, text.encode(), headers=[*_NO_STORE, *extra])

    def not_here(self, languages: str = "") -> Answer:
        """404."""
        return self._said(404, "not_here", languages)

    def other_method(self, allowed: str) -> Answer:
        """405."""
        return self.page(405, "Not like this", "<p>This address is there to be read.</p>", ("allow", allowed))

    def full(self, languages: str = "") -> Answer:
        """The disk did not take it: nothing is acknowledged."""
        return self._said(503, "full", languages, ("retry-after", "60"))

    def away(self) -> Answer:
        """The office does not answer."""
        return self.page(502, "Back soon", "<p>This part of the site is being restarted. Petitions stay open.</p>")

    def too_large(self) -> Answer:
        """A form of more than 64 KB."""
        return self.page(413, "Too much", "<p>The form is larger than anything we ask for.</p>")

    def too_slow(self) -> Answer:
        """A form that did not arrive whole."""
        text = "<p>What you sent did not arrive. Please go back and press the button again.</p>"
        return self.page(408, "That took too long", text, ("connection", "close"))

    def _said(self, status: int, what: str, languages: str, *extra: tuple[str, str]) -> Answer:
        language = preferred(languages)
        said = own_words(language)
        return self.page(status, said[what], f"<p>{escape(said[f'{what}_lead'])}</p>", *extra, language=language)

    def _style(self) -> str:
        if not self._sheet or not (self._published / "assets" / self._sheet).is_file():
            newest = sorted((self._published / "assets").glob("*.css"), key=lambda path: path.stat().st_mtime)
            self._sheet = newest[-1].name if newest else ""
        return self._sheet
