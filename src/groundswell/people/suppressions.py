"""Reads of suppressions: whose address it is, and why it is not written to. Answers with numbers and reasons only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from groundswell.basics.addresses import Address
from groundswell.basics.ids import PersonRef
from groundswell.people.keys import indexer
from groundswell.people.models import Consent, Suppression
from groundswell.people.rules import TO_PARTNER
from groundswell.people.vault import store


@dataclass(frozen=True, slots=True)
class Standing:
    """One suppression of an address, standing or lifted."""

    id: int
    reason: str
    source: str
    at: datetime
    lifted_at: datetime | None
    lifted_why: str


@dataclass(frozen=True, slots=True)
class Explained:
    """What is known of an address: who has it, whether the latest word on mail was a yes, and every suppression."""

    person: PersonRef | None
    consents: bool | None
    suppressions: tuple[Standing, ...]


def person_with(email: Address) -> PersonRef | None:
    """Who has this address."""
    found = store.person_by_index(*indexer().emails(email))
    return None if found is None else PersonRef(found)


def has_address(person: PersonRef, email: Address) -> bool:
    """Whether this is the person's own address, in any spelling."""
    return store.index_of(person) in indexer().emails(email)


def reasons_of(person: PersonRef) -> frozenset[str]:
    """Why this person's address is not written to now; empty where nothing stands against it."""
    index = store.index_of(person)
    if index is None:
        return frozenset()
    return frozenset(Suppression.objects.filter(index=index, lifted_at=None).values_list("reason", flat=True))


def complained(persons: Sequence[PersonRef]) -> frozenset[PersonRef]:
    """Those of these people who complained about our mail."""
    by_index = {index: PersonRef(person) for person, index in store.indexes_of(persons).items()}
    angry = Suppression.objects.filter(index__in=list(by_index), reason="complaint", lifted_at=None)
    return frozenset(by_index[bytes(index)] for index in angry.values_list("index", flat=True))


def forgotten(persons: Sequence[int]) -> frozenset[int]:
    """Those of these people who have no details here any more."""
    return frozenset(persons) - {row.person for row in store.get(list(persons))}


def explain(email: Address) -> Explained:
    """Everything that bears on writing to this address, newest suppression first."""
    person = person_with(email)
    rows = Suppression.objects.filter(index__in=indexer().emails(email)).order_by("-at", "-id")
    ours = Consent.objects.exclude(terms__purpose=TO_PARTNER)
    consents = ours.filter(person_id=person or 0).order_by("-at", "-id").values_list("given", flat=True)
    return Explained(
        person,
        consents.first() if person is not None else None,
        tuple(Standing(row.pk, row.reason, row.source, row.at, row.lifted_at, row.lifted_why) for row in rows),
    )
