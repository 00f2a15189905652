"""Reads of the post office, as plain data."""

from django.db.models import Count

from groundswell.basics.ids import DeliveryId, LetterId, PersonRef
from groundswell.post.models import Delivery, State


def progress(letter_id: LetterId) -> dict[str, int]:
    """How many rows of a letter stand in each state, by name; states without rows are left out."""
    rows = Delivery.objects.filter(letter_id=letter_id).values_list("state").annotate(count=Count("id"))
    return {State(state).label: count for state, count in rows}


def withheld(letter_id: LetterId) -> dict[str, int]:
    """Why people were left out, with how many."""
    rows = Delivery.objects.filter(letter_id=letter_id, state=State.WITHHELD).values_list("reason")
    return dict(rows.annotate(count=Count("id")))


def person_of(delivery: DeliveryId) -> PersonRef | None:
    """Whose row it is."""
    found = Delivery.objects.filter(pk=delivery).values_list("person_id", flat=True).first()
    return None if found is None else PersonRef(found)


def letters_with_work() -> list[LetterId]:
    """Letters that have rows to hand over now or later, the most urgent first."""
    rows = Delivery.objects.filter(state__in=[State.READY, State.RETRY, State.CLAIMED])
    ids = rows.values_list("letter_id", "letter__priority").distinct().order_by("-letter__priority", "letter_id")
    return [LetterId(letter_id) for letter_id, _ in ids]
