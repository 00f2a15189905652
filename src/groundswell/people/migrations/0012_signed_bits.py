"""Which petitions bear a person's name, once more as 64 bits: asked first, before the list of them is unpacked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0011_heard_at")]
    operations = [
        migrations.AddField(model_name="person", name="signed_bits", field=models.BigIntegerField(db_default=0, default=0)),
    ]
