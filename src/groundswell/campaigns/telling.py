"""Whose contact at a target somebody is, told to them with everything else that is held of them (`people.telling`)."""

from collections.abc import Sequence
from typing import Any

from groundswell.campaigns.models import TargetContact
from groundswell.campaigns.rules.names import role_field
from groundswell.people.telling import Open, follow_telling


def contacts(persons: Sequence[int], open_: Open) -> list[dict[str, Any]]:
    """The targets whom they are written to at, and in which role."""
    return [
        {
            "target": row.target.name, "role": open_(row.person_id, role_field(row.target_id), row.role), "added_at": row.added_at,
            "ended_at": row.ended_at,
        }
        for row in TargetContact.objects.filter(person_id__in=persons).select_related("target")
    ]  # fmt: skip


def register() -> None:
    """Called once, when the room is ready; the name is that under which the rows follow a person."""
    follow_telling("contacts of targets", contacts)
