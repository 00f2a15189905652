"""A batch of a list against the database: who is new, who is known, who is suppressed. Looks; writes nothing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import connection

from groundswell.people.operations.standing import standing_among
from groundswell.people.sheets.rows import CLEAR, Draft
from groundswell.people.understanding import Marks, Note
from groundswell.people.vault import bulk
from groundswell.people.vault.index import Indexer


@dataclass(slots=True)
class Coarse:
    """What is known of somebody who is here, in clear."""

    values: dict[str, str]
    import_id: int | None
    asked: bool
    """Whether the consent ledger has a line of theirs: then a list says nothing about it any more."""


@dataclass(slots=True)
class Batch:
    """The people of some rows, each once."""

    new: list[tuple[bytes, Draft]] = field(default_factory=list)
    known: list[tuple[bulk.Known, Draft]] = field(default_factory=list)
    suppressed: dict[bytes, set[str]] = field(default_factory=lambda: defaultdict(set))
    coarse: dict[int, Coarse] = field(default_factory=dict)
    marks: dict[bytes, Marks] = field(default_factory=dict)
    """What the people of one row each are found by."""
    repeated: int = 0
    """Rows that are about somebody who is in the batch already."""
    forgotten: list[int] = field(default_factory=list)
    """Lines of people who asked to be forgotten: nothing of them is taken in again, however often a list names them."""


def sort_out(drafts: Iterable[Draft], marked: Iterable[Marks], index: Indexer) -> Batch:
    """The drafts, each person once, told apart by what is in the database now."""
    batch = Batch()
    people: dict[bytes, Draft] = {}
    for draft, found_by in zip(drafts, marked, strict=True):
        mark = found_by.email
        if mark in people:
            people[mark].join(draft)
            batch.marks.pop(mark, None)  # another name or number may have come with the other row
            batch.repeated += 1
        else:
            people[mark] = draft
            batch.marks[mark] = found_by
    marks = list(people)
    # While a key is being replaced, somebody may still be found under the older one.
    older = {} if index.alone else {old: mark for mark, draft in people.items() for old in index.old_emails(draft.email)}
    found = {older.get(mark, mark): known for mark, known in bulk.known([*marks, *older]).items()}
    drafts_of: dict[int, Draft] = {}
    for mark, draft in people.items():
        if mark in found and (person := found[mark].person) in drafts_of:
            # By their first address and by a second one, which came to them by a merge.
            drafts_of[person].join(draft)
            batch.repeated += 1
        elif mark in found:
            batch.known.append((found[mark], draft))
            drafts_of[person] = draft
        else:
            batch.new.append((mark, draft))
    for kept, reason in standing_among([*marks, *older]):
        batch.suppressed[older.get(kept, kept)].add(reason)
    if any("legal" in reasons for reasons in batch.suppressed.values()):
        batch.forgotten = [draft.line for mark, draft in batch.new if "legal" in batch.suppressed.get(mark, ())]
        batch.new = [(mark, draft) for mark, draft in batch.new if "legal" not in batch.suppressed.get(mark, ())]
    batch.coarse = _coarse([known.person for known, _ in batch.known])
    return batch


def refusals(batch: Batch) -> list[Note]:
    """What the report says of those who are not taken in, line by line."""
    return [
        Note(line, "This person asked to be forgotten; they can come back by themselves only.", False) for line in batch.forgotten
    ]


def _coarse(persons: Sequence[int]) -> dict[int, Coarse]:
    if not persons:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, import_id, EXISTS (SELECT FROM people_consent c WHERE c.person_id = p.id), {', '.join(CLEAR)}"  # noqa: S608
            " FROM people_person p WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
            [list(persons)],
        )
        return {
            person: Coarse(dict(zip(CLEAR, values, strict=True)), import_id, asked)
            for person, import_id, asked, *values in cursor.fetchall()
        }
