"""Whom a letter reached, kept as one bit for each person's number once all of it has left.

“Nobody who had two letters this week” is asked of everybody, each time somebody edits an audience. The rows of two letters
to a third of ten million people are six million; their bits are two pieces of a megabyte. They are a copy, never the
truth: triggers on the rows let go of it in the statement that adds a row to that letter, moves one to another person
(a merge), or changes whether it left; until it is made anew the rows are asked. What a bounce or a complaint adds later
is no such change: that letter left.

Making it is two transactions. An empty row is seen by everybody first: a change that happens while the rows are read
takes it away, and then there is nothing to fill. Who changed a row before the empty one was there to be seen, and is not
done yet, is waited for.
"""

import time
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from groundswell.mailings.audiences.sets import LEFT
from groundswell.mailings.models import Reached
from groundswell.post.models import Delivery, State
from groundswell.post.queries import list_letters

_OLDEST = timedelta(days=366)
"""No condition looks back further (see the schema)."""
_NOT_YET = [State.READY, State.CLAIMED, State.RETRY, State.UNCERTAIN]

# Bit n of a bytea is the (n % 8)th lowest of byte n / 8, and int8send puts the highest byte first: hence `# 56`.
_FILL = """
WITH had AS (
    SELECT person_id >> 6 AS block, bit_or(1::bigint << ((person_id & 63) # 56)::int) AS bits,
           min(changed_at) AS first_at, max(changed_at) AS last_at
    FROM post_delivery WHERE letter_id = %(letter)s AND state = ANY(%(left)s::smallint[]) GROUP BY 1
), whole AS (
    SELECT min(first_at) AS first_at, max(last_at) AS last_at, coalesce(max(block) + 1, 0) AS blocks FROM had
)
UPDATE mailings_reached r SET first_at = coalesce(w.first_at, %(now)s), last_at = coalesce(w.last_at, %(now)s),
    numbers = w.blocks * 64,
    bits = coalesce((
        SELECT string_agg(int8send(coalesce(had.bits, 0)), '' ORDER BY n)
        FROM generate_series(0, w.blocks - 1) n LEFT JOIN had ON had.block = n), '')
FROM whole w WHERE r.letter_id = %(letter)s
"""


def keep_reached(*, now: datetime) -> int:
    """Keep whom each letter of the last year reached that has left whole and isn't kept yet; returns how many are new.

    Safe to repeat, beside whatever is being sent.
    """
    recent = [sent.letter for sent in list_letters() if sent.lodged_at >= now - _OLDEST]
    Reached.objects.exclude(letter_id__in=recent).delete()
    kept = set(Reached.objects.exclude(bits=None).values_list("letter_id", flat=True))
    return sum(_keep(letter, now) for letter in recent if letter not in kept)


def _keep(letter: int, now: datetime) -> bool:
    Reached.objects.get_or_create(letter_id=letter)
    with transaction.atomic(), connection.cursor() as cursor:
        if not _all_older_have_ended(cursor):
            return False
        # Looked at after the empty row is there: rows that come later take it away.
        if Delivery.objects.filter(letter_id=letter, state__in=_NOT_YET).exists():
            return False
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute(_FILL, {"letter": letter, "left": LEFT, "now": now})
        return bool(cursor.rowcount)


def _all_older_have_ended(cursor: CursorWrapper) -> bool:
    """Whether every transaction that had begun to write before now has ended; waits for them a little (the next run is soon)."""
    cursor.execute("SELECT pg_current_xact_id()::text")
    now = cursor.fetchone()[0]
    for pause in (0.0, 0.05, 0.2, 1.0):
        time.sleep(pause)
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot()) >= %s::xid8", [now])
        if cursor.fetchone()[0]:
            return True
    return False
