"""The record grows: entries bear on commitments, point back, and have sources of their own."""

import datetime
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("campaigns", "0002_record_tables")]

    operations = [
        migrations.AddField(
            model_name='campaign',
            name='hide_copies',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='commitment',
            name='expiring_within_days',
            field=models.PositiveSmallIntegerField(default=60),
        ),
        migrations.AddField(
            model_name='commitment',
            name='not_covered',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='commitment',
            name='note',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='commitment',
            name='opened_at',
            field=models.DateTimeField(default=datetime.datetime(2026, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='commitment',
            name='review_every_months',
            field=models.PositiveSmallIntegerField(default=12),
        ),
        migrations.AddField(
            model_name='commitment',
            name='review_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='commitment',
            name='slug',
            field=models.SlugField(default='', max_length=80),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='commitment',
            name='target',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='commitments', to='campaigns.target'),
        ),
        migrations.AddField(
            model_name='commitment',
            name='unconfirmed_after_months',
            field=models.PositiveSmallIntegerField(default=36),
        ),
        migrations.AddField(
            model_name='commitment',
            name='word',
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name='commitment',
            name='words',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='demand',
            name='met_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='demands_met', to='campaigns.recordentry'),
        ),
        migrations.AddField(
            model_name='recordentry',
            name='about',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='recordentry',
            name='answers',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='campaigns.recordentry'),
        ),
        migrations.AddField(
            model_name='recordentry',
            name='bearing',
            field=models.CharField(blank=True, choices=[('makes', 'makes'), ('extends', 'extends'), ('narrows', 'narrows'), ('confirms', 'confirms'), ('breaks', 'breaks'), ('withdraws', 'withdraws'), ('keeps', 'keeps')], max_length=10),
        ),
        migrations.AddField(
            model_name='recordentry',
            name='begins_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='recordentry',
            name='commitment',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='campaigns.commitment'),
        ),
        migrations.AddField(
            model_name='recordentry',
            name='conditions',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='recordentry',
            name='disputes',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='disputed_by', to='campaigns.recordentry'),
        ),
        migrations.AddField(
            model_name='recordentry',
            name='entered_by',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='recordentry',
            name='expires_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='recordentry',
            name='first_day',
            field=models.DateField(default=datetime.date(1900, 1, 1)),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='recordentry',
            name='last_day',
            field=models.DateField(default=datetime.date(1900, 1, 1)),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='recordentry',
            name='no_date',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='recordentry',
            name='said_by',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='recordentry',
            name='scope',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='recordentry',
            name='target',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='campaigns.target'),
        ),
        migrations.AddField(
            model_name='recordentry',
            name='until',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='target',
            name='role',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name='demand',
            name='dated',
            field=models.CharField(max_length=12),
        ),
        migrations.AlterField(
            model_name='recordentry',
            name='certainty',
            field=models.CharField(choices=[('found', 'found'), ('copy', 'copy'), ('only the sender says so', 'only the sender says so'), ('disputed', 'disputed'), ('not found', 'not found')], max_length=40),
        ),
        migrations.AlterField(
            model_name='recordentry',
            name='corrects',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='correction', to='campaigns.recordentry'),
        ),
        migrations.AlterField(
            model_name='recordentry',
            name='dated',
            field=models.CharField(max_length=12),
        ),
        migrations.AlterField(
            model_name='recordentry',
            name='kind',
            field=models.CharField(choices=[('pledge', 'pledge'), ('extension', 'extension'), ('narrowing', 'narrowing'), ('end', 'end'), ('supply', 'supply'), ('evidence', 'evidence'), ('law', 'law'), ('pressure', 'pressure'), ('reply', 'reply')], max_length=20),
        ),
        migrations.AlterField(
            model_name='recordentry',
            name='precision',
            field=models.CharField(choices=[('day', 'day'), ('month', 'month'), ('season', 'season'), ('year', 'year')], max_length=16),
        ),
        migrations.AlterField(
            model_name='target',
            name='kind',
            field=models.CharField(choices=[('company', 'company'), ('agency', 'agency'), ('official', 'official')], default='company', max_length=20),
        ),
        migrations.AddIndex(
            model_name='recordentry',
            index=models.Index(fields=['campaign', 'first_day'], name='record_by_day'),
        ),
        migrations.AddConstraint(
            model_name='demand',
            constraint=models.CheckConstraint(condition=models.Q(('met', False), ('met_by__isnull', False), _connector='OR'), name='met_by_an_entry'),
        ),
        migrations.AddField(
            model_name='citationflag',
            name='entry',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='flags', to='campaigns.recordentry'),
        ),
        migrations.AddField(
            model_name='copycheck',
            name='copy',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='campaigns.evidence'),
        ),
        migrations.AddField(
            model_name='recordsource',
            name='copy',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sources', to='campaigns.evidence'),
        ),
        migrations.AddField(
            model_name='recordsource',
            name='entry',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sources', to='campaigns.recordentry'),
        ),
        migrations.AddField(
            model_name='copycheck',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='campaigns.recordsource'),
        ),
        migrations.AddField(
            model_name='relation',
            name='one',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='relations', to='campaigns.target'),
        ),
        migrations.AddField(
            model_name='relation',
            name='other',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='relations_back', to='campaigns.target'),
        ),
        migrations.AddField(
            model_name='reminder',
            name='campaign',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='campaigns.campaign'),
        ),
        migrations.AddField(
            model_name='reminder',
            name='commitment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='campaigns.commitment'),
        ),
        migrations.AddField(
            model_name='standingchange',
            name='commitment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='campaigns.commitment'),
        ),
        migrations.AddField(
            model_name='supply',
            name='supplier',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='supplies', to='campaigns.target'),
        ),
        migrations.AddField(
            model_name='unknown',
            name='campaign',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='unknowns', to='campaigns.campaign'),
        ),
        migrations.AddIndex(
            model_name='citationflag',
            index=models.Index(condition=models.Q(('cleared_at__isnull', True)), fields=['entry'], name='flag_open'),
        ),
        migrations.AddConstraint(
            model_name='citationflag',
            constraint=models.UniqueConstraint(fields=('entry', 'reason', 'because', 'place_kind', 'place'), name='one_flag_once'),
        ),
        migrations.AddConstraint(
            model_name='recordsource',
            constraint=models.UniqueConstraint(fields=('entry', 'place'), name='one_source_per_place'),
        ),
        migrations.AddConstraint(
            model_name='recordsource',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('publisher', ''), _negated=True), models.Q(('title', ''), _negated=True), models.Q(models.Q(('url', ''), _negated=True), ('copy__isnull', False), _connector='OR')), name='a_source_can_be_found'),
        ),
        migrations.AddConstraint(
            model_name='relation',
            constraint=models.UniqueConstraint(fields=('one', 'relation', 'other'), name='one_relation_once'),
        ),
        migrations.AddConstraint(
            model_name='relation',
            constraint=models.CheckConstraint(condition=models.Q(('one', models.F('other')), _negated=True), name='no_relation_to_oneself'),
        ),
        migrations.AddConstraint(
            model_name='relation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('publisher', ''), _negated=True), models.Q(('source_url', ''), _negated=True)), name='no_relation_without_a_source'),
        ),
        migrations.AddIndex(
            model_name='supply',
            index=models.Index(fields=['country', 'region', 'locality'], name='supply_by_place'),
        ),
        migrations.AddConstraint(
            model_name='supply',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('publisher', ''), _negated=True), models.Q(('source_url', ''), _negated=True)), name='no_supply_without_a_source'),
        ),
        migrations.AddConstraint(
            model_name='unknown',
            constraint=models.UniqueConstraint(fields=('campaign', 'question'), name='one_question_once'),
        ),
    ]
