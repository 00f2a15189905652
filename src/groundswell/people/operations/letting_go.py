"""Somebody who was here for one purpose that has ended, and for nothing else."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from groundswell.basics.ids import PersonRef
from groundswell.people.models import Consent, Person
from groundswell.people.operations.forget import erase
from groundswell.people.vault import store


def let_go(*, person: PersonRef, in_use: Callable[[Sequence[int]], set[int]], now: datetime) -> bool:
    """Erase who never acted, never said yes or no to anything, came by no list, and is not `in_use`. False: they stay."""
    with transaction.atomic():
        store.among_others()
        alone = Person.objects.select_for_update().filter(pk=person, acted_at=None, import_id=None).exists()
        if not alone or Consent.objects.filter(person_id=person).exists() or person in in_use([person]):
            return False
        erase([person], now)
    return True
