"""Languages in the one form that is kept and compared: lower case, with hyphens (`pt-br`)."""

from django.db import migrations

_KEPT = "lower(replace(language, '_', '-') COLLATE \"C\")"


class Migration(migrations.Migration):
    dependencies = [("people", "0013_import_met")]
    operations = [
        migrations.RunSQL(f"UPDATE people_person SET language = {_KEPT} WHERE language <> {_KEPT}", migrations.RunSQL.noop),
    ]
