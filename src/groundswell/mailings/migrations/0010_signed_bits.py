"""The database keeps the bits of what people signed with the list of it, in the same statement."""

from django.db import migrations


def people_did(kept: str, made: str) -> str:
    """As 0005 has it; `kept` is what a person's row gets beside, of what is `made` of their signatures."""
    return f"""
CREATE OR REPLACE FUNCTION people_did(persons bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(1735589889);
    PERFORM FROM people_person WHERE id = ANY(persons) ORDER BY id FOR NO KEY UPDATE;
    UPDATE people_person p SET acted_at = n.at, signed = n.signed, {kept} sources = n.sources
    FROM (
        SELECT w.id, max(s.signed_at) AS at, {made}
               COALESCE(array_agg(DISTINCT s.petition_id::int) FILTER (WHERE s.state = 'confirmed'), '{{}}') AS signed,
               COALESCE(array_agg(DISTINCT s.source::text) FILTER (WHERE s.state = 'confirmed'), '{{}}') AS sources
        FROM unnest(persons) w(id) LEFT JOIN actions_signature s ON s.person_id = w.id GROUP BY w.id
    ) n
    WHERE p.id = n.id AND (p.acted_at, p.signed, p.sources) IS DISTINCT FROM (n.at, n.signed, n.sources);
END $$;
"""  # noqa: S608 (our own words)


BITS = "COALESCE(bit_or(1::bigint << (s.petition_id & 63)::int) FILTER (WHERE s.state = 'confirmed'), 0) AS bits,"
FILLED = """
UPDATE people_person p SET signed_bits = n.bits
FROM (
    SELECT person_id, bit_or(1::bigint << (petition_id & 63)::int) AS bits
    FROM actions_signature WHERE state = 'confirmed' GROUP BY person_id
) n WHERE p.id = n.person_id;
"""


class Migration(migrations.Migration):
    dependencies = [("mailings", "0009_reached"), ("people", "0012_signed_bits")]
    operations = [
        migrations.RunSQL(people_did("signed_bits = n.bits,", BITS), people_did("", "")),
        migrations.RunSQL(FILLED, migrations.RunSQL.noop),
    ]
