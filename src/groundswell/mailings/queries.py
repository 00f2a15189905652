"""Reads of the mailings room."""

from dataclasses import dataclass

from groundswell.basics.ids import ActionId, LetterId, MailingId
from groundswell.engine.message import Sender
from groundswell.mailings.models import Mailing, SenderProfile
from groundswell.mailings.operations import sender_of


@dataclass(frozen=True, slots=True)
class MailingView:
    """A mailing at a glance."""

    id: MailingId
    slug: str
    state: str
    letter_id: LetterId | None
    petition_id: ActionId
    language: str


def mailing_named(slug: str) -> MailingView | None:
    """The mailing of this slug."""
    row = Mailing.objects.filter(slug=slug).first()
    return _view(row) if row else None


def mailings() -> list[MailingView]:
    """All of them, newest first."""
    return [_view(row) for row in Mailing.objects.order_by("-created_at")]


def house_sender() -> Sender | None:
    """The profile that thank-you letters speak with: the first one made."""
    profile = SenderProfile.objects.order_by("pk").first()
    return sender_of(profile) if profile else None


def _view(row: Mailing) -> MailingView:
    letter = None if row.letter_id is None else LetterId(row.letter_id)
    return MailingView(MailingId(row.pk), row.slug, row.state, letter, ActionId(row.petition_id), row.language)
