"""Window 1: addresses for the post office, in memory, for the time of a batch. Nobody else may import this."""

from collections.abc import Sequence
from dataclasses import dataclass

from groundswell.basics.ids import PersonRef
from groundswell.people.keys import vault_ring
from groundswell.people.models import Person
from groundswell.people.vault import store
from groundswell.people.vault.open import Opener


@dataclass(frozen=True, slots=True)
class Card:
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
    facts = {pk: (language, may) for pk, language, may in Person.objects.filter(pk__in=persons).values_list(
        "pk", "language", "may_mail")}  # fmt: skip
    found = {}
    for row in store.get(persons):
        email = opener.open(row.person, "email", row.email)
        if email and row.person in facts:
            given = opener.open(row.person, "given_name", row.given_name)
            found[PersonRef(row.person)] = Card(email, given, *facts[row.person])
    return found
