"""Window 1: addresses for the post office, in memory, for the time of a batch. Nobody else may import this."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection

from groundswell.basics import arrays
from groundswell.basics.ids import PersonRef
from groundswell.people.keys import vault_ring
from groundswell.people.vault import store
from groundswell.people.vault.open import Opener


class Card(NamedTuple):
    """What a letter needs of a person. Not for printing: its text says nothing."""

    email: str
    given_name: str | None
    language: str
    may_mail: bool

    def __repr__(self) -> str:
        return "Card(…)"


def cards(persons: Sequence[PersonRef]) -> dict[PersonRef, Card]:
    """The cards of these people; who has no details any more is left out."""
    opened = Opener(vault_ring()).many(("email", "given_name"))
    with connection.cursor() as cursor:
        # One array, not a thousand parameters: writing those down took longer than opening the addresses.
        query = "SELECT id, language, may_mail FROM people_person WHERE id = ANY(%s::bigint[])"
        cursor.execute(query, [arrays.of_numbers(persons)])
        facts = {person: (language, may) for person, language, may in cursor.fetchall()}
    found = {}
    for person, *sealed in store.addresses(persons):
        if person not in facts:
            continue
        email, given = opened(person, sealed)
        if email:
            found[PersonRef(person)] = Card(email, given, *facts[person])
    return found
