"""Cells of a sheet that nothing computes (OWASP, CSV injection). Pure."""

import unicodedata

_MARKS = frozenset("=+-@|%\u2212\t\r\n")
"""What begins a formula, in any of its widths; a tab or a line break at the front begins the next cell or row."""
_INVISIBLE = frozenset({"Cc", "Cf"})


def harmless(text: str) -> str:
    """The text; behind a `'` where a spreadsheet could take it for a formula, whatever blank or invisible stands before."""
    if text[:1].isalnum():
        return text
    for character in text:
        # A mark of another width or height is the same mark to a spreadsheet: NFKC makes them one.
        if character in _MARKS or unicodedata.normalize("NFKC", character)[:1] in _MARKS:
            return f"'{text}"
        if not (character.isspace() or unicodedata.category(character) in _INVISIBLE):
            return text
    return text
