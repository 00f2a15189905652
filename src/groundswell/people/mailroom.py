"""Window 1: addresses for the post office, in memory, for the time of a batch. Nobody else may import this."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection

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
    opener = Opener(vault_ring())
    with connection.cursor() as cursor:
        # One array, not a thousand parameters: writing those down took longer than opening the addresses.
        cursor.execute("SELECT id, language, may_mail FROM people_person WHERE id = ANY(%s)", [list(persons)])
        facts = {person: (language, may) for person, language, may in cursor.fetchall()}
    found = {}
    for person, sealed, given_name in store.addresses(persons):
        email = opener.open(person, "email", sealed)
        if email and person in facts:
            given = opener.open(person, "given_name", given_name)
            found[PersonRef(person)] = Card(email, given, *facts[person])
    return found
