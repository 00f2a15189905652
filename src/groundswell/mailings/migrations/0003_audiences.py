"""Audiences, and the indexes by which they are counted while a person waits."""

from django.db import migrations, models

# Who signed this; who came by way of that. Only standing names, and nothing but the index is read.
INDEXES = """
CREATE INDEX audience_signed ON actions_signature (petition_id, person_id) WHERE state = 'confirmed';
CREATE INDEX audience_source ON actions_signature (source, person_id) WHERE state = 'confirmed';
"""

# When a person last acted is kept on their own row, by the statement that adds their signatures. The lock is the one that
# all who write people share; it is taken before any row, as `people.vault.store.among_others` says.
ACTED = """
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
UPDATE people_person p SET acted_at = n.at
FROM (SELECT person_id, max(signed_at) AS at FROM actions_signature GROUP BY person_id) n WHERE p.id = n.person_id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("mailings", "0002_proposals"),
        ("people", "0005_acted_at"),
        ("post", "0001_initial"),
        ("actions", "0002_what_signers_show"),
    ]

    operations = [
        migrations.CreateModel(
            name="Audience",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(unique=True)),
                ("name", models.CharField(max_length=120)),
                ("definition", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(model_name="mailing", name="definition", field=models.JSONField(null=True)),
        migrations.RunSQL(INDEXES, "DROP INDEX audience_signed, audience_source"),
        migrations.RunSQL(ACTED, "DROP FUNCTION people_acted CASCADE"),
    ]
