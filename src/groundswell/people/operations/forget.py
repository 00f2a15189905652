"""A person asks to be forgotten."""

from datetime import datetime

from django.db import connection, transaction

from groundswell.basics.ids import PersonRef
from groundswell.people.models import Person, Suppression
from groundswell.people.vault import store
from groundswell.staff.operations import note


def forget(*, person: PersonRef, staff_id: int | None, why: str, now: datetime) -> None:
    """Details gone; counts and the proof of consent stay without the person; the address stays suppressed as a hash."""
    with transaction.atomic():
        index = store.index_of(person)
        if index is not None:
            Suppression.objects.bulk_create(
                [Suppression(index=index, reason="legal", source="asked to be forgotten", at=now)],
                ignore_conflicts=True,
            )
        store.remove(person)
        with connection.cursor() as cursor:
            # The ledger's trigger lets exactly this through: the person is taken out, the proof is not touched.
            cursor.execute("UPDATE people_consent SET person_id = NULL WHERE person_id = %s", [person])
        Person.objects.filter(pk=person).update(may_mail=False, country="", region="", postcode_area="")
        note(actor_id=staff_id, act="forget", about=f"person {person}", why=why, now=now)
