"""An import's yes made void, where it is the last that a person is known to have said."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from groundswell.basics import arrays
from groundswell.people.models import ImportRun
from groundswell.people.operations.standing import refresh_many
from groundswell.people.rules import TO_PARTNER
from groundswell.people.vault import second

_LATEST_OF_THE_LIST = """
    SELECT l.who FROM (
        SELECT DISTINCT ON (n.who) n.who, c.given, c.at, c.terms_id, t.how
        FROM ({lines}) n JOIN people_consent c ON c.id = n.line JOIN people_terms t ON t.id = c.terms_id
        -- A yes to a partner stands in the same ledger and is none to us.
        WHERE t.purpose <> %(partner)s ORDER BY n.who, c.at DESC, c.id DESC
    ) l
    -- A list's lines are of the time at which it began; one that came later, when another list was taken back, is of its terms.
    WHERE l.how = 'import' AND l.given AND (l.at = %(began)s OR EXISTS (
        SELECT FROM people_importmet m WHERE m.run_id = %(run)s AND m.person_id = l.who AND m.terms_id = l.terms_id))
"""
_THEIRS = "SELECT person_id who, id line FROM people_consent WHERE person_id = ANY(%(persons)s::bigint[])"
_TO_COME_BACK = (
    "SELECT g.gone who, x.line::bigint line FROM people_merge g, jsonb_array_elements_text(g.moved -> 'consents') x(line)"
    " WHERE g.gone = ANY(%(persons)s::bigint[]) AND g.undone_at IS NULL"
)


def void(persons: Sequence[int], *, run: ImportRun, terms: int, now: datetime) -> set[int]:
    """A no against the list's yes, in the caller's transaction; who said something by themselves afterwards keeps their word.

    Returns whose yes it was. Where somebody is another one by now (a merge), it is said there, and kept for the day on which the
    merge is undone and the list's yes comes back to them.
    """
    if not persons:
        return set()
    merged = second.now_is(persons)
    everybody = sorted({*persons, *merged.values()})
    found = _no(_THEIRS, everybody, run, terms, now)
    if merged:
        _no(_TO_COME_BACK, sorted(merged), run, terms, now)
    refresh_many(everybody)
    return found


def _no(lines: str, persons: Sequence[int], run: ImportRun, terms: int, now: datetime) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_consent (person_id, terms_id, given, at)"  # noqa: S608 (our own words)
            f" SELECT who, %(terms)s, false, %(now)s FROM ({_LATEST_OF_THE_LIST.format(lines=lines)}) y RETURNING person_id",
            {
                "terms": terms, "now": now, "partner": TO_PARTNER, "began": run.started_at, "run": run.pk,
                "persons": arrays.of_numbers(persons),
            },
        )  # fmt: skip
        return {row[0] for row in cursor.fetchall()}
