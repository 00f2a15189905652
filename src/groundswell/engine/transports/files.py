"""A maildir instead of a relay: each letter a file, whole and on the disk before it counts as taken."""

import os
from pathlib import Path

from groundswell.engine.outcome import Reply
from groundswell.engine.transports.base import Halt, Supply


class MaildirTransport:
    """Writes letters into `folder` as a maildir (tmp, then new). The file's name is the delivery's: a second try replaces."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, supply: Supply) -> None:
        """Keep everything the supply has. A full disk puts the letter off; nothing is in doubt."""
        for name in ("tmp", "new", "cur"):
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        while await supply.more():
            while (envelope := supply.take()) is not None:
                try:
                    supply.begun(envelope.delivery)
                except Halt:
                    supply.give_back(envelope)
                    return
                half = self._folder / "tmp" / f"{envelope.delivery}.eml"
                try:
                    with half.open("wb") as file:
                        file.write(envelope.data)
                        file.flush()
                        os.fsync(file.fileno())
                    half.replace(self._folder / "new" / half.name)
                except OSError as error:
                    supply.answered(Reply(envelope.delivery, "retry", 452, error.strerror or "the letter can't be written"))
                else:
                    supply.answered(Reply(envelope.delivery, "accepted", 250, "kept"))

    async def close(self) -> None:
        """Nothing is open."""
