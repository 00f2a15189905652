"""What staff note of a person: sealed as their details are, and given out to them with everything else."""

from datetime import datetime

from django.db import transaction

from groundswell.basics.ids import PersonRef
from groundswell.basics.result import Refused
from groundswell.people.keys import sealer
from groundswell.people.operations.standing import hold, now_is
from groundswell.people.vault import second, store


def write_note(*, person: PersonRef, text: str, staff_id: int | None, now: datetime) -> None:
    """Add a note. The person may read it one day: whoever asks for their data is given it.

    One on a row that was merged is of who they are now. Of somebody who was forgotten nothing is written down.
    """
    with transaction.atomic():
        # First the lock, then the key: one that a rotation takes away meanwhile would leave a note that nobody opens.
        store.among_others()
        person = now_is(person)
        hold([person])
        if store.index_of(person) is None:
            raise Refused.because("person-unknown", "Nobody is here any more under this number.", "Look at the number again.")
        seal = sealer()
        sealed = seal.seal(person, "note", text.strip()[:4000])
        if sealed is None:
            raise Refused.because("note-empty", "The note is empty.", "Write something, or leave it.")
        second.add_note(person, sealed, seal.key_id, now, staff_id)
