"""Who speaks: what every public page says of its organisation."""

from dataclasses import dataclass, field

from groundswell.pages.theming import Theme


@dataclass(frozen=True, slots=True)
class House:
    """What every page says of its organisation."""

    organisation: str
    privacy_url: str
    base_url: str
    reply_to: str = ""
    """Where those who are named on a page may write."""
    theme: Theme = field(default_factory=Theme)
