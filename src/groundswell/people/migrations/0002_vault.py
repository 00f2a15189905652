"""The vault: a schema and a role of its own; and the ledger of consent, which nobody edits.

The ordinary role may become the vault's (SET) but does not inherit its rights: only code that asks reads it.
"""

from django.db import migrations

VAULT = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'groundswell_vault') THEN
        CREATE ROLE groundswell_vault NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL; -- another database of this server made it at the same moment
END $$;
GRANT groundswell_vault TO CURRENT_USER WITH INHERIT FALSE, SET TRUE;
CREATE SCHEMA vault AUTHORIZATION groundswell_vault;
SET LOCAL ROLE groundswell_vault;
CREATE TABLE vault.contact (
    person bigint PRIMARY KEY,
    email bytea,
    email_index bytea UNIQUE,
    given_name bytea,
    family_name bytea
);
RESET ROLE;
"""

LEDGER = """
CREATE FUNCTION people_consent_is_a_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Taking the person out (to be forgotten) is the one change; everything that proves the consent stays.
    IF TG_OP = 'UPDATE' AND NEW.person_id IS NULL AND to_jsonb(NEW) - 'person_id' = to_jsonb(OLD) - 'person_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the ledger of consent is only added to';
END $$;
CREATE TRIGGER people_consent_is_a_ledger BEFORE UPDATE OR DELETE ON people_consent
    FOR EACH ROW EXECUTE FUNCTION people_consent_is_a_ledger();
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [
        migrations.RunSQL(VAULT, "DROP SCHEMA vault CASCADE"),
        migrations.RunSQL(LEDGER, "DROP FUNCTION people_consent_is_a_ledger CASCADE"),
    ]
