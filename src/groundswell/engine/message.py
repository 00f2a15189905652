"""The letter as data: who speaks, what it cites, what it asks, and the two bodies with their open slots."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from groundswell.basics.ids import DeliveryId
from groundswell.engine.local import PREFIX, Local, local_fields, local_from_json, local_to_json
from groundswell.engine.pieces import Template, facts, pieces_from_json, pieces_to_json, slots

LIST_KINDS = frozenset({"mailing", "series"})
"""Letters to a list: they carry List-ID and the way out. Others answer something a person just did."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Signature, from-address, footer and team name together, so that identities never mix."""

    name: str
    team: str
    organisation: str
    from_address: str
    reply_to: str
    list_id: str
    feedback_id: str
    """Gmail's SenderId: 5 to 15 characters, the same for every letter of this sender."""
    postal_address: str
    why: str
    privacy_url: str
    website: str = ""


@dataclass(frozen=True, slots=True)
class SourceNote:
    """A source from the record, as a footnote prints it."""

    key: str
    publisher: str
    title: str
    url: str
    date: str = ""
    copy_only: bool = False
    """Read in a copy, not in the original: the author is told."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A named piece of text that the record keeps: Markdown, with the day up to which its facts were looked at."""

    key: str
    text: str
    fact_date: str = ""
    """ISO date; the author is told where a letter is written long after it."""


@dataclass(frozen=True, slots=True)
class Action:
    """The one action that every ask of a letter leads to."""

    id: int
    path: str
    """Below the base URL, `/a/<slug>`."""
    count: int = 0
    goal: int = 0
    title: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture inside the letter, named by its content id: nothing is fetched when the letter is read."""

    content_id: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """A compiled letter in one language. Subject and bodies hold slots and choices; everything else is final."""

    subject: Template
    preview: Template
    language: str
    direction: str
    sender: Sender
    action: Action
    html: Template
    text: Template
    positions: tuple[str, ...]
    """The asks, in order: `body-1`, `body-2`, `ps`."""
    notes: tuple[SourceNote, ...] = ()
    pictures: tuple[Picture, ...] = ()
    kind: str = "mailing"
    local: Mapping[str, Local] = field(default_factory=dict)
    """What its fields say by where the reader is: frozen with the letter, so that a sent one keeps its words."""

    @property
    def facts(self) -> frozenset[str]:
        """The audience facts that its choices and local fields ask for: `country`, `region`, …"""
        asked = {fact for template in (self.subject, self.html, self.text) for fact in facts(template)}
        asked |= {name for table in self.local.values() for names in table.by for name in names}
        return frozenset(fact for fact in asked if not fact.startswith(PREFIX))

    @property
    def needs_facts(self) -> bool:
        """Whether anything in it depends on a person's coarse facts."""
        templates = (self.subject, self.html, self.text)
        return bool(self.facts) or any(
            slot.name in ("region", "postcode_area") for template in templates for slot in slots(template)
        )

    def placed(self, fields: Mapping[str, str | None]) -> Mapping[str, str | None]:
        """A reader's fields with what the letter knows of their place."""
        return local_fields(self.local, fields)

    def to_json(self) -> dict[str, Any]:
        """Plain data for a database; `from_json` gives back an equal letter."""
        return {
            "subject": pieces_to_json(self.subject), "preview": pieces_to_json(self.preview), "html": pieces_to_json(self.html),
            "text": pieces_to_json(self.text), "language": self.language, "direction": self.direction, "kind": self.kind,
            "sender": _plain(self.sender), "action": _plain(self.action), "positions": list(self.positions),
            "notes": [_plain(note) for note in self.notes],
            "pictures": [
                {"content_id": picture.content_id, "content_type": picture.content_type,
                 "data": base64.b64encode(picture.data).decode()}
                for picture in self.pictures
            ],
            "local": local_to_json(self.local),
        }  # fmt: skip

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Letter":
        """The letter that `to_json` described."""
        return cls(
            subject=pieces_from_json(content["subject"]), preview=pieces_from_json(content["preview"]),
            html=pieces_from_json(content["html"]), text=pieces_from_json(content["text"]), language=content["language"],
            direction=content["direction"], kind=content["kind"], sender=Sender(**content["sender"]),
            action=Action(**content["action"]), positions=tuple(content["positions"]),
            notes=tuple(SourceNote(**note) for note in content["notes"]),
            pictures=tuple(
                Picture(picture["content_id"], picture["content_type"], base64.b64decode(picture["data"]))
                for picture in content.get("pictures", ())  # letters of before there were any
            ),
            local=local_from_json(content.get("local", {})),
        )  # fmt: skip


@dataclass(slots=True)
class Recipient:
    """One person as the letter sees them: an address, and the text of each slot. Lives in memory only."""

    delivery: DeliveryId
    address: str
    fields: Mapping[str, str | None]
    links: Mapping[str, str]
    """Ask position → address."""
    unsubscribe_url: str
    unsubscribe_mail: str
    return_path: str
    message_id: str


def _plain(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}
