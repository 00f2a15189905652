"""Letters lodged, and one row per person: the post office's intake."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice

from django.db import connection

from groundswell.basics.ids import ActionId, LetterId, PersonRef
from groundswell.engine.message import Letter as CompiledLetter
from groundswell.post.models import Letter, State

_ROWS = 10_000


def lodge(
    *, key: str, letter: CompiledLetter, kind: str, action: ActionId | None, topic: int | None = None, priority: int = 0,
    now: datetime,
) -> LetterId:  # fmt: skip
    """Keep a compiled letter under its key; lodging it again gives the same one, as it was first lodged.

    `topic` is what people may have asked to hear of only: the number of the campaign.
    """
    row, _ = Letter.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind, "content": letter.to_json(), "action_id": action, "topic": topic, "priority": priority, "lodged_at": now,
        },
    )  # fmt: skip
    return LetterId(row.pk)


def address(*, letter_id: LetterId, persons: Iterable[tuple[PersonRef, str]], now: datetime, due: datetime | None = None) -> int:
    """One row per person: ready, or withheld with the reason given beside the person. Rows that exist stay as they are.

    Rows are due at once, or at `due`. Returns how many rows are new.
    """
    new, stream = 0, iter(persons)
    while batch := list(islice(stream, _ROWS)):
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO post_delivery (letter_id, person_id, state, reason, attempts, due_at, claimed_by, changed_at, clicked)
                SELECT %s, p.person, CASE WHEN p.reason = '' THEN %s ELSE %s END, p.reason, 0, %s, '', %s, false
                FROM (SELECT unnest(%s::bigint[]) person, unnest(%s::text[]) reason) p
                ON CONFLICT (letter_id, person_id) DO NOTHING
                """,
                [
                    letter_id, State.READY, State.WITHHELD, due or now, now, [person for person, _ in batch],
                    [reason for _, reason in batch],
                ],
            )  # fmt: skip
            new += cursor.rowcount
    return new
