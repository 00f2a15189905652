"""Looking for people who are in the list twice: keyed hashes are compared with keyed hashes.

Nothing is opened for it but addresses, each once, to see a slip of the finger in their domain (`slips`).
"""

from datetime import datetime

from django.db import connection, transaction

from groundswell.basics.result import Refused
from groundswell.people.merge_models import Pair
from groundswell.people.operations.slips import find_slips
from groundswell.people.rules import CONTACT
from groundswell.people.vault import store

CROWD = 4
"""So many people of one number, or of one name in one area, may be one person; more are an office or a common name."""
MOST = 2000
"""Open pairs that are kept for staff at a time: nobody looks through more."""


def find_pairs(*, now: datetime) -> int:
    """Suggest pairs that nobody has decided about yet; returns how many are new.

    Three rules: the same address but for a slip in its domain (`slipped domain`); the same telephone, where neither has a
    name or one name holds the other (`same number`); and the same whole name in the same postcode area of one country
    (`same name and area`). Contact persons of offices are nobody of the list, and in no pair.
    """
    slipped = find_slips(most_open=MOST, now=now)
    with transaction.atomic():
        with store.inside() as cursor:
            # The vault's role says who has equal marks; the ordinary one, which knows the places, decides what that means.
            cursor.execute(_CANDIDATES, {"crowd": CROWD})
        with connection.cursor() as cursor:
            cursor.execute(_SUGGEST, {"crowd": CROWD, "most": MOST, "now": now, "contact": CONTACT})
            found = cursor.rowcount
        with store.inside() as cursor:
            cursor.execute("DROP TABLE pg_temp.same_marks")
    return slipped + int(found)


def keep_apart(*, pair_id: int, staff_id: int | None, now: datetime) -> bool:
    """These are two people; they are not suggested again. False where the pair was decided already."""
    return bool(Pair.objects.filter(pk=pair_id, state="open").update(state="apart", decided_at=now, decided_by=staff_id))


def pair_between(one: int, other: int) -> tuple[int, int]:
    """The two in the order in which a pair is kept."""
    if one == other:
        raise Refused.because("pair-one", "That is one person, not two.", "Name two numbers.")
    return min(one, other), max(one, other)


_CANDIDATES = """
CREATE TEMPORARY TABLE same_marks ON COMMIT DROP AS
WITH numbered AS (
    SELECT phone_index AS mark, array_agg(person ORDER BY person) AS persons FROM vault.contact
    WHERE phone_index IS NOT NULL AND merged_into IS NULL GROUP BY phone_index HAVING count(*) BETWEEN 2 AND %(crowd)s
), named AS (
    SELECT c.person, c.given_name IS NOT NULL AND c.family_name IS NOT NULL AS whole,
           (SELECT sha256(string_agg(t::text, ',' ORDER BY t)::bytea) FROM unnest(c.name_tokens) t) AS mark
    FROM vault.contact c WHERE c.name_tokens IS NOT NULL AND c.merged_into IS NULL
)
SELECT a.person AS low, b.person AS high, 'number' AS rule, NULL::bytea AS mark
FROM numbered n, unnest(n.persons) x(person), unnest(n.persons) y(person), vault.contact a, vault.contact b
WHERE x.person < y.person AND a.person = x.person AND b.person = y.person
  AND (a.name_tokens IS NULL OR b.name_tokens IS NULL
       OR a.name_tokens @> b.name_tokens OR b.name_tokens @> a.name_tokens)
UNION ALL
SELECT person, NULL, 'name', mark FROM (
    SELECT *, count(*) OVER (PARTITION BY mark) AS many FROM named WHERE whole
) w WHERE many > 1;
GRANT SELECT ON same_marks TO PUBLIC;
"""

_SUGGEST = """
WITH placed AS (
    SELECT m.mark, p.country, p.postcode_area, array_agg(p.id ORDER BY p.id) AS persons
    FROM pg_temp.same_marks m JOIN people_person p ON p.id = m.low
    WHERE m.rule = 'name' AND p.postcode_area <> '' AND p.why_not <> %(contact)s
    GROUP BY 1, 2, 3 HAVING count(*) BETWEEN 2 AND %(crowd)s
), suggested AS (
    SELECT m.low, m.high, 'same number' AS why FROM pg_temp.same_marks m
    JOIN people_person a ON a.id = m.low JOIN people_person b ON b.id = m.high
    WHERE m.rule = 'number' AND a.why_not <> %(contact)s AND b.why_not <> %(contact)s
    UNION ALL
    SELECT x, y, 'same name and area' FROM placed, unnest(persons) x, unnest(persons) y WHERE x < y
)
INSERT INTO people_pair (low, high, why, state, found_at)
SELECT DISTINCT ON (low, high) low, high, why, 'open', %(now)s::timestamptz FROM suggested s
WHERE NOT EXISTS (SELECT FROM people_pair o WHERE o.low = s.low AND o.high = s.high)
ORDER BY low, high, why DESC
LIMIT GREATEST(0, %(most)s - (SELECT count(*) FROM people_pair WHERE state = 'open'))
ON CONFLICT DO NOTHING
"""
