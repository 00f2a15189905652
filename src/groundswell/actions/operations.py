"""Writes of the actions room: petitions opened, texts versioned, signatures taken and counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from groundswell.actions.acting.closing import republish
from groundswell.actions.acting.deeds import settled, unsay
from groundswell.actions.acting.kinds import PETITION, setting_of
from groundswell.actions.goals import raise_goal
from groundswell.actions.models import Deed, Petition, Photo, PublicReason, Signature, TextVersion
from groundswell.actions.rules import LONGEST_REASON, SHOWS
from groundswell.basics.ids import ActionId, DeliveryId, PersonRef
from groundswell.people.keys import reason_field, sealer


def open_petition(
    *, slug: str, campaign_id: int, title: str, text: str, goal: int, thanks_subject: str, thanks_text: str,
    language: str = "en", kind: str = PETITION, setting: Mapping[str, Any] | None = None, now: datetime,
) -> ActionId:  # fmt: skip
    """A petition, or another action, with its first text; the same slug again is the same one, of the kind it had.

    `setting` is what the kind needs (`acting.kinds`); `Refused` where it is not whole.
    """
    with transaction.atomic():
        petition, _ = Petition.objects.get_or_create(
            slug=slug,
            defaults={
                "campaign_id": campaign_id, "goal": goal, "kind": kind, "language": language, "open_since": now,
                "thanks_subject": thanks_subject, "thanks_text": thanks_text,
            },
        )  # fmt: skip
        reword(petition_id=ActionId(petition.pk), title=title, text=text, setting=setting, now=now)
    return ActionId(petition.pk)


def reword(
    *, petition_id: ActionId, title: str, text: str, now: datetime, language: str = "",
    setting: Mapping[str, Any] | None = None,
) -> int:  # fmt: skip
    """A new version of the text, where it differs; who signed before keeps what they signed. Returns its number.

    With `language` it is the version of a translation: the same petition and one count, under words of its own.
    """
    with transaction.atomic():
        kind = Petition.objects.select_for_update().get(pk=petition_id).kind
        kept = setting_of(kind, setting or {})
        rows = TextVersion.objects.filter(petition_id=petition_id).order_by("-number")
        last = rows.filter(language=language).first()
        if last and (last.title, last.text, last.setting) == (title, text, kept):
            return last.number
        number = (rows.values_list("number", flat=True).first() or 0) + 1
        TextVersion.objects.create(
            petition_id=petition_id, number=number, title=title, text=text, since=now, language=language, setting=kept
        )
        return number


def say(*, petition_id: ActionId, goal: int, thanks_subject: str, thanks_text: str) -> None:
    """What its author says anew: the goal, which gives way once it is nearly reached, and the letter to who signs from now on."""
    Petition.objects.filter(pk=petition_id).update(goal=goal, thanks_subject=thanks_subject, thanks_text=thanks_text)
    raise_goal(petition_id=petition_id)


@dataclass(frozen=True, slots=True)
class Signed:
    """How signing ended: `first` is False where this person had signed before."""

    first: bool


def sign(
    *, entry_id: UUID, petition_id: ActionId, version: int, person: PersonRef, source: str, position: str,
    delivery: DeliveryId | None, signed_at: datetime, shows: str = "name", reason: str = "",
) -> Signed:  # fmt: skip
    """A person signs a version. A second signature of the same person, from wherever, changes nothing.

    Whoever took their name back may sign again: that is a new signature, under an entry of its own. `shows` is what
    the signer agreed to show (`rules.SHOWS`); a reason is sealed before it is kept.
    """
    text = TextVersion.objects.get(petition_id=petition_id, number=version)
    before = Signature.objects.filter(petition_id=petition_id, person_id=person).exclude(state="withdrawn").exists()
    Signature.objects.bulk_create(
        [
            Signature(
                id=entry_id, petition_id=petition_id, version=text, person_id=person, source=source[:80],
                position=position[:20], delivery_id=delivery, signed_at=signed_at,
                shows=shows if shows in SHOWS else "name",
                reason=sealed_reason(person, petition_id, reason),
            )
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    return Signed(first=not before)


def sealed_reason(person: PersonRef, petition_id: ActionId, reason: str) -> bytes | None:
    """A signer's own words as they are kept: sealed, and bound to the signer and the petition."""
    return sealer().seal(person, reason_field(petition_id), reason.strip()[:LONGEST_REASON])


def withdraw(*, petition_id: ActionId, person: PersonRef) -> bool:
    """A person takes their name back; it is neither counted nor handed over from now on, and their words are gone."""
    standing = Signature.objects.filter(petition_id=petition_id, person_id=person, state="confirmed")
    if not standing.update(state="withdrawn", reason=None):
        return False
    unsay(persons=[person], petition_id=petition_id)
    return True


def forget_words(*, persons: Sequence[int]) -> int:
    """Everything these people ever said to us is gone (they asked to be forgotten). Returns how many texts there were.

    Their photos go with their words, and both leave the pages that show them; what they did stays as a number, without them.
    """
    said = Deed.objects.filter(person_id__in=persons, words__isnull=False).count()
    gone = Photo.objects.filter(person_id__in=persons).count()
    unsay(persons=persons)
    told = Signature.objects.filter(person_id__in=persons, reason__isnull=False)
    reasons = PublicReason.objects.filter(pk__in=list(told.values_list("pk", flat=True)))
    for petition_id in set(reasons.filter(state="shown").values_list("petition_id", flat=True)):
        republish(petition_id=ActionId(petition_id))
    reasons.delete()
    return said + gone + told.update(reason=None)


def recount(*, petition_id: ActionId, now: datetime) -> int:
    """Count anew and remember it: called in windows by one task, never by a signature."""
    settled(petition_id=petition_id, now=now)
    count = Signature.objects.filter(petition_id=petition_id, state="confirmed").count()
    Petition.objects.filter(pk=petition_id).update(counted=count, counted_at=now)
    return count
