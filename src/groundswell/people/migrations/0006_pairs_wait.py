"""Suggested pairs come back together with merging them; an empty table would only promise it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0005_acted_at")]
    operations = [migrations.DeleteModel(name="Pair")]
