"""Signatures that somebody is sent for a target, told to them with everything else that is held of them (`people.telling`)."""

from collections.abc import Sequence
from typing import Any

from groundswell.deliveries.models import Drip
from groundswell.people.telling import Open, follow_telling


def drips(persons: Sequence[int], open_: Open) -> list[dict[str, Any]]:
    """Petitions whose signatures go to their address, a few at a time."""
    rows = Drip.objects.filter(person_id__in=persons).order_by("started_at")
    return [
        {"petition": row.petition.slug, "to_role": row.to_role, "state": row.state, "started_at": row.started_at}
        for row in rows.select_related("petition")
    ]


def register() -> None:
    """Called once, when the room is ready; the name is that under which the rows follow a person."""
    follow_telling("drips", drips)
