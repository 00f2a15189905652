"""A name is written without asking for its petition and version again, and into the indexes that somebody reads."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("actions", "0016_partners_words")]
    operations = [
        migrations.AlterField(
            "signature",
            "petition",
            models.ForeignKey(
                db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="signatures",
                to="actions.petition",
            ),
        ),
        migrations.AlterField(
            "signature",
            "version",
            models.ForeignKey(
                db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="signatures",
                to="actions.textversion",
            ),
        ),
    ]  # fmt: skip
