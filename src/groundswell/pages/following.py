"""What follows from what people did: letters sent for them, seats and reminders told, ends noticed, photos developed."""

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from groundswell.actions.acting import closing, photos
from groundswell.basics.ids import LetterId
from groundswell.basics.keyring import KeyFolder
from groundswell.inbox.sealing import unseal
from groundswell.mailings import attending, outreach
from groundswell.mailings.queries import house_sender
from groundswell.pages.door.photos import FOLDER


class Installation(Protocol):
    """What of the settings is needed."""

    @property
    def base_url(self) -> str: ...
    @property
    def journal_folder(self) -> Path: ...
    @property
    def key_folder(self) -> KeyFolder: ...


def follow_up(installation: Installation, now: datetime) -> list[LetterId]:
    """One round; returns the letters that are to be delivered. Safe to repeat, and to kill at any moment."""
    closing.close_kept(now=now)
    closing.close_past(now=now)
    sender = house_sender()
    if sender is None:
        return []
    return [*outreach.send_due(sender=sender, base_url=installation.base_url, now=now), *attending.tell_due(sender=sender, now=now)]


def develop(installation: Installation, now: datetime) -> int:
    """Make plain pictures of the photos that came; returns how many. Apart from the rest: it may take its time."""
    keys = dict(installation.key_folder.ring("intake").keys)
    return photos.develop(folder=installation.journal_folder / FOLDER, unseal=partial(unseal, keys), now=now)
