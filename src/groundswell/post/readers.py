"""Whose rows these are: for what comes back in a crowd, as signatures from a letter do."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Max

from groundswell.basics.ids import ActionId, DeliveryId, PersonRef
from groundswell.people.queries import now_are
from groundswell.post.models import Delivery


def persons_of(deliveries: Sequence[DeliveryId]) -> dict[DeliveryId, PersonRef]:
    """Row → its person, as they are now; rows that are gone are left out."""
    rows = dict(Delivery.objects.filter(pk__in=deliveries).values_list("pk", "person_id")) if deliveries else {}
    now = now_are(rows.values())
    return {DeliveryId(pk): now[person] for pk, person in rows.items()}


def answered_since(persons: Sequence[PersonRef], *, kinds: Sequence[str], since: datetime) -> dict[PersonRef, int]:
    """Person → how many letters of these kinds they got since then; who got none is left out."""
    rows = Delivery.objects.filter(person_id__in=persons, letter__kind__in=kinds, changed_at__gte=since).values_list("person_id")
    return {PersonRef(person): count for person, count in rows.annotate(count=Count("id"))} if persons else {}


def action_of(delivery: DeliveryId) -> ActionId | None:
    """The action that the letter of this row was about."""
    found = Delivery.objects.filter(pk=delivery).values_list("letter__action_id", flat=True).first()
    return None if found is None else ActionId(found)


def kind_of(delivery: DeliveryId) -> str:
    """The kind of the letter of this row; empty where there is none."""
    return Delivery.objects.filter(pk=delivery).values_list("letter__kind", flat=True).first() or ""


def latest_due(person: PersonRef, *, kind: str) -> datetime | None:
    """When the last of this person's letters of this kind leaves, or left: the next one waits its turn behind it."""
    found: datetime | None = Delivery.objects.filter(person_id=person, letter__kind=kind).aggregate(last=Max("due_at"))["last"]
    return found


def letters_to(person: PersonRef, *, kind: str, action: ActionId) -> list[int]:
    """The letters of this kind and action that have a row for this person."""
    rows = Delivery.objects.filter(person_id=person, letter__kind=kind, letter__action_id=action)
    return list(rows.values_list("letter_id", flat=True))
