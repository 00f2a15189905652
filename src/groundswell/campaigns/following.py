"""A target's contact who turns out to be in the list twice: the role goes over with the person, sealed for them."""

from typing import Any

from groundswell.campaigns.models import TargetContact
from groundswell.campaigns.rules.names import role_field
from groundswell.people.following import Anew, follow


class Contacts:
    """Whom to write to at targets. Where both are one target's contact, each keeps their own row."""

    def move(self, *, gone: int, kept: int, anew: Anew) -> Any:
        """See `Follower`."""
        shared = TargetContact.objects.filter(person_id=kept).values_list("target_id", flat=True)
        rows = list(TargetContact.objects.filter(person_id=gone).exclude(target_id__in=list(shared)))
        _carry(rows, gone, kept, anew)
        return [row.pk for row in rows]

    def back(self, *, gone: int, kept: int, moved: Any, anew: Anew) -> None:
        """See `Follower`."""
        _carry(list(TargetContact.objects.filter(pk__in=moved, person_id=kept)), kept, gone, anew)


def _carry(rows: list[TargetContact], giver: int, taker: int, anew: Anew) -> None:
    for row in rows:
        role = anew(giver, taker, role_field(row.target_id), bytes(row.role)) if row.role else None
        TargetContact.objects.filter(pk=row.pk).update(person_id=taker, role=role)


def register() -> None:
    """Called once, when the room is ready."""
    follow("contacts of targets", Contacts())
