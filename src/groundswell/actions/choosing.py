"""Choosing signatures to hand over: which ones, how many of which text and place, and why the others are left out."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from groundswell.actions.acting.kinds import HANDED_OVER
from groundswell.actions.models import Petition
from groundswell.basics.ids import ActionId, PersonRef
from groundswell.basics.result import Refused

BATCH = 10_000


@dataclass(frozen=True, slots=True)
class Choice:
    """Which signatures: of one petition, from `since` (inclusive) to `until` (exclusive), of a place, of some texts."""

    petition: ActionId
    since: datetime | None = None
    until: datetime | None = None
    country: str = ""
    region: str = ""
    """A region or postcode area of that country, as it stands with the person."""
    versions: tuple[int, ...] = ()
    """Numbers of the texts; empty means all."""


class Place(NamedTuple):
    """Where a person lives, as coarsely as it is kept."""

    country: str
    region: str
    area: str


class Kind(NamedTuple):
    """What signatures are counted by."""

    version: int
    shows: str
    place: Place


Chosen = tuple[PersonRef, int, str, date, str, str, str, bytes | None]
"""One chosen signature, without its signer's details: person, number of the text, what is shown (`rules.SHOWS`), day of
signing (UTC), country, region, postcode area, sealed reason. A plain tuple, and no id that nobody asks for: a million pass."""


_FROM = """
    FROM actions_signature s JOIN actions_textversion v ON v.id = s.version_id
    LEFT JOIN people_person p ON p.id = s.person_id
"""
_COLUMNS = """s.person_id, v.number, s.shows, (s.signed_at AT TIME ZONE 'UTC')::date,
    coalesce(p.country, ''), coalesce(p.region, ''), coalesce(p.postcode_area, ''), s.reason"""
_DATED = (
    "(%(since)s::timestamptz IS NULL OR s.signed_at >= %(since)s) AND (%(until)s::timestamptz IS NULL OR s.signed_at < %(until)s)"
)
_TEXT = "(%(versions)s::int[] = '{}' OR v.number = ANY(%(versions)s))"
_PLACED = """((%(country)s = '' OR p.country = %(country)s)
    AND (%(region)s = '' OR p.region = %(region)s OR p.postcode_area = %(region)s))"""
_CHOSEN = f"{_FROM} WHERE s.petition_id = %(petition)s AND s.state = 'confirmed' AND {_DATED} AND {_TEXT} AND {_PLACED}"
_LEFT_OUT = f"""
    SELECT CASE WHEN s.state = 'withdrawn' THEN 'taken back by the signer' WHEN s.state = 'invalidated' THEN 'found invalid'
                WHEN s.state <> 'confirmed' THEN 'not confirmed' WHEN NOT ({_DATED}) THEN 'signed on another day'
                WHEN NOT {_TEXT} THEN 'signed another text' ELSE 'from another place' END AS why, count(*)
    {_FROM} WHERE s.petition_id = %(petition)s
        AND (s.state <> 'confirmed' OR NOT ({_DATED}) OR NOT {_TEXT} OR {_PLACED} IS NOT TRUE)
    GROUP BY 1
"""


def tally(choice: Choice) -> Counter[Kind]:
    """How many are chosen, by text, by what they agreed to show, and by place."""
    _refuse_private(choice.petition)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT v.number, s.shows, coalesce(p.country, ''), coalesce(p.region, ''), coalesce(p.postcode_area, ''), count(*)"
            f"{_CHOSEN} GROUP BY 1, 2, 3, 4, 5",
            _values(choice),
        )
        return Counter({Kind(number, shows, Place(*place)): count for number, shows, *place, count in cursor.fetchall()})


def left_out(choice: Choice) -> dict[str, int]:
    """Why signatures of the petition are not chosen, with how many; each counts under the first reason that holds."""
    with connection.cursor() as cursor:
        cursor.execute(_LEFT_OUT, _values(choice))
        return dict(cursor.fetchall())


def chosen(choice: Choice) -> Iterator[list[Chosen]]:
    """The chosen signatures in batches, oldest first, by a cursor of the server: call it inside a transaction."""
    return _in_batches(_COLUMNS, choice)


def chosen_ids(choice: Choice) -> Iterator[UUID]:
    """Their ids alone, in the same order and under the same condition."""
    return (row[0] for batch in _in_batches("s.id", choice) for row in batch)


def _in_batches(columns: str, choice: Choice) -> Iterator[list[Any]]:
    _refuse_private(choice.petition)
    connection.ensure_connection()
    with connection.connection.cursor(name="chosen_signatures") as cursor:
        query = f"SELECT {columns} {_CHOSEN} ORDER BY s.signed_at, s.id"
        cursor.execute(query, _values(choice), binary=True)
        while batch := cursor.fetchmany(BATCH):
            yield batch


def of_ids(petition: ActionId, ids: Sequence[UUID]) -> list[Chosen]:
    """These signatures as far as they still stand, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS} {_FROM} WHERE s.petition_id = %s AND s.state = 'confirmed' AND s.id = ANY(%s)"
            " ORDER BY s.signed_at, s.id",
            [petition, list(ids)],
        )
        return list(cursor.fetchall())


def _refuse_private(action: ActionId) -> None:
    """Calls, letters, photos and events: their pages say that names are not handed over."""
    if not Petition.objects.filter(pk=action, kind__in=HANDED_OVER).exists():
        raise Refused.because(
            "hand-over-kind", "The names of who did this are not handed over: its page says so.", "Hand over its numbers instead."
        )


def _values(choice: Choice) -> dict[str, Any]:
    return {
        "petition": choice.petition, "since": choice.since, "until": choice.until, "country": choice.country,
        "region": choice.region, "versions": list(choice.versions),
    }  # fmt: skip
