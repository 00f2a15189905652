"""What one person did here, told to that person with everything else that is held of them (`people.telling`)."""

from base64 import b64encode
from collections.abc import Sequence
from typing import Any

from django.db.models import Count

from groundswell.actions.models import (
    Deed,
    Holding,
    LaterYes,
    Origin,
    Pending,
    Petition,
    Photo,
    PublicReason,
    Recipient,
    Signature,
)
from groundswell.people.keys import deed_field, reason_field
from groundswell.people.telling import Open, follow_telling

Lines = list[dict[str, Any]]


def signatures(persons: Sequence[int], open_: Open) -> Lines:
    """What they signed, why in their own words, whether these stand on the page, and why one does not count."""
    rows = Signature.objects.filter(person_id__in=persons).select_related("petition", "version").order_by("signed_at", "id")
    numbers = [row.pk for row in rows]
    brought = dict(Origin.objects.filter(referrer__in=numbers).values_list("referrer").annotate(count=Count("pk")))
    on_page = dict(PublicReason.objects.filter(pk__in=numbers).values_list("pk", "state"))
    held = dict(Holding.objects.filter(pk__in=numbers).values_list("pk", "reason"))
    by_link = set(Origin.objects.filter(pk__in=numbers, referrer__isnull=False).values_list("pk", flat=True))
    return [
        {
            "petition": row.petition.slug, "title": row.version.title, "version": row.version.number, "state": row.state,
            "signed_at": row.signed_at, "source": row.source, "position": row.position, "shows": row.shows,
            "reason": open_(row.person_id, reason_field(row.petition_id), row.reason),
            "reason_on_the_page": on_page.get(row.pk, ""), "held_because": held.get(row.pk, ""),
            "came_by_somebodys_link": row.pk in by_link, "brought": brought.get(row.pk, 0),
        }
        for row in rows
    ]  # fmt: skip


def deeds(persons: Sequence[int], open_: Open) -> Lines:
    """What they did beyond it, with their own words and their photo (a JPEG in base64)."""
    rows = Deed.objects.filter(person_id__in=persons).select_related("signature__petition").order_by("at", "id")
    photos = {photo.pk: photo for photo in Photo.objects.filter(person_id__in=persons)}
    return [
        {
            "action": row.signature.petition.slug, "kind": row.kind, "outcome": row.outcome, "whom": row.whom, "at": row.at,
            "agreed": row.agreed, "words": open_(row.person_id, deed_field(row.pk.hex), row.words),
            **({"photo": _photo(photos[row.pk], open_)} if row.pk in photos else {}),
        }
        for row in rows
    ]  # fmt: skip


def recipients(persons: Sequence[int], open_: Open) -> Lines:
    """Actions whose letters are sent to them, as somebody in office."""
    rows = list(Recipient.objects.filter(person_id__in=persons))
    names = _names(row.petition_id for row in rows)
    return [{"action": names[row.petition_id], "name": row.name, "role": row.role, "places": row.places} for row in rows]


def pending(persons: Sequence[int], open_: Open) -> Lines:
    """Signatures that wait for them to confirm, and what they agreed to with them."""
    rows = list(Pending.objects.filter(person_id__in=persons).order_by("asked_at"))
    names = _names(row.petition_id for row in rows)
    return [
        {"petition": names[row.petition_id], "asked_at": row.asked_at, "reminded_at": row.reminded_at, "agreed": row.asked}
        for row in rows
    ]  # fmt: skip


def later(persons: Sequence[int], open_: Open) -> Lines:
    """A yes to mail that waits for them to confirm."""
    rows = list(LaterYes.objects.filter(person_id__in=persons).order_by("asked_at"))
    names = _names(row.petition_id for row in rows)
    return [{"petition": names[row.petition_id], "asked_at": row.asked_at, "agreed": row.asked} for row in rows]


def _photo(photo: Photo, open_: Open) -> dict[str, Any]:
    public = b64encode(bytes(photo.public)).decode() if photo.public is not None else ""
    return {
        "state": photo.state, "shows": photo.alt, "width": photo.width, "height": photo.height,
        "jpeg": public or open_(photo.person_id, deed_field(f"{photo.pk.hex} photo"), photo.image),
    }  # fmt: skip


def _names(petitions: Any) -> dict[int, str]:
    return dict(Petition.objects.filter(pk__in=set(petitions)).values_list("pk", "slug"))


def register() -> None:
    """Called once, when the room is ready; the names are those of `following`."""
    follow_telling("signatures", signatures)
    follow_telling("deeds", deeds)
    follow_telling("recipients of letters", recipients)
    follow_telling("signatures waiting", pending)
    follow_telling("answers waiting", later)
