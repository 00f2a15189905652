"""A text version may be a translation: one petition, one count, words in several languages."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('actions', '0010_door'),
    ]

    operations = [
        migrations.AddField(
            model_name='textversion',
            name='language',
            field=models.CharField(blank=True, max_length=12),
        ),
    ]
