"""When a person last acted, beside the coarse facts: audiences ask for it of everybody."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0004_vault_to_the_full")]
    operations = [
        migrations.AddField(model_name="person", name="acted_at", field=models.DateTimeField(null=True)),
        # Room on each page for a newer version of a row: then no index has to hear of it.
        migrations.RunSQL("ALTER TABLE people_person SET (fillfactor = 90)", "ALTER TABLE people_person RESET (fillfactor)"),
    ]
