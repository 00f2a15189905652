"""Years of signatures, tags and letters for the people of a list, as the triggers would have left them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from groundswell.basics.ids import ActionId, LetterId
from groundswell.cli.bench_people.scratch import say

PETITIONS = 50
_SIGNED = (400, 300, 250, 200, 180, 160, 150, 140, 130, 120)
"""Of a thousand people, how many signed each of the largest petitions; the others share the rest: five each, on average."""


def fill(people: int, now: datetime) -> None:
    """More people where there are too few, and what each of them did."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_person (language, country, region, postcode_area, joined_at, may_mail, why_not)"
            " SELECT 'en', (ARRAY['GB','US','DE','IE'])[1 + n %% 4], '', 'LS' || n %% 20,"
            " %s - (n %% 2500) * interval '1 day', true, ''"
            " FROM generate_series((SELECT count(*) FROM people_person) + 1, %s) n",
            [now, people],
        )
    say("signatures …")
    _signatures(now)
    say("tags, topics, letters …")
    _tags()
    _letters(now)
    say("what people did, on their own rows …")
    _rows()


def _petitions(now: datetime) -> list[ActionId]:
    from groundswell.actions import operations as actions
    from groundswell.campaigns import operations as campaigns

    campaign = campaigns.open_campaign(slug="c", title="C", target_slug="t", target_name="T", summary="", now=now)
    return [
        actions.open_petition(slug=f"petition-{n}", campaign_id=campaign, title=f"Petition {n}", text="Do it.", goal=1000,
                              thanks_subject="Thanks", thanks_text="Thanks", now=now - timedelta(days=1200 - 20 * n))
        for n in range(PETITIONS)
    ]  # fmt: skip


def _signatures(now: datetime) -> None:
    from django.db import connection

    petitions = _petitions(now)
    rest = (5000 - sum(_SIGNED)) / (PETITIONS - len(_SIGNED))
    with connection.cursor() as cursor, _without_indexes("actions_signature"):
        cursor.execute("ALTER TABLE actions_signature DISABLE TRIGGER USER")
        for number, petition in enumerate(petitions):
            share = _SIGNED[number] if number < len(_SIGNED) else rest
            cursor.execute("SELECT id FROM actions_textversion WHERE petition_id = %s", [petition])
            version = cursor.fetchone()[0]
            cursor.execute(
                "INSERT INTO actions_signature (id, petition_id, version_id, person_id, source, position, signed_at, state, shows)"
                " SELECT (lpad(to_hex(%(petition)s), 8, '0') || '-0000-4000-8000-' || lpad(to_hex(id), 12, '0'))::uuid,"
                " %(petition)s, %(version)s, id,"
                " (ARRAY['website','mail','friend','partner'])[1 + abs(hashint8(id + %(petition)s)) %% 4], 'website',"
                " %(since)s + (abs(hashint8(id * 7 + %(petition)s)) %% 40) * interval '1 day', 'confirmed', 'name'"
                " FROM people_person"
                " WHERE abs(hashint8(id * 31 + %(petition)s)) %% 1000 < %(share)s",
                {
                    "petition": petition,
                    "version": version,
                    "since": now - timedelta(days=1040 - 20 * number),
                    "share": round(share),
                },
            )
        cursor.execute("ALTER TABLE actions_signature ENABLE TRIGGER USER")


def _tags() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for kind, name, share in (("tag", "volunteer", 50), ("tag", "donor", 20), ("topic", "climate", 200)):
            cursor.execute("INSERT INTO people_tag (kind, name) VALUES (%s, %s) RETURNING id", [kind, name])
            cursor.execute(
                "INSERT INTO people_tagged (tag_id, person_id) SELECT %(tag)s, id FROM people_person"
                " WHERE abs(hashint8(id * 17 + %(tag)s)) %% 1000 < %(share)s",
                {"tag": cursor.fetchone()[0], "share": share},
            )


def _letters(now: datetime) -> None:
    """Three letters, two of them of this week, each to three of ten people; all have left, which the worker would have seen."""
    from django.db import connection

    from groundswell.mailings.audiences import operations
    from groundswell.mailings.audiences.reached import keep_reached
    from groundswell.post.models import Letter, State

    for day, share in ((1, 300), (3, 300), (40, 300)):
        at = now - timedelta(days=day)
        letter = Letter.objects.create(key=f"mailing:{day}", kind="mailing", content={}, lodged_at=at)
        columns, values = operations.fresh_row(LetterId(letter.pk), at)
        columns["state"] = str(int(State.ACCEPTED))
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO post_delivery ({', '.join(columns)}) SELECT {', '.join(columns.values())}"  # noqa: S608 (our own names)
                " FROM (SELECT id, '' AS why FROM people_person"
                " WHERE abs(hashint8(id * 13 + %(letter)s)) %% 1000 < %(share)s ORDER BY id) people",
                {**values, "share": share},
            )
    keep_reached(now=now)


def _rows() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET work_mem = '512MB'")
        cursor.execute(
            "UPDATE people_person p SET acted_at = n.at, signed = n.signed, signed_bits = n.bits, sources = n.sources FROM ("
            " SELECT person_id, max(signed_at) AS at, array_agg(DISTINCT petition_id::int) AS signed,"
            " bit_or(1::bigint << (petition_id & 63)::int) AS bits,"
            " array_agg(DISTINCT source::text) AS sources FROM actions_signature GROUP BY person_id) n WHERE p.id = n.person_id"
        )
        cursor.execute("RESET work_mem")
        # As years of single signatures would leave it, each in the room that its page keeps: not every row twice.
        cursor.execute("VACUUM (FULL) people_person")
        cursor.execute("VACUUM (ANALYZE) people_person, actions_signature, people_tagged, post_delivery, people_tag, post_letter")


@contextmanager
def _without_indexes(table: str) -> Iterator[None]:
    """Indexes (not constraints) made after the rows: what a restore does, in a third of the time."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " WHERE i.indrelid = %s::regclass AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)",
            [table],
        )
        found = cursor.fetchall()
        for name, _ in found:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        for _, made in found:
            cursor.execute(made)
