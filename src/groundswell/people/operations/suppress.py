"""Not writing to an address any more, and, with a reason, writing to it again."""

from datetime import datetime

from django.db import transaction

from groundswell.basics.addresses import Address
from groundswell.basics.ids import PersonRef
from groundswell.basics.result import Refused
from groundswell.people.keys import index_ring
from groundswell.people.models import Suppression
from groundswell.people.operations.standing import refresh
from groundswell.people.rules import Reason
from groundswell.people.vault import store
from groundswell.people.vault.index import email_index
from groundswell.staff.operations import note


def suppress(*, email: Address, reason: Reason, source: str, now: datetime) -> None:
    """Suppress an address, known or not; kept as a keyed hash. A second time changes nothing."""
    _suppress(email_index(index_ring(), email), reason, source, now)


def suppress_person(*, person: PersonRef, reason: Reason, source: str, now: datetime) -> bool:
    """Suppress a person's address. False where they have none any more."""
    index = store.index_of(person)
    if index is not None:
        _suppress(index, reason, source, now)
    return index is not None


def lift_suppression(*, person: PersonRef, reason: Reason, why: str, staff_id: int | None, now: datetime) -> None:
    """Staff takes a suppression back, with a reason that goes into the ledger."""
    if not why.strip():
        raise Refused.because("reason-missing", "Lifting a suppression needs a reason.", "Say why.")
    with transaction.atomic():
        Suppression.objects.filter(index=store.index_of(person), reason=reason, lifted_at=None).update(
            lifted_at=now, lifted_why=why
        )
        note(actor_id=staff_id, act="lift suppression", about=f"person {person}: {reason}", why=why, now=now)
        refresh(person)


def _suppress(index: bytes, reason: str, source: str, now: datetime) -> None:
    with transaction.atomic():
        Suppression.objects.bulk_create([Suppression(index=index, reason=reason, source=source, at=now)], ignore_conflicts=True)
        person = store.person_by_index(index)
        if person is not None:
            refresh(person)
