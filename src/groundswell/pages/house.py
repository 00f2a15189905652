"""What every page says of its organisation, from the first sender profile and the theme folder."""

from pathlib import Path

from groundswell.mailings.queries import house_sender
from groundswell.pages.masthead import House
from groundswell.pages.theming import read_theme


def house(data: Path, base_url: str) -> House:
    """The house of this installation."""
    sender, theme = house_sender(), read_theme(data / "theme")
    if sender is None:
        return House("Groundswell", "/", base_url, theme=theme)
    return House(sender.organisation, sender.privacy_url, base_url, sender.reply_to, theme)
