"""Text bounces by the family of server that writes them: one table, most frequent first, then the general reader."""

from groundswell.letterbox.families.gateways import GATEWAYS
from groundswell.letterbox.families.groupware import GROUPWARE
from groundswell.letterbox.families.providers import PROVIDERS
from groundswell.letterbox.families.table import Family, Found, read_as
from groundswell.letterbox.families.unix import UNIX

FAMILIES: tuple[Family, ...] = (*UNIX, *PROVIDERS, *GROUPWARE, *GATEWAYS)

__all__ = ["FAMILIES", "Family", "Found", "recognise"]


def recognise(text: str, heads: str) -> tuple[Family, list[Found]] | None:
    """The first family whose signs are in the text or its heads and whose pattern finds somebody; with those found.

    `text` is the report without what it returns, `heads` its From, Subject and X-Mailer in one string.
    """
    low = text.lower()
    low_heads = heads.lower()
    for family in FAMILIES:
        if any(sign in low for sign in family.signs) or any(sign in low_heads for sign in family.heads):
            found = read_as(family, text, low)
            if found:
                return family, found
    return None
