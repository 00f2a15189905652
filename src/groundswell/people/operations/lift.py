"""Staff takes back one suppression of an address, known or not, with a reason."""

from datetime import datetime

from django.db import transaction

from groundswell.basics.result import Refused
from groundswell.people.models import Suppression
from groundswell.people.operations.standing import hold, refresh
from groundswell.people.vault import store
from groundswell.staff.operations import note

ONLY_BY_THEMSELVES = frozenset({"legal"})
"""Who asked to be forgotten is written to again only when they come back by themselves."""


def lift_one(*, suppression_id: int, why: str, staff_id: int | None, now: datetime) -> bool:
    """Lift it; the reason goes into the ledger. False where it does not stand any more. Consent is not touched."""
    if not why.strip():
        raise Refused.because("reason-missing", "Lifting a suppression needs a reason.", "Say why.")
    with transaction.atomic():
        store.among_others()
        index = Suppression.objects.filter(pk=suppression_id).values_list("index", flat=True).first()
        person = None if index is None else store.person_by_index(bytes(index))
        if person is not None:
            # The person before their suppression, as everywhere: two who lock in two orders would wait for each other.
            hold([person])
        row = Suppression.objects.select_for_update().filter(pk=suppression_id, lifted_at=None).first()
        if row is None:
            return False
        if row.reason in ONLY_BY_THEMSELVES:
            raise Refused.because(
                "lift-legal", "This person asked to be forgotten.", "They may sign up again by themselves; staff can't do it."
            )
        Suppression.objects.filter(pk=row.pk).update(lifted_at=now, lifted_why=why.strip())
        about = f"suppression {row.pk}: {row.reason}" + (f", person {person}" if person is not None else "")
        note(actor_id=staff_id, act="lift suppression", about=about, why=why, now=now)
        if person is not None:
            refresh(person)
    return True
