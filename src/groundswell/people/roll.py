"""Window 3: names as their signers agreed to show them, for a hand-over only. No address passes here."""

from collections.abc import Sequence
from dataclasses import dataclass

from groundswell.basics.ids import PersonRef
from groundswell.basics.names import readable
from groundswell.people.keys import vault_ring
from groundswell.people.models import Person
from groundswell.people.vault import store
from groundswell.people.vault.open import Opener


@dataclass(frozen=True, slots=True)
class RollLine:
    """`Ada L.` of an area: first name, initial, place."""

    name: str
    place: str

    def __repr__(self) -> str:
        return "RollLine(…)"


def lines(persons: Sequence[PersonRef]) -> dict[PersonRef, RollLine]:
    """A line per person; who left no name, or was forgotten, is “A supporter”."""
    opener = Opener(vault_ring())
    places = {
        pk: " ".join(part for part in (area, country) if part)
        for pk, area, country in Person.objects.filter(pk__in=persons).values_list("pk", "postcode_area", "country")
    }
    found = {person: RollLine("A supporter", places.get(person, "")) for person in persons}
    for row in store.get(persons):
        given = readable(opener.open(row.person, "given_name", row.given_name))
        family = readable(opener.open(row.person, "family_name", row.family_name))
        if given:
            name = f"{given} {family[0]}." if family else given
            found[PersonRef(row.person)] = RollLine(name, places.get(row.person, ""))
    return found
