"""Window 3: names and words as their signers agreed to show them, for a hand-over or their petition's page. No address passes."""

from collections.abc import Iterable, Sequence

from groundswell.basics.ids import PersonRef
from groundswell.basics.names import on_a_roll
from groundswell.people.keys import reason_field, vault_ring
from groundswell.people.vault import store
from groundswell.people.vault.open import Opener

SealedName = tuple[int, bytes | None, bytes | None]
"""Person, sealed first name, sealed family name."""

_REMEMBERED = 20_000
"""Shapes of names kept while a roll is read: names repeat, and shaping one costs more than looking it up."""


class Roll:
    """Opens the names of one hand-over or one page, batch by batch. Its text says nothing."""

    def __init__(self) -> None:
        self._opener = Opener(vault_ring())
        self._opened = self._opener.many(("given_name", "family_name"))
        self._shapes: dict[tuple[str | None, ...], str | None] = {}

    def __repr__(self) -> str:
        return "Roll(…)"

    def names(self, persons: Sequence[PersonRef]) -> dict[int, str]:
        """Person → first name and initial; who left no name, or was forgotten, is left out."""
        return self.shown(self.sealed(persons))

    def sealed(self, persons: Sequence[PersonRef]) -> list[SealedName]:
        """The names of these people, unopened: the half of `names` that asks the database."""
        return store.names(persons)

    def shown(self, names: Iterable[SealedName]) -> dict[int, str]:
        """The other half, which asks nobody and may run in another thread."""
        opened, shapes, found = self._opened, self._shapes, {}
        for person, *values in names:
            pair = opened(person, values)
            if pair not in shapes:
                if len(shapes) >= _REMEMBERED:
                    shapes.clear()
                shapes[pair] = on_a_roll(*pair)
            if name := shapes[pair]:
                found[person] = name
        return found

    def reason(self, person: PersonRef, petition: int, sealed: bytes | None) -> str:
        """The signer's own words under this petition, in one line; empty where there are none."""
        return " ".join((self._opener.open(person, reason_field(petition), sealed) or "").split())
