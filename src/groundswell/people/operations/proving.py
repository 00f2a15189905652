"""Whether the keys at hand are those of the list, asked before anything is sealed or indexed with them in bulk.

A key file of another installation has the same form and the same numbers. What it sealed would open with nothing once the
right one is put back, and everybody whom it indexed would be in the list twice.
"""

from django.db import transaction

from groundswell.basics.addresses import Address, parse
from groundswell.basics.result import Refused
from groundswell.people.keys import index_ring, vault_ring
from groundswell.people.vault import store
from groundswell.people.vault.index import Indexer
from groundswell.people.vault.open import Opener


def prove_keys() -> None:
    """`Refused` where the oldest or the newest address does not open, or is not found, with the keys at hand. Opens two."""
    with transaction.atomic():
        # No rotation moves a row to another key between our look at the row and at the keys.
        store.among_others()
        opener, index = Opener(vault_ring()), Indexer(index_ring())
        for person, sealed, mark in store.oldest_and_newest():
            address = parse(opener.open(person, "email", sealed) or "")
            if isinstance(address, Address) and mark not in index.emails(address):
                raise Refused.because(
                    "index-key",
                    f"The address of person {person} is not found with the index's key at hand: it is another installation's.",
                    "Put the index's key file back from your backup; with this one, everybody would be in the list twice.",
                )
