"""Not writing to an address any more, and, with a reason, writing to it again."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction

from groundswell.basics.addresses import Address
from groundswell.basics.ids import PersonRef
from groundswell.basics.result import Refused
from groundswell.people.keys import indexer
from groundswell.people.models import Suppression
from groundswell.people.operations.standing import hold, now_is, refresh
from groundswell.people.rules import Reason
from groundswell.people.vault import store
from groundswell.people.vault.index import Indexer
from groundswell.staff.operations import note


def suppress(*, email: Address, reason: Reason, source: str, now: datetime) -> None:
    """Suppress an address, known or not; kept as a keyed hash. A second time changes nothing."""
    with transaction.atomic():
        store.among_others()
        index = indexer()
        person = store.person_by_index(*index.emails(email))
        if person is None:
            # Who enrols this address at the same moment waits here, and then sees that it is suppressed.
            store.hold(index.email(email))
            person = store.person_by_index(*index.emails(email))
        if person is None:
            bring_to_todays_key(index, [email])
            _keep(index.email(email), index.key_id, reason, source, now)
        else:
            suppress_person(person=PersonRef(person), reason=reason, source=source, now=now)


def suppress_person(*, person: PersonRef, reason: Reason, source: str, now: datetime) -> bool:
    """Suppress a person's address. False where they have none any more."""
    with transaction.atomic():
        store.among_others()
        person = now_is(person)
        hold([person])
        found = store.keyed_indexes_of(person)
        for index, key_id in found:
            _keep(index, key_id, reason, source, now)
        refresh(person)
    return bool(found)


def lift_suppression(*, person: PersonRef, reason: Reason, why: str, staff_id: int | None, now: datetime) -> None:
    """Staff takes a suppression back, with a reason that goes into the ledger."""
    if not why.strip():
        raise Refused.because("reason-missing", "Lifting a suppression needs a reason.", "Say why.")
    with transaction.atomic():
        store.among_others()
        person = now_is(person)
        hold([person])
        indexes = [index for index, _ in store.keyed_indexes_of(person)]
        Suppression.objects.filter(index__in=indexes, reason=reason, lifted_at=None).update(lifted_at=now, lifted_why=why)
        note(actor_id=staff_id, act="lift suppression", about=f"person {person}: {reason}", why=why, now=now)
        refresh(person)


def bring_to_todays_key(index: Indexer, addresses: Iterable[Address]) -> None:
    """Suppressions of these addresses that were kept under an older key are kept under today's from now on.

    Only who holds an address can do that; a hash alone stays under the key it was made with.
    """
    if index.alone:
        return
    pairs = [(old, index.email(address)) for address in addresses for old in index.old_emails(address)]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE people_suppression s SET index = n.new, index_key = %s
            FROM (SELECT unnest(%s::bytea[]) old, unnest(%s::bytea[]) new) n
            WHERE s.index = n.old AND NOT EXISTS (
                SELECT FROM people_suppression t WHERE t.index = n.new AND t.reason = s.reason AND t.lifted_at IS NULL)
            """,
            [index.key_id, [old for old, _ in pairs], [new for _, new in pairs]],
        )


def _keep(index: bytes, key_id: int, reason: str, source: str, now: datetime) -> None:
    Suppression.objects.bulk_create(
        [Suppression(index=index, index_key=key_id, reason=reason, source=source, at=now)], ignore_conflicts=True
    )
