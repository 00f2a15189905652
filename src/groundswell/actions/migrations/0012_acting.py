"""Other actions than petitions, on the same rails: kinds and settings, what people did, recipients, photos."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('actions', '0011_languages'),
    ]

    operations = [
        migrations.CreateModel(
            name='Deed',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('petition_id', models.BigIntegerField()),
                ('person_id', models.BigIntegerField()),
                ('kind', models.CharField(max_length=12)),
                ('outcome', models.CharField(max_length=16)),
                ('whom', models.CharField(blank=True, max_length=120)),
                ('words', models.BinaryField(null=True)),
                ('agreed', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('letter_id', models.BigIntegerField(null=True)),
                ('told', models.CharField(blank=True, max_length=16)),
                ('signature', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deeds', to='actions.signature')),
            ],
        ),
        migrations.AddField(
            model_name='petition',
            name='closed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='petition',
            name='closed_why',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='petition',
            name='kind',
            field=models.CharField(default='petition', max_length=12),
        ),
        migrations.AddField(
            model_name='textversion',
            name='setting',
            field=models.JSONField(default=dict),
        ),
        migrations.CreateModel(
            name='Recipient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('petition_id', models.BigIntegerField()),
                ('person_id', models.BigIntegerField()),
                ('name', models.CharField(max_length=120)),
                ('role', models.CharField(blank=True, max_length=120)),
                ('places', models.JSONField(default=list)),
            ],
            options={
                'ordering': ['name', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('petition_id', 'person_id'), name='a_recipient_once')],
            },
        ),
        migrations.CreateModel(
            name='Photo',
            fields=[
                ('deed', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='photo', serialize=False, to='actions.deed')),
                ('petition_id', models.BigIntegerField()),
                ('person_id', models.BigIntegerField()),
                ('image', models.BinaryField(null=True)),
                ('public', models.BinaryField(null=True)),
                ('width', models.PositiveIntegerField(default=0)),
                ('height', models.PositiveIntegerField(default=0)),
                ('spool', models.CharField(max_length=40)),
                ('state', models.CharField(default='arrived', max_length=12)),
                ('blurred', models.PositiveSmallIntegerField(default=0)),
                ('alt', models.CharField(blank=True, max_length=200)),
                ('decided_by', models.BigIntegerField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['petition_id', 'state'], name='photo_state')],
            },
        ),
        migrations.AddIndex(
            model_name='deed',
            index=models.Index(fields=['petition_id', 'outcome', 'at'], name='deed_by_outcome'),
        ),
        migrations.AddIndex(
            model_name='deed',
            index=models.Index(fields=['person_id'], name='deed_person'),
        ),
        migrations.AddIndex(
            model_name='deed',
            index=models.Index(condition=models.Q(('kind', 'letter'), ('letter_id__isnull', True), ('outcome', 'asked')), fields=['at'], name='deed_to_send'),
        ),
    ]
