"""Standing suppressions by person: the join between the keyed hashes and the vault's own index."""

from collections import defaultdict

from groundswell.people.models import Suppression
from groundswell.people.vault import store


def reasons_by_person() -> dict[int, set[str]]:
    """Person → why their address is suppressed. People without a suppression are left out."""
    standing = [(bytes(index), reason) for index, reason in Suppression.objects.filter(lifted_at=None).values_list(
        "index", "reason")]  # fmt: skip
    persons = store.persons_by_index([index for index, _ in standing])
    reasons: dict[int, set[str]] = defaultdict(set)
    for index, reason in standing:
        if index in persons:
            reasons[persons[index]].add(reason)
    return reasons
