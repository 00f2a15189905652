"""Contact persons of targets: a number of the vault, and a sealed role. Who is forgotten is no contact any more."""

import django.db.models.deletion
from django.db import migrations, models

FORGOTTEN = """
CREATE FUNCTION campaigns_contact_is_forgotten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE campaigns_targetcontact SET role = NULL, calls = false, ended_at = COALESCE(ended_at, now()) WHERE person_id = NEW.id;
    RETURN NULL;
END $$;
-- Whoever erases people says so on their row, in the same transaction; only such a row costs anything here.
CREATE TRIGGER campaigns_contact_is_forgotten AFTER UPDATE OF why_not ON people_person
    FOR EACH ROW WHEN (NEW.why_not = 'no contact details') EXECUTE FUNCTION campaigns_contact_is_forgotten();
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0005_record_is_kept"), ("people", "0007_what_people_did")]
    operations = [
        migrations.CreateModel(
            name="TargetContact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_id", models.BigIntegerField()),
                ("role", models.BinaryField(null=True)),
                ("calls", models.BooleanField(default=False)),
                ("added_at", models.DateTimeField()),
                ("added_by", models.BigIntegerField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="contacts", to="campaigns.target"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["person_id"], name="contact_person")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("target", "person_id"),
                        name="one_standing_contact_per_person",
                    )
                ],
            },
        ),
        migrations.RunSQL(
            FORGOTTEN,
            "DROP TRIGGER campaigns_contact_is_forgotten ON people_person; DROP FUNCTION campaigns_contact_is_forgotten();",
        ),
    ]
