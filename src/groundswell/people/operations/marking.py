"""What people are found by beside their address, made anew: after a value of theirs was taken back, or a key was changed."""

from collections.abc import Sequence

from groundswell.people.keys import indexer, vault_ring
from groundswell.people.vault import second, store
from groundswell.people.vault.open import Opener


def mark_anew(persons: Sequence[int]) -> None:
    """Make these people's marks from what is there now, in the caller's transaction."""
    index = indexer()
    opened = Opener(vault_ring()).many(("given_name", "family_name", "phone"))
    marks = []
    for row in store.get(persons):
        given, family, phone = opened(row.person, (row.given_name, row.family_name, row.phone))
        number = index.phone(phone) if phone and phone.startswith("+") else None
        marks.append((row.person, number, [*index.name(given or ""), *index.name(family or "")]))
    second.set_marks(marks)
