"""Keeping `may_mail` and `why_not` true to the ledger: called by every verb that changes consent or suppression."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db import connection

from groundswell.basics import arrays
from groundswell.basics.ids import PersonRef
from groundswell.people.rules import CONTACT, GONE, MERGED, TO_PARTNER, why_not
from groundswell.people.vault import second, store


def hold(persons: Sequence[int]) -> dict[int, str]:
    """Lock these people's rows until the transaction ends; called first, before a line about them is written or taken away.

    Whoever else changes what is known of them (a goodbye, a yes, being forgotten, a merge) waits here, and sees what we did.
    Returns those who are there, in the order of their numbers, each with why they may not be mailed, or nothing.
    """
    with connection.cursor() as cursor:
        # One array, not a parameter for each: a crowd has thousands.
        cursor.execute(
            "SELECT id, why_not FROM people_person WHERE id = ANY(%s::bigint[]) ORDER BY id FOR UPDATE",
            [arrays.of_numbers(persons)],
        )
        return dict(cursor.fetchall())


def standing_among(indexes: Sequence[bytes]) -> list[tuple[bytes, str]]:
    """What stands against the addresses of these indexes: index and reason."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT index, reason FROM people_suppression WHERE index = ANY(%s::bytea[]) AND lifted_at IS NULL",
            [arrays.of_bytes(indexes)],
        )
        return [(bytes(index), reason) for index, reason in cursor.fetchall()]


def now_is(person: PersonRef) -> PersonRef:
    """Who this person is now: another one, where two rows turned out to be one. Old letters and links bear the old number."""
    return PersonRef(second.now_is([person]).get(person, person))


def refresh(person_id: int) -> None:
    """Derive the person's standing anew, in the caller's transaction."""
    refresh_many([person_id])


def refresh_many(persons: Sequence[int]) -> None:
    """The same for many, in few statements."""
    # Each writer adds its own line and then waits here, so whoever comes last sees the lines of all (READ COMMITTED: every
    # statement below has a snapshot younger than the lock).
    present = hold(persons)
    derive(present, store.indexes_of(list(present)))


def derive(present: Mapping[int, str], indexes: Mapping[int, bytes]) -> None:
    """What `refresh_many` does, for who holds these people and has looked up the indexes of their addresses since.

    `present` is what `hold` gave: whose standing is as it was has no row written, or looked for.
    """
    if not present:
        return
    reasons: dict[bytes, list[str]] = defaultdict(list)
    for index, reason in standing_among(list(indexes.values())):
        reasons[index].append(reason)
    gone = [person for person in present if person not in indexes]
    merged = second.now_is(gone) if gone else {}
    everybody = arrays.of_numbers(present)
    with connection.cursor() as cursor:
        cursor.execute(
            # A yes to a partner stands in the same ledger and is none to us.
            "SELECT DISTINCT ON (person_id) person_id, given FROM people_consent WHERE person_id = ANY(%s::bigint[])"
            " AND terms_id NOT IN (SELECT id FROM people_terms WHERE purpose = %s) ORDER BY person_id, at DESC, id DESC",
            [everybody, TO_PARTNER],
        )
        latest: dict[int, bool] = dict(cursor.fetchall())
        words = {
            person: why_not(latest_consent=latest.get(person), suppressions=reasons[indexes[person]])
            if person in indexes else MERGED if person in merged else GONE
            for person in present
        }  # fmt: skip
        changed = [person for person, was in present.items() if words[person] != was]
        if not changed:
            return
        cursor.execute(
            "UPDATE people_person p SET why_not = n.why, may_mail = n.why = ''"
            " FROM (SELECT unnest(%s::bigint[]) id, unnest(%s::text[]) why) n WHERE p.id = n.id AND p.why_not <> n.why"
            # A bounce or a goodbye of a contact person makes no supporter of them: only a word or an act of their own does.
            " AND NOT (p.why_not = %s AND p.acted_at IS NULL AND p.id = ANY(%s::bigint[]))",
            [
                arrays.of_numbers(changed), arrays.of_texts(words[person] for person in changed), CONTACT,
                arrays.of_numbers(person for person in changed if person in indexes and person not in latest),
            ],
        )  # fmt: skip
