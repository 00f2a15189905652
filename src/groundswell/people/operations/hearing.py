"""What people knowingly did beside acting: an answer to a letter, a yes to mail, a link passed on that brought somebody.

Nothing is watched for it: no opening, no click, no visit. An audience asks for it together with when they last acted.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction

from groundswell.basics.ids import PersonRef
from groundswell.people.operations.standing import hold
from groundswell.people.rules import GONE, MERGED
from groundswell.people.vault import second, store


def heard_from(*, times: Mapping[PersonRef, datetime]) -> None:
    """Person → when we heard from them; an earlier time changes nothing. Safe to repeat; who was merged in is who they are now."""
    if not times:
        return
    with transaction.atomic():
        store.among_others()
        merged = second.now_is(list(times))
        latest: dict[int, datetime] = {}
        for person, at in times.items():
            now_is = merged.get(person, person)
            latest[now_is] = max(at, latest.get(now_is, at))
        hold(sorted(latest))
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE people_person p SET heard_at = n.at"
                " FROM (SELECT unnest(%s::bigint[]) id, unnest(%s::timestamptz[]) at) n"
                " WHERE p.id = n.id AND (p.heard_at IS NULL OR p.heard_at < n.at) AND p.why_not <> ALL(%s)",
                [list(latest), list(latest.values()), [GONE, MERGED]],
            )
