"""Whom a letter reached, as bits, let go by the database whenever they could have become untrue."""

from django.db import migrations, models

# Transition tables name the letter of what is added or deleted in bulk. A row that changes is looked at alone, and only
# where its meaning changes: that a letter is handed over (ready, claimed, accepted) is none of that while it is under way,
# because nothing is kept of a letter with such rows.
LET_GO = """
CREATE FUNCTION mailings_reached_by_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM mailings_reached WHERE letter_id IN (SELECT DISTINCT letter_id FROM changed);
    RETURN NULL;
END $$;
CREATE FUNCTION mailings_reached_by_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM mailings_reached WHERE letter_id IN (OLD.letter_id, NEW.letter_id);
    RETURN NULL;
END $$;
CREATE TRIGGER mailings_reached_more AFTER INSERT ON post_delivery
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mailings_reached_by_rows();
CREATE TRIGGER mailings_reached_less AFTER DELETE ON post_delivery
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mailings_reached_by_rows();
CREATE TRIGGER mailings_reached_otherwise AFTER UPDATE ON post_delivery FOR EACH ROW
    WHEN (OLD.person_id <> NEW.person_id OR OLD.letter_id <> NEW.letter_id OR (
        OLD.state IN (3, 5, 6, 7, 8) AND (OLD.state IN (3, 7, 8)) <> (NEW.state IN (3, 7, 8))))
    EXECUTE FUNCTION mailings_reached_by_row();
"""
KEPT_NO_MORE = """
DROP FUNCTION mailings_reached_by_rows CASCADE;
DROP FUNCTION mailings_reached_by_row CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("mailings", "0008_rights"), ("post", "0003_sending")]
    operations = [
        migrations.CreateModel(
            name="Reached",
            fields=[
                ("letter_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("first_at", models.DateTimeField(null=True)),
                ("last_at", models.DateTimeField(null=True)),
                ("numbers", models.PositiveBigIntegerField(default=0)),
                ("bits", models.BinaryField(null=True)),
            ],
        ),
        # Bits don't shrink, and are read whole.
        migrations.RunSQL("ALTER TABLE mailings_reached ALTER COLUMN bits SET STORAGE EXTERNAL", migrations.RunSQL.noop),
        migrations.RunSQL(LET_GO, KEPT_NO_MORE),
    ]
