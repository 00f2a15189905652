"""The old places go; the database itself refuses what is unsourced, and any change of what was entered."""

import django.db.models.deletion
from django.db import migrations, models

KEPT = """
CREATE FUNCTION campaigns_record_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the record is only added to: correct an entry with a new one (%)', TG_TABLE_NAME;
END $$;
CREATE TRIGGER campaigns_record_is_kept BEFORE UPDATE OR DELETE ON campaigns_recordentry
    FOR EACH ROW EXECUTE FUNCTION campaigns_record_is_kept();
CREATE TRIGGER campaigns_record_is_kept BEFORE UPDATE OR DELETE ON campaigns_recordsource
    FOR EACH ROW EXECUTE FUNCTION campaigns_record_is_kept();
CREATE TRIGGER campaigns_record_is_kept BEFORE UPDATE OR DELETE ON campaigns_copycheck
    FOR EACH ROW EXECUTE FUNCTION campaigns_record_is_kept();
CREATE TRIGGER campaigns_record_is_kept BEFORE UPDATE OR DELETE ON campaigns_evidence
    FOR EACH ROW EXECUTE FUNCTION campaigns_record_is_kept();
CREATE TRIGGER campaigns_record_is_kept BEFORE UPDATE OR DELETE ON campaigns_standingchange
    FOR EACH ROW EXECUTE FUNCTION campaigns_record_is_kept();
"""
SOURCED = """
CREATE FUNCTION campaigns_entry_has_a_source() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM campaigns_recordsource WHERE entry_id = NEW.id) THEN
        RAISE EXCEPTION 'entry % has no source', NEW.key USING ERRCODE = 'integrity_constraint_violation',
            CONSTRAINT = 'no_entry_without_a_source';
    END IF;
    RETURN NULL;
END $$;
-- Asked when the transaction ends: an entry and its sources are written one after the other.
CREATE CONSTRAINT TRIGGER campaigns_entry_has_a_source AFTER INSERT ON campaigns_recordentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION campaigns_entry_has_a_source();
"""


class Migration(migrations.Migration):

    dependencies = [("campaigns", "0004_record_moves")]

    operations = [
        migrations.AlterField(
            model_name='commitment',
            name='target',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='commitments', to='campaigns.target'),
        ),
        migrations.RemoveConstraint(
            model_name='recordentry',
            name='no_entry_without_a_source',
        ),
        migrations.RemoveField(
            model_name='commitment',
            name='ended_on',
        ),
        migrations.RemoveField(
            model_name='commitment',
            name='expires_on',
        ),
        migrations.RemoveField(
            model_name='commitment',
            name='kept',
        ),
        migrations.RemoveField(
            model_name='commitment',
            name='last_confirmed_on',
        ),
        migrations.RemoveField(
            model_name='commitment',
            name='last_confirmed_source',
        ),
        migrations.RemoveField(
            model_name='commitment',
            name='made_on',
        ),
        migrations.RemoveField(
            model_name='commitment',
            name='scope_announced',
        ),
        migrations.RemoveField(
            model_name='commitment',
            name='scope_standing',
        ),
        migrations.RemoveField(
            model_name='commitment',
            name='until',
        ),
        migrations.RemoveField(
            model_name='recordentry',
            name='publisher',
        ),
        migrations.RemoveField(
            model_name='recordentry',
            name='source_date',
        ),
        migrations.RemoveField(
            model_name='recordentry',
            name='source_title',
        ),
        migrations.RemoveField(
            model_name='recordentry',
            name='source_url',
        ),
        migrations.AddConstraint(
            model_name='commitment',
            constraint=models.UniqueConstraint(fields=('campaign', 'slug'), name='one_commitment_per_name'),
        ),
        migrations.AddConstraint(
            model_name='recordentry',
            constraint=models.CheckConstraint(condition=models.Q(('corrects__isnull', True), ('corrects__lt', models.F('id')), _connector='OR'), name='corrects_an_earlier_entry'),
        ),
        migrations.AddConstraint(
            model_name='recordentry',
            constraint=models.CheckConstraint(condition=models.Q(('bearing', ''), ('commitment__isnull', False), _connector='OR'), name='bears_on_a_commitment'),
        ),
        migrations.AddConstraint(
            model_name='recordentry',
            constraint=models.CheckConstraint(condition=models.Q(('certainty__in', ('found', 'copy', 'only the sender says so', 'disputed', 'not found'))), name='certainty_is_known'),
        ),
        migrations.AddConstraint(
            model_name='recordentry',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('pledge', 'extension', 'narrowing', 'end', 'supply', 'evidence', 'law', 'pressure', 'reply'))), name='kind_is_known'),
        ),
        migrations.RunSQL(KEPT, "DROP FUNCTION campaigns_record_is_kept CASCADE"),
        migrations.RunSQL(SOURCED, "DROP FUNCTION campaigns_entry_has_a_source CASCADE"),
    ]
