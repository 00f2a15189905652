"""Making an installation: the data folder and its keys, once, mode 600. Safe to repeat: what is there stays."""

import os
import secrets
from pathlib import Path

from groundswell.basics.keyring import RINGS, KeyRing
from groundswell.basics.result import Refused
from groundswell.site.settings import Settings

_LAYOUT = "1"
"""The version of the data folder's layout; a folder of another one is refused rather than guessed at."""


def make_folder(settings: Settings) -> None:
    """The data folder, writable and of our layout, or `Refused` with the mend."""
    folder = settings.data
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = folder / ".writable"
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        raise Refused.because(
            "data-unwritable",
            f"The data folder {folder} can't be written to ({os.strerror(error.errno or 0)}).",
            "Give this user the folder, or name another with GROUNDSWELL_DATA.",
        ) from None
    mark = folder / "layout"
    if mark.exists() and mark.read_text().strip() != _LAYOUT:
        raise Refused.because(
            "data-layout",
            f"The data folder {folder} was made by another version of Groundswell (layout {mark.read_text().strip()}).",
            "Run that version, or name another folder with GROUNDSWELL_DATA.",
        )
    mark.write_text(_LAYOUT + "\n")
    (folder / "run").mkdir(exist_ok=True)


def make_keys(settings: Settings) -> list[Path]:
    """Every key file that is missing, made; returns the new ones. Never called once the database holds people."""
    made = []
    for name, (length, _) in RINGS.items():
        if not settings.key_folder.path(name).exists():
            settings.key_folder.write(name, KeyRing({1: secrets.token_bytes(length)}, 1))
            made.append(settings.key_folder.path(name))
    return made


def check_keys(settings: Settings) -> None:
    """Every ring can be read, or `Refused` naming the first file that can't."""
    for name in RINGS:
        settings.key_folder.ring(name)
