"""A person asks to be forgotten."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q

from groundswell.basics.ids import PersonRef
from groundswell.basics.result import Refused
from groundswell.people.following import forgetters
from groundswell.people.merge_models import Merge, Pair
from groundswell.people.models import Fact, ImportChange, ImportMet, Person, Suppression, Tagged
from groundswell.people.operations.standing import hold, now_is
from groundswell.people.rules import GONE
from groundswell.people.vault import store
from groundswell.staff.operations import note


def forget(*, person: PersonRef, staff_id: int | None, why: str, now: datetime) -> None:
    """Details, tokens, notes, tags gone; counts and the proof of consent stay without the person.

    The address stays suppressed as a keyed hash, so that the next list can't bring it back. `Refused` where nobody has this
    number: the ledger must not say that somebody was forgotten who was not. Who was forgotten before may be once more.
    """
    with transaction.atomic():
        store.among_others()
        person = now_is(person)
        if person not in hold([person]):
            raise Refused.because("person-unknown", "Nobody of this number is here.", "Look at the number again.")
        Suppression.objects.bulk_create(
            [
                Suppression(index=index, index_key=key_id, reason="legal", source="asked to be forgotten", at=now)
                for index, key_id in store.keyed_indexes_of(person)
            ],
            ignore_conflicts=True,
        )
        erase([person], now)
        note(actor_id=staff_id, act="forget", about=f"person {person}", why=why, now=now)


def erase(persons: list[int] | list[PersonRef], now: datetime) -> None:
    """Take these people out of every table of this room, in the caller's transaction; their numbers stay, empty."""
    hold(persons)
    persons = store.remove(persons)
    Merge.objects.filter(Q(kept__in=persons) | Q(gone__in=persons)).delete()
    Pair.objects.filter(Q(low__in=persons) | Q(high__in=persons)).delete()
    for _, take_out in forgetters():
        take_out(persons, now)
    with connection.cursor() as cursor:
        # The ledger's trigger lets exactly this through: the person is taken out, the proof is not touched.
        cursor.execute("UPDATE people_consent SET person_id = NULL WHERE person_id = ANY(%s)", [list(persons)])
    for table in (Tagged, Fact, ImportChange, ImportMet):
        table.objects.filter(person_id__in=persons).delete()
    Person.objects.filter(pk__in=persons).update(
        may_mail=False, why_not=GONE, language="", country="", region="", postcode_area="", heard_at=None
    )
