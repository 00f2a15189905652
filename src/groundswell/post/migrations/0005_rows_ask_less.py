"""A row is written without asking for its letter again, and into the indexes that somebody reads.

The index of letters alone was the beginning of the one of letters and persons; every row was written into both, three times
in its life.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("post", "0004_wishes")]
    operations = [
        migrations.AlterField(
            "delivery",
            "letter",
            models.ForeignKey(
                db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="deliveries",
                to="post.letter",
            ),
        ),
    ]  # fmt: skip
