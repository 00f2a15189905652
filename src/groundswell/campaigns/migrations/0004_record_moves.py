"""What was written in the first form goes to its new place; nothing of it is lost."""

from django.db import migrations

MOVE = """
UPDATE campaigns_recordentry SET
    about = precision LIKE 'approx-%', precision = replace(precision, 'approx-', ''),
    certainty = CASE WHEN certainty IN ('found', 'copy', 'only the sender says so', 'disputed', 'not found') THEN certainty
                     ELSE 'copy' END,
    kind = CASE WHEN kind IN ('pledge', 'extension', 'narrowing', 'end', 'supply', 'evidence', 'law', 'pressure', 'reply') THEN kind
                ELSE 'evidence' END,
    target_id = (SELECT target_id FROM campaigns_campaign c WHERE c.id = campaign_id);
UPDATE campaigns_recordentry SET
    first_day = (rpad(dated, 4) || CASE length(dated) WHEN 4 THEN '-01-01' WHEN 7 THEN substr(dated, 5) || '-01'
                                                      ELSE substr(dated, 5) END)::date;
UPDATE campaigns_recordentry SET
    precision = CASE length(dated) WHEN 4 THEN 'year' WHEN 7 THEN 'month' ELSE 'day' END,
    last_day = CASE length(dated) WHEN 4 THEN first_day + interval '1 year' - interval '1 day'
                                  WHEN 7 THEN first_day + interval '1 month' - interval '1 day' ELSE first_day END;
INSERT INTO campaigns_recordsource (entry_id, place, publisher, title, url, dated, original, note)
    SELECT id, 1, publisher, source_title, source_url, source_date, certainty = 'found', '' FROM campaigns_recordentry;
UPDATE campaigns_commitment SET
    slug = 'commitment-' || id, opened_at = now(),
    target_id = (SELECT target_id FROM campaigns_campaign c WHERE c.id = campaign_id),
    note = concat_ws(E'\\n', 'Made on ' || made_on, 'Until: ' || until, 'As announced: ' || scope_announced,
                     'As it stands: ' || scope_standing, 'Last confirmed on ' || last_confirmed_on, last_confirmed_source,
                     'Ended on ' || ended_on, CASE WHEN kept THEN 'Kept' END,
                     'Enter these as entries that bear on it: its standing comes from them.');
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0003_record_grows")]
    operations = [migrations.RunSQL(MOVE, migrations.RunSQL.noop)]
