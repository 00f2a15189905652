"""Who passed a petition on so that somebody signed: noted with them, as something that they did."""

from datetime import datetime, timedelta

from django.db import connection

from groundswell.basics.ids import PersonRef
from groundswell.people import operations as people

_LOOKED_BACK = timedelta(days=30)
"""A friend's signature may wait so long for its confirmation before it counts."""


def hear_of_shares(*, now: datetime) -> int:
    """Every person whose link brought a signature that counts, of the last month; returns how many. Safe to repeat."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.person_id, max(o.at) FROM actions_origin o JOIN actions_signature s ON s.id = o.referrer"
            " JOIN actions_signature f ON f.id = o.signature_id"
            " WHERE o.referrer IS NOT NULL AND o.at >= %s AND s.state = 'confirmed' AND f.state = 'confirmed'"
            " AND f.person_id <> s.person_id GROUP BY s.person_id",
            [now - _LOOKED_BACK],
        )
        times = {PersonRef(person): at for person, at in cursor.fetchall()}
    people.heard_from(times=times)
    return len(times)
