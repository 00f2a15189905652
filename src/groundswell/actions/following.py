"""What two people signed, when they turn out to be one: a name stands under a petition once, and can be parted again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from groundswell.actions.acting.sending import stop_of
from groundswell.actions.models import Deed, Petition, Photo, Signature
from groundswell.actions.operations import forget_words
from groundswell.basics.ids import PersonRef
from groundswell.people.following import Anew, Rows, follow, follow_forgetting
from groundswell.people.keys import deed_field, reason_field


class Signatures:
    """Signatures go over with their signers' own words. Of two under one petition one is set aside, as if withdrawn."""

    def move(self, *, gone: int, kept: int, anew: Anew) -> Any:
        """See `Follower`."""
        theirs = list(Signature.objects.filter(person_id=gone))
        standing = {row.petition_id: row for row in Signature.objects.filter(person_id=kept).exclude(state="withdrawn")}
        aside = []
        for row in theirs:
            other = standing.get(row.petition_id)
            if row.state != "withdrawn" and other is not None:
                # A confirmed name goes before one that still waits; otherwise the one that was there stays.
                less = other if row.state == "confirmed" and other.state != "confirmed" else row
                aside.append([str(less.pk), less.state])
                Signature.objects.filter(pk=less.pk).update(state="withdrawn")
        _hand_over(theirs, gone, kept, anew)
        _recount({row.petition_id for row in theirs})
        return {"ids": [str(row.pk) for row in theirs], "aside": aside}

    def back(self, *, gone: int, kept: int, moved: Any, anew: Anew) -> None:
        """See `Follower`."""
        theirs = list(Signature.objects.filter(pk__in=moved["ids"], person_id=kept))
        _hand_over(theirs, kept, gone, anew)
        petitions = {row.petition_id for row in theirs}
        for number, state in moved["aside"]:
            row = Signature.objects.filter(pk=number, state="withdrawn").first()
            if row is not None and not _stands(row.petition_id, row.person_id):
                Signature.objects.filter(pk=number).update(state=state)
                petitions.add(row.petition_id)
        _recount(petitions)


class Deeds:
    """What people did follows them, with the words and the photo that are sealed for them."""

    def move(self, *, gone: int, kept: int, anew: Anew) -> Any:
        """See `Follower`."""
        numbers = list(Deed.objects.filter(person_id=gone).values_list("pk", flat=True))
        _carry(numbers, gone, kept, anew)
        return [str(number) for number in numbers]

    def back(self, *, gone: int, kept: int, moved: Any, anew: Anew) -> None:
        """See `Follower`."""
        _carry(list(Deed.objects.filter(pk__in=moved, person_id=kept).values_list("pk", flat=True)), kept, gone, anew)


def _carry(numbers: list[Any], giver: int, taker: int, anew: Anew) -> None:
    for deed in Deed.objects.filter(pk__in=numbers, words__isnull=False):
        words = anew(giver, taker, deed_field(deed.pk.hex), bytes(deed.words or b""))
        Deed.objects.filter(pk=deed.pk).update(words=words)
    for photo in Photo.objects.filter(pk__in=numbers, image__isnull=False):
        image = anew(giver, taker, deed_field(f"{photo.pk.hex} photo"), bytes(photo.image or b""))
        Photo.objects.filter(pk=photo.pk).update(image=image)
    Deed.objects.filter(pk__in=numbers).update(person_id=taker)
    Photo.objects.filter(pk__in=numbers).update(person_id=taker)


def _stands(petition: int, person: int) -> bool:
    return Signature.objects.filter(petition_id=petition, person_id=person).exclude(state="withdrawn").exists()


def _hand_over(rows: list[Signature], giver: int, taker: int, anew: Anew) -> None:
    """One statement for all but the few that left a reason: it is bound to its signer, and sealed anew."""
    spoken = [row for row in rows if row.reason]
    for row in spoken:
        reason = anew(giver, taker, reason_field(row.petition_id), bytes(row.reason or b""))
        Signature.objects.filter(pk=row.pk).update(person_id=taker, reason=reason)
    silent = {row.pk for row in rows} - {row.pk for row in spoken}
    Signature.objects.filter(pk__in=silent).update(person_id=taker)


def _recount(petitions: set[int]) -> None:
    counts = Petition.objects.filter(pk__in=petitions).annotate(now=Count("signatures", filter=Q(signatures__state="confirmed")))
    for number, count in counts.values_list("pk", "now"):
        Petition.objects.filter(pk=number).update(counted=count)


def _forget_words(persons: Sequence[int], now: datetime) -> None:
    for person in persons:
        stop_of(person=PersonRef(person), now=now)
    forget_words(persons=persons)


def register() -> None:
    """Called once, when the room is ready."""
    follow("signatures", Signatures())
    follow("deeds", Deeds())
    follow("recipients of letters", Rows("actions_recipient", same="petition_id"))
    follow_forgetting("signers' own words", _forget_words)
    follow("signatures waiting", Rows("actions_pending", key="signature_id"))
    follow("answers waiting", Rows("actions_lateryes", key="signature_id"))
