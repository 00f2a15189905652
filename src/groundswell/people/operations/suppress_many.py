"""Many people's addresses suppressed at once: what a day's dead addresses are, in few statements."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from groundswell.basics.ids import PersonRef
from groundswell.people.models import Suppression
from groundswell.people.operations.standing import refresh_many
from groundswell.people.operations.suppress import suppress_person
from groundswell.people.rules import Reason
from groundswell.people.vault import store


def suppress_persons(*, sources: Mapping[PersonRef, str], reason: Reason, now: datetime) -> None:
    """As `suppress_person` for each of `sources` (person → where it comes from); who has no address is passed over."""
    if len(sources) < 2:
        for person, source in sources.items():
            suppress_person(person=person, reason=reason, source=source, now=now)
        return
    with transaction.atomic():
        store.among_others()
        found = store.keyed_indexes(sorted(sources))
        Suppression.objects.bulk_create(
            [
                Suppression(index=index, index_key=key_id, reason=reason, source=sources[PersonRef(person)], at=now)
                for person, addresses in sorted(found.items())
                for index, key_id in addresses
            ],
            ignore_conflicts=True,
        )
        refresh_many(sorted(found))
        for person in sorted(set(sources) - {PersonRef(each) for each in found}):
            suppress_person(person=person, reason=reason, source=sources[person], now=now)
