"""What the public door keeps beside a signature: where it came from, why it is held, whether it waits."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('actions', '0002_what_signers_show'),
    ]

    operations = [
        migrations.CreateModel(
            name='Holding',
            fields=[
                ('signature_id', models.UUIDField(primary_key=True, serialize=False)),
                ('petition_id', models.BigIntegerField()),
                ('reason', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
                ('batch', models.UUIDField(null=True)),
                ('decision', models.CharField(blank=True, max_length=12)),
                ('decided_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('decision', '')), fields=['petition_id', 'reason'], name='holding_reason')],
            },
        ),
        migrations.CreateModel(
            name='Origin',
            fields=[
                ('signature_id', models.UUIDField(primary_key=True, serialize=False)),
                ('petition_id', models.BigIntegerField()),
                ('network', models.BinaryField(max_length=8, null=True)),
                ('referrer', models.UUIDField(null=True)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('network__isnull', False)), fields=['petition_id', 'network'], name='origin_network'), models.Index(condition=models.Q(('referrer__isnull', False)), fields=['referrer'], name='origin_referrer'), models.Index(condition=models.Q(('network__isnull', False)), fields=['at'], name='origin_at')],
            },
        ),
        migrations.CreateModel(
            name='Pending',
            fields=[
                ('signature_id', models.UUIDField(primary_key=True, serialize=False)),
                ('petition_id', models.BigIntegerField()),
                ('person_id', models.BigIntegerField()),
                ('asked_at', models.DateTimeField()),
                ('reminded_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['asked_at'], name='pending_asked')],
            },
        ),
    ]
