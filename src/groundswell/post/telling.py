"""What somebody was sent, and what they wished, told to them with everything else that is held of them (`people.telling`)."""

from collections.abc import Sequence
from typing import Any

from groundswell.basics.ids import PersonRef
from groundswell.people.telling import Open, follow_telling
from groundswell.post.queries import letters_to
from groundswell.post.wish_models import Wish


def letters(persons: Sequence[int], open_: Open) -> list[dict[str, Any]]:
    """Which letters they were written, and how each stands."""
    return [line for person in persons for line in letters_to(PersonRef(person))]


def wishes(persons: Sequence[int], open_: Open) -> list[dict[str, Any]]:
    """What they asked for, short of leaving."""
    rows = Wish.objects.filter(person_id__in=persons).order_by("since")
    return [{"days": row.days, "topic": row.topic, "since": row.since} for row in rows]


def register() -> None:
    """Called once, when the room is ready; the names are those under which the rows follow a person."""
    follow_telling("letters", letters)
    follow_telling("wishes", wishes)
