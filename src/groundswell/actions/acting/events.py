"""Seats at an event: who comes first has one, the others wait, and a seat given up goes to the first who waits."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from groundswell.actions.acting.kinds import EventAct, act_of
from groundswell.actions.acting.tables import Deed
from groundswell.basics.ids import ActionId, PersonRef

REMIND_BEFORE = timedelta(hours=26)
"""Before it begins: the morning of the day before, for most."""


def seat(*, petition_id: ActionId, now: datetime) -> int:
    """Give free seats to whoever waits, in order; returns how many were given. Nobody who has a seat loses it by this.

    Safe to repeat and beside itself: one at a time, by the event's row.
    """
    from groundswell.actions.models import Petition  # noqa: PLC0415 (its tables include ours)

    with transaction.atomic():
        petition = Petition.objects.select_for_update().filter(pk=petition_id, kind="event").first()
        if petition is None:
            return 0
        event = event_of(petition_id)
        if event is None or event.cancelled or event.ends_at <= now:
            return 0
        mine = Deed.objects.filter(petition_id=petition_id, signature__state="confirmed")
        # `asked` is who just came; whoever has heard that they wait stands before them.
        waiting = mine.filter(outcome__in=["asked", "waiting"]).order_by("at", "pk")
        free = event.capacity - mine.filter(outcome="coming").count() if event.capacity else None
        in_order = waiting.values_list("pk", flat=True)
        lucky = list(in_order if free is None else in_order[: max(0, free)])
        Deed.objects.filter(pk__in=lucky).update(outcome="coming")
        mine.filter(outcome="asked").update(outcome="waiting")
    return len(lucky)


def event_of(petition_id: ActionId) -> EventAct | None:
    """The event of this action as it stands today; None where the action is none."""
    from groundswell.actions.models import TextVersion  # noqa: PLC0415 (its tables include ours)

    row = (
        TextVersion.objects.filter(petition_id=petition_id, language="", petition__kind="event").order_by("-number")
        .values_list("setting", flat=True).first()
    )  # fmt: skip
    act = act_of("event", row) if row is not None else None
    return act if isinstance(act, EventAct) else None


def is_event(petition_id: ActionId) -> bool:
    """Whether this action is an event."""
    from groundswell.actions.models import Petition  # noqa: PLC0415 (its tables include ours)

    return Petition.objects.filter(pk=petition_id, kind="event").exists()


def open_events() -> list[ActionId]:
    """Events that were not closed yet."""
    from groundswell.actions.models import Petition  # noqa: PLC0415 (its tables include ours)

    return [ActionId(pk) for pk in Petition.objects.filter(kind="event", closed_at=None).values_list("pk", flat=True)]


def to_tell(petition_id: ActionId, now: datetime) -> dict[str, list[PersonRef]]:
    """What people are to be told now → whom: `coming`, `waiting`, `moved`, `reminder`, `cancelled`. Marks nothing.

    Who signs up on the last day needs no reminder.
    """
    event = event_of(petition_id)
    if event is None:
        return {}
    mine = Deed.objects.filter(petition_id=petition_id, signature__state="confirmed").order_by("at", "pk")
    if event.cancelled:
        wanted: dict[str, Any] = {"cancelled": mine.exclude(told="cancelled")}
    elif event.begins_at <= now:
        return {}
    else:
        coming, knows = mine.filter(outcome="coming"), Q(told__startswith="coming") | Q(told__startswith="reminder")
        wanted = {
            "coming": coming.exclude(knows),
            "waiting": mine.filter(outcome="waiting").exclude(told__startswith="waiting"),
            "moved": coming.filter(knows).exclude(told__endswith=_as_it_stands(event)),
        }
        reminded = event.begins_at - REMIND_BEFORE
        if reminded <= now:
            wanted["reminder"] = coming.filter(told=f"coming {_as_it_stands(event)}", at__lt=reminded)
    found = {word: [PersonRef(pk) for pk in rows.values_list("person_id", flat=True)] for word, rows in wanted.items()}
    return {word: persons for word, persons in found.items() if persons}


def mark_told(*, petition_id: ActionId, persons: Sequence[PersonRef], word: str, letter_id: int) -> None:
    """They have been told, by this letter, as the event stands now."""
    event = event_of(petition_id)
    rows = Deed.objects.filter(petition_id=petition_id, person_id__in=persons)
    if event is None or word == "cancelled":
        rows.update(told=word, letter_id=letter_id)
        return
    stands = _as_it_stands(event)
    if word != "moved":
        rows.update(told=f"{word} {stands}", letter_id=letter_id)
        return
    for known in ("coming", "reminder"):  # who was reminded already is not reminded again of what moved since
        rows.filter(told__startswith=known).update(told=f"{known} {stands}", letter_id=letter_id)


def _as_it_stands(event: EventAct) -> str:
    """A mark of when and where, by which a change is noticed."""
    return hashlib.sha256(f"{event.starts}|{event.ends}|{event.zone}|{event.place}".encode()).hexdigest()[:6]
