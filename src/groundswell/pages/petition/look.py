"""How a petition's page looks beyond its text: what an author chose in the office, as plain data."""

from dataclasses import dataclass

ASKABLE = ("name", "country", "postcode", "phone", "reason")
"""Fields that an action may ask for beside the address; only what is needed, each with its purpose said."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An image on the page, already an asset of our own."""

    path: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Look:
    """The defaults are those of a petition that nobody dressed yet."""

    lead: str = ""
    fields: tuple[str, ...] = ("name", "country", "postcode", "reason")
    picture: Picture | None = None
    blocks: tuple[str, ...] = ()
    """Markup of the page's blocks, made by `blocks.py` from what authors wrote."""
    share_texts: tuple[str, ...] = ()
    next_title: str = ""
    next_url: str = ""
    variants: tuple[tuple[str, str], ...] = ()
    """The same action in other languages: language → slug."""
    reasons: tuple[tuple[str, str], ...] = ()
    """Why people sign, as staff read and chose it: words and the signer's name, empty where they stay unnamed."""
    partners: tuple[tuple[str, str, str, str], ...] = ()
    """Who asks with us: source code, organisation, the words of its own question, its privacy page."""
    confirm: tuple[str, ...] = ()
    """Countries whose signers confirm by mail; `*` is everyone."""
