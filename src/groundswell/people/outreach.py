"""Window 6: who writes to the target by way of us, for the letter that they asked us to send in their name. In memory only."""

from collections.abc import Sequence
from dataclasses import dataclass

from groundswell.basics.ids import PersonRef
from groundswell.people.keys import vault_ring
from groundswell.people.vault import store
from groundswell.people.vault.open import Opener


@dataclass(frozen=True, slots=True)
class Writer:
    """Name and address, as their letter is signed and answered. Not for printing: its text says nothing."""

    name: str
    email: str

    def __repr__(self) -> str:
        return "Writer(…)"


def writers(persons: Sequence[PersonRef]) -> dict[PersonRef, Writer]:
    """Who has left a name and an address; the others can't be written for."""
    opener, found = Opener(vault_ring()), {}
    for row in store.get(persons):
        parts = (opener.open(row.person, "given_name", row.given_name), opener.open(row.person, "family_name", row.family_name))
        name, email = " ".join(" ".join(filter(None, parts)).split()), opener.open(row.person, "email", row.email)
        if name and email:
            found[PersonRef(row.person)] = Writer(name, email)
    return found


def words(person: PersonRef, field: str, sealed: bytes | None) -> str:
    """Their own letter; empty where it is gone."""
    return Opener(vault_ring()).open(person, field, sealed) or ""
