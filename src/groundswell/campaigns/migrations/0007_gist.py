"""What two copies are compared by, beside the hash that they are kept under."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0006_contacts")]
    operations = [
        migrations.AddField(model_name="evidence", name="gist", field=models.CharField(blank=True, default="", max_length=64)),
    ]
