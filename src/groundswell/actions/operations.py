"""Writes of the actions room: petitions opened, texts versioned, signatures taken and counted."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from groundswell.actions.models import Petition, Signature, TextVersion
from groundswell.basics.ids import ActionId, DeliveryId, PersonRef


def open_petition(
    *, slug: str, campaign_id: int, title: str, text: str, goal: int, thanks_subject: str, thanks_text: str,
    language: str = "en", now: datetime,
) -> ActionId:  # fmt: skip
    """A petition with its first text; the same slug again is the same petition."""
    with transaction.atomic():
        petition, _ = Petition.objects.get_or_create(
            slug=slug,
            defaults={
                "campaign_id": campaign_id, "goal": goal, "language": language, "open_since": now,
                "thanks_subject": thanks_subject, "thanks_text": thanks_text,
            },
        )  # fmt: skip
        reword(petition_id=ActionId(petition.pk), title=title, text=text, now=now)
    return ActionId(petition.pk)


def reword(*, petition_id: ActionId, title: str, text: str, now: datetime) -> int:
    """A new version of the text, where it differs; who signed before keeps what they signed. Returns its number."""
    with transaction.atomic():
        Petition.objects.select_for_update().get(pk=petition_id)
        last = TextVersion.objects.filter(petition_id=petition_id).order_by("-number").first()
        if last and (last.title, last.text) == (title, text):
            return last.number
        number = last.number + 1 if last else 1
        TextVersion.objects.create(petition_id=petition_id, number=number, title=title, text=text, since=now)
        return number


@dataclass(frozen=True, slots=True)
class Signed:
    """How signing ended: `first` is False where this person had signed before."""

    first: bool


def sign(
    *, entry_id: UUID, petition_id: ActionId, version: int, person: PersonRef, source: str, position: str,
    delivery: DeliveryId | None, signed_at: datetime,
) -> Signed:  # fmt: skip
    """A person signs a version. A second signature of the same person, from wherever, changes nothing."""
    text = TextVersion.objects.get(petition_id=petition_id, number=version)
    before = Signature.objects.filter(petition_id=petition_id, person_id=person).exclude(state="withdrawn").exists()
    Signature.objects.bulk_create(
        [
            Signature(
                id=entry_id, petition_id=petition_id, version=text, person_id=person, source=source[:80],
                position=position[:20], delivery_id=delivery, signed_at=signed_at,
            )
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    return Signed(first=not before)


def withdraw(*, petition_id: ActionId, person: PersonRef) -> bool:
    """A person takes their name back; it is neither counted nor handed over from now on."""
    return bool(Signature.objects.filter(petition_id=petition_id, person_id=person, state="confirmed").update(state="withdrawn"))


def recount(*, petition_id: ActionId, now: datetime) -> int:
    """Count anew and remember it: called in windows by one task, never by a signature."""
    count = Signature.objects.filter(petition_id=petition_id, state="confirmed").count()
    Petition.objects.filter(pk=petition_id).update(counted=count, counted_at=now)
    return count
