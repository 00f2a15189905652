"""Whom an import met that another had brought; and how many values that an import wrote over are dropped."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0012_signed_bits")]
    operations = [
        migrations.CreateModel(
            name="ImportMet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("run_id", models.BigIntegerField()),
                ("person_id", models.BigIntegerField(db_index=True)),
                ("terms_id", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.AddField(model_name="importrun", name="dropped", field=models.PositiveBigIntegerField(db_default=0, default=0)),
    ]
