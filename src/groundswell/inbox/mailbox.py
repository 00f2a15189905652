"""The local mailbox of demo and development: a folder of letters as they arrived, synced before they are accepted."""

import email
import email.policy
import hashlib
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

_NAME = re.compile(r"\d+-\d+-[0-9a-f]{32}\.eml")


@dataclass(frozen=True, slots=True)
class Arrived:
    """A letter in the mailbox."""

    name: str
    to: str
    subject: str
    html: str
    text: str
    headers: tuple[tuple[str, str], ...]


class Mailbox:
    """One folder; the file's name ends with the hash of the Message-ID, so that copies show."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    def keep(self, content: bytes) -> None:
        """Write a letter and have it on the disk before returning."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._count += 1
        found = re.search(rb"(?im)^message-id:\s*(<[^>\r\n]+>)", content)
        name = f"{time.time_ns()}-{self._count}-{fingerprint(found.group(1).decode() if found else '')}.eml"
        half = self._folder / f".{name}"
        with half.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half.rename(self._folder / name)

    def names(self) -> list[str]:
        """The letters, newest first."""
        if not self._folder.is_dir():
            return []
        return sorted((path.name for path in self._folder.iterdir() if _NAME.fullmatch(path.name)), reverse=True)

    def fingerprints(self) -> Iterator[str]:
        """The Message-ID's hash of every letter, copies included."""
        return (name.removesuffix(".eml").rpartition("-")[2] for name in self.names())

    def read(self, name: str) -> Arrived | None:
        """One letter, taken apart."""
        if not _NAME.fullmatch(name) or not (self._folder / name).is_file():
            return None
        message = email.message_from_bytes((self._folder / name).read_bytes(), policy=email.policy.default)
        html, text = message.get_body(("html",)), message.get_body(("plain",))
        return Arrived(
            name=name,
            to=str(message["to"] or ""),
            subject=str(message["subject"] or ""),
            html=str(html.get_content()) if isinstance(html, EmailMessage) else "",
            text=str(text.get_content()) if isinstance(text, EmailMessage) else "",
            headers=tuple((key, str(value)) for key, value in message.items()),
        )


def fingerprint(message_id: str) -> str:
    """32 hex digits for a Message-ID."""
    return hashlib.sha256(message_id.strip().encode()).hexdigest()[:32]
