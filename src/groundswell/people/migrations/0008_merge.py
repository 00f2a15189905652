"""Suggested pairs and merges; a second address stays in the vault; consent changes hands between the two of a merge only."""

from django.db import migrations, models

VAULT = """
SET LOCAL ROLE groundswell_vault;
-- Whose second address this is, after two rows turned out to be one person: they are found by it, and never written to at it.
ALTER TABLE vault.contact ADD COLUMN merged_into bigint;
CREATE INDEX contact_merged ON vault.contact (merged_into) WHERE merged_into IS NOT NULL;
RESET ROLE;
"""
VAULT_BACK = """
SET LOCAL ROLE groundswell_vault;
ALTER TABLE vault.contact DROP COLUMN merged_into;
RESET ROLE;
"""

LEDGER = """
CREATE OR REPLACE FUNCTION people_consent_is_a_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Everything that proves the consent stays. The person is taken out (to be forgotten), or is the same one under
    -- another number: a standing merge says so.
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'person_id' = to_jsonb(OLD) - 'person_id' AND (
        NEW.person_id IS NULL OR EXISTS (
            SELECT FROM people_merge m WHERE m.undone_at IS NULL
            AND (m.kept, m.gone) IN ((NEW.person_id, OLD.person_id), (OLD.person_id, NEW.person_id))))
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the ledger of consent is only added to';
END $$;
"""
LEDGER_BACK = """
CREATE OR REPLACE FUNCTION people_consent_is_a_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.person_id IS NULL AND to_jsonb(NEW) - 'person_id' = to_jsonb(OLD) - 'person_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the ledger of consent is only added to';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0007_what_people_did")]
    operations = [
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kept", models.BigIntegerField(db_index=True)),
                ("gone", models.BigIntegerField(db_index=True)),
                ("moved", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                ("by", models.BigIntegerField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["gone"], condition=models.Q(("undone_at__isnull", True)), name="a_person_is_merged_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kept", models.F("gone")), _negated=True), name="a_merge_is_of_two"
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Pair",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("low", models.BigIntegerField()),
                ("high", models.BigIntegerField(db_index=True)),
                ("why", models.CharField(max_length=20)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("merged", "merged"), ("apart", "two people")], default="open", max_length=6
                    ),
                ),
                ("found_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.BigIntegerField(null=True)),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("state", "open")), fields=["id"], name="pair_open")],
                "constraints": [
                    models.UniqueConstraint(fields=("low", "high"), name="a_pair_is_there_once"),
                    models.CheckConstraint(condition=models.Q(("low__lt", models.F("high"))), name="a_pair_is_two"),
                ],
            },
        ),
        migrations.AlterField(
            model_name="factkind",
            name="kind",
            field=models.CharField(
                choices=[
                    ("choice", "one of few words"),
                    ("text", "a few words"),
                    ("number", "number"),
                    ("date", "day"),
                    ("yes", "yes or no"),
                ],
                max_length=6,
            ),
        ),
        migrations.RunSQL(VAULT, VAULT_BACK),
        migrations.RunSQL(LEDGER, LEDGER_BACK),
    ]
