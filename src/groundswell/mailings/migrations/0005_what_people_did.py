"""What people signed is kept on their own rows by the statement that changes it, exactly, and audiences read it there.

Whoever changes signatures takes the writers' lock first, then the people's rows in their order, and only then looks: of two
who sign for one person at once, the second sees what the first did.
"""

from django.db import migrations

KEPT = """
DROP FUNCTION people_acted CASCADE;
DROP INDEX audience_signed, audience_source;
CREATE FUNCTION people_did(persons bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(1735589889);
    PERFORM FROM people_person WHERE id = ANY(persons) ORDER BY id FOR NO KEY UPDATE;
    UPDATE people_person p SET acted_at = n.at, signed = n.signed, sources = n.sources
    FROM (
        SELECT w.id, max(s.signed_at) AS at,
               COALESCE(array_agg(DISTINCT s.petition_id::int) FILTER (WHERE s.state = 'confirmed'), '{}') AS signed,
               COALESCE(array_agg(DISTINCT s.source::text) FILTER (WHERE s.state = 'confirmed'), '{}') AS sources
        FROM unnest(persons) w(id) LEFT JOIN actions_signature s ON s.person_id = w.id GROUP BY w.id
    ) n
    WHERE p.id = n.id AND (p.acted_at, p.signed, p.sources) IS DISTINCT FROM (n.at, n.signed, n.sources);
END $$;
CREATE FUNCTION people_did_this() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM people_did(ARRAY(SELECT DISTINCT person_id FROM changed));
    RETURN NULL;
END $$;
CREATE FUNCTION people_did_otherwise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM people_did(ARRAY(
        SELECT b.person_id FROM before b JOIN changed c USING (id)
        WHERE (b.person_id, b.state, b.petition_id, b.source) IS DISTINCT FROM (c.person_id, c.state, c.petition_id, c.source)
        UNION
        SELECT c.person_id FROM before b JOIN changed c USING (id)
        WHERE (b.person_id, b.state, b.petition_id, b.source) IS DISTINCT FROM (c.person_id, c.state, c.petition_id, c.source)));
    RETURN NULL;
END $$;
CREATE TRIGGER people_did_more AFTER INSERT ON actions_signature
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION people_did_this();
CREATE TRIGGER people_did_less AFTER DELETE ON actions_signature
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION people_did_this();
CREATE TRIGGER people_did_otherwise AFTER UPDATE ON actions_signature
    REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION people_did_otherwise();
UPDATE people_person p SET acted_at = n.at, signed = n.signed, sources = n.sources
FROM (
    SELECT person_id, max(signed_at) AS at,
           COALESCE(array_agg(DISTINCT petition_id::int) FILTER (WHERE state = 'confirmed'), '{}') AS signed,
           COALESCE(array_agg(DISTINCT source::text) FILTER (WHERE state = 'confirmed'), '{}') AS sources
    FROM actions_signature GROUP BY person_id
) n WHERE p.id = n.person_id;
"""

# As it was before, to the letter: 0003's own function and indexes, so that whoever goes back has what that form knew.
BEFORE = """
DROP TRIGGER people_did_more ON actions_signature;
DROP TRIGGER people_did_less ON actions_signature;
DROP TRIGGER people_did_otherwise ON actions_signature;
DROP FUNCTION people_did_this();
DROP FUNCTION people_did_otherwise();
DROP FUNCTION people_did(bigint[]);
CREATE INDEX audience_signed ON actions_signature (petition_id, person_id) WHERE state = 'confirmed';
CREATE INDEX audience_source ON actions_signature (source, person_id) WHERE state = 'confirmed';
CREATE FUNCTION people_acted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(1735589889);
    UPDATE people_person p SET acted_at = n.at
    FROM (SELECT person_id, max(signed_at) AS at FROM fresh GROUP BY person_id) n
    WHERE p.id = n.person_id AND (p.acted_at IS NULL OR p.acted_at < n.at);
    RETURN NULL;
END $$;
CREATE TRIGGER people_acted AFTER INSERT ON actions_signature
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION people_acted();
"""


class Migration(migrations.Migration):
    dependencies = [("mailings", "0004_life"), ("people", "0007_what_people_did")]
    operations = [migrations.RunSQL(KEPT, BEFORE)]
