"""The record's new tables: sources of their own, copies, flags, reminders, the register."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("campaigns", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name='CitationFlag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=20)),
                ('because', models.BigIntegerField(default=0)),
                ('place_kind', models.CharField(max_length=20)),
                ('place', models.CharField(max_length=200)),
                ('url', models.CharField(blank=True, max_length=300)),
                ('raised_at', models.DateTimeField()),
                ('cleared_at', models.DateTimeField(null=True)),
                ('cleared_by', models.BigIntegerField(null=True)),
                ('cleared_why', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['-raised_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='CopyCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('result', models.CharField(max_length=10)),
                ('words', models.CharField(blank=True, max_length=600)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['source', 'at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('sha256', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('size', models.PositiveBigIntegerField()),
                ('form', models.CharField(max_length=8)),
                ('file_name', models.CharField(max_length=200)),
                ('kept_at', models.DateTimeField()),
            ],
            options={
                'verbose_name_plural': 'evidence',
            },
        ),
        migrations.CreateModel(
            name='RecordSource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField()),
                ('publisher', models.CharField(max_length=200)),
                ('title', models.CharField(max_length=400)),
                ('url', models.CharField(blank=True, max_length=600)),
                ('dated', models.CharField(blank=True, max_length=40)),
                ('retrieved_on', models.DateField(null=True)),
                ('original', models.BooleanField(default=True)),
                ('note', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['entry', 'place'],
            },
        ),
        migrations.CreateModel(
            name='Relation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('relation', models.CharField(choices=[('owns', 'owns'), ('supplies', 'supplies'), ('hosts', 'hosts'), ('buys from', 'buys from')], max_length=20)),
                ('publisher', models.CharField(max_length=200)),
                ('source_title', models.CharField(max_length=400)),
                ('source_url', models.CharField(max_length=600)),
            ],
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('once', models.CharField(max_length=160, unique=True)),
                ('subject', models.CharField(max_length=300)),
                ('words', models.TextField()),
                ('due_on', models.DateField()),
                ('told_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('done_by', models.BigIntegerField(null=True)),
            ],
            options={
                'ordering': ['due_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='StandingChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.CharField(blank=True, max_length=200)),
                ('word', models.CharField(max_length=20)),
                ('words', models.CharField(max_length=200)),
                ('by_time', models.BooleanField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Supply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=120, unique=True)),
                ('supplier_name', models.CharField(blank=True, max_length=200)),
                ('product', models.CharField(max_length=300)),
                ('buyer', models.CharField(max_length=300)),
                ('purpose', models.TextField(blank=True)),
                ('since', models.CharField(blank=True, max_length=40)),
                ('until', models.CharField(blank=True, max_length=40)),
                ('state', models.CharField(choices=[('in use', 'in use'), ('planned', 'planned'), ('ended', 'ended'), ('unknown', 'unknown')], default='unknown', max_length=20)),
                ('country', models.CharField(blank=True, max_length=2)),
                ('region', models.CharField(blank=True, max_length=80)),
                ('county', models.CharField(blank=True, max_length=120)),
                ('locality', models.CharField(blank=True, max_length=120)),
                ('publisher', models.CharField(max_length=200)),
                ('source_title', models.CharField(max_length=400)),
                ('source_url', models.CharField(max_length=900)),
                ('source_date', models.CharField(blank=True, max_length=40)),
                ('list_name', models.CharField(max_length=120)),
                ('entered_at', models.DateTimeField()),
            ],
            options={
                'verbose_name_plural': 'supplies',
                'ordering': ['country', 'region', 'locality', 'buyer', 'product', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Unknown',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.CharField(max_length=300)),
                ('finding', models.TextField()),
                ('state', models.CharField(max_length=40)),
                ('cites', models.JSONField(default=list)),
                ('looked_on', models.DateField()),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AlterModelOptions(
            name='commitment',
            options={'ordering': ['pk']},
        ),
        migrations.AlterModelOptions(
            name='recordentry',
            options={'ordering': ['first_day', 'key'], 'verbose_name_plural': 'record entries'},
        ),
        migrations.AlterModelOptions(
            name='target',
            options={'ordering': ['name']},
        ),
    ]
