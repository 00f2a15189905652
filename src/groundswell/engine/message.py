"""The letter as data: who speaks, what it cites, what it asks, and the two bodies with their open slots."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from groundswell.basics.ids import DeliveryId

OPEN, CLOSE = "\ue000", "\ue001"
"""What encloses a slot's name in a body: private-use characters, which the compiler refuses in an author's text."""


def slot(name: str) -> str:
    """The mark of the slot `name` in a body."""
    return f"{OPEN}{name}{CLOSE}"


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


@dataclass(frozen=True, slots=True)
class Action:
    """The one action that every ask of a letter leads to."""

    id: int
    path: str
    """Below the base URL, `/a/<slug>`."""
    count: int = 0
    goal: int = 0


@dataclass(frozen=True, slots=True)
class Letter:
    """A compiled letter in one language. Bodies hold slots; everything else is final."""

    subject: str
    preview: str
    language: str
    direction: str
    sender: Sender
    action: Action
    html: str
    text: str
    fallbacks: Mapping[str, str]
    """Field → the word that stands where a person has none."""
    positions: tuple[str, ...]
    """The asks, in order: `body-1`, `body-2`, `ps`."""
    notes: tuple[SourceNote, ...] = ()
    kind: str = "mailing"

    def to_json(self) -> dict[str, Any]:
        """Plain data for a database; `from_json` gives back an equal letter."""
        return asdict(self)

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Letter":
        """The letter that `to_json` described."""
        return cls(
            **{
                **content,
                "sender": Sender(**content["sender"]),
                "action": Action(**content["action"]),
                "positions": tuple(content["positions"]),
                "notes": tuple(SourceNote(**note) for note in content["notes"]),
            }
        )


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person as the letter sees them: an address, and the text of each slot. Lives in memory only."""

    delivery: DeliveryId
    address: str
    fields: Mapping[str, str | None]
    links: Mapping[str, str]
    """Slot → address: one per ask position."""
    unsubscribe_url: str
    unsubscribe_mail: str
    return_path: str
    message_id: str
    smtputf8: bool = field(default=False)
