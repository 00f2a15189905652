"""Notes are of somebody who is here; what is left of somebody who is not holds no key, and what does is said by name."""

from datetime import datetime

import pytest

from groundswell.actions import resealing
from groundswell.basics.ids import PersonRef
from groundswell.basics.result import Refused
from groundswell.people import operations as people
from groundswell.people import rights
from groundswell.people.keys import sealer
from groundswell.people.operations.needing import in_words, needed
from groundswell.people.operations.rotating import rotate
from groundswell.people.vault import second, store
from groundswell.staff.models import LedgerEntry
from tests.people.test_people import address, supporter

pytestmark = pytest.mark.django_db


def notes() -> int:
    with store.inside() as cursor:
        cursor.execute("SELECT count(*) FROM vault.note")
        return int(cursor.fetchone()[0])


def test_nobody_is_noted_of(now: datetime) -> None:
    ada = supporter(now, "ada@example.org")
    people.forget(person=ada, staff_id=None, why="asked", now=now)
    for nobody in (ada, PersonRef(10**9)):
        with pytest.raises(Refused, match="Nobody is here"):
            people.write_note(person=nobody, text="wrote again", staff_id=None, now=now)
    assert notes() == 0


def test_a_note_on_a_row_that_was_merged_is_of_who_they_are_now(now: datetime) -> None:
    kept, gone = supporter(now, "ada@example.org"), supporter(now, "ada@work.example")
    merge = people.merge(kept=kept, gone=gone, staff_id=None, why="one", now=now)
    people.write_note(person=gone, text="Called.", staff_id=None, now=now)
    people.undo_merge(merge_id=merge, staff_id=None, why="two", now=now)
    found = [rights.everything_of(person=each, staff_id=None, reason="x", now=now) for each in (kept, gone)]
    assert [[line["note"] for line in each["notes"]] for each in found if each] == [["Called."], []]


def test_a_note_of_somebody_who_is_gone_holds_no_key(own_keys: object, now: datetime) -> None:
    ada = supporter(now, "ada@example.org")
    supporter(now, "bob@example.org")
    people.forget(person=ada, staff_id=None, why="asked", now=now)
    # As one that was written before this was refused.
    second.add_note(ada, sealer().seal(ada, "note", "wrote again") or b"", sealer().key_id, now, None)
    assert in_words(needed("vault")[1]) == "people: 1, notes: 1"
    done = rotate(ring="vault", staff_id=None, why="yearly", now=now, elsewhere=resealing)
    assert (done.people, done.retired, done.kept, done.because) == (1, (1,), {}, {})
    people.forget(person=ada, staff_id=None, why="what was left", now=now)
    assert notes() == 0


def test_what_keeps_a_key_is_named(own_keys: object, now: datetime) -> None:
    people.suppress(email=address("stranger@example.org"), reason="unsubscribed", source="x", now=now)
    supporter(now, "bob@example.org")
    assert in_words(needed("index")[1]) == "people: 1, suppressed addresses: 1"
    done = rotate(ring="index", staff_id=None, why="yearly", now=now, elsewhere=resealing)
    assert done.kept == {1: 1} and done.because == {1: "suppressed addresses: 1"}


def test_only_somebody_is_forgotten_and_the_ledger_says_nothing_else(now: datetime) -> None:
    with pytest.raises(Refused, match="Nobody of this number"):
        people.forget(person=PersonRef(99_999_999), staff_id=None, why="x", now=now)
    assert not LedgerEntry.objects.filter(act="forget").exists()
