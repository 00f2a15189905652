"""What a person signed and where that came from, beside the coarse facts: an audience is then one pass over people."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0006_pairs_wait")]
    operations = [
        migrations.AddField(
            model_name="person",
            name="signed",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.IntegerField(), db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="sources",
            field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), db_default=[], default=list, size=None),
        ),
    ]
