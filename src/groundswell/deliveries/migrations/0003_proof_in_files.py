"""The hash of a hand-over is its files': apart from the copying before it, because a table with fresh rows is not altered."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("deliveries", "0002_dossier")]
    operations = [
        migrations.RemoveField(model_name="handover", name="file_name"),
        migrations.RemoveField(model_name="handover", name="sha256"),
    ]
