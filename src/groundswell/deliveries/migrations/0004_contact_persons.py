"""Whom we write to in their office is no supporter: contact persons who did and said nothing themselves are marked as such."""

from django.db import migrations

MARK = """
UPDATE people_person p SET why_not = 'contact person'
WHERE p.why_not = 'no consent' AND p.acted_at IS NULL AND p.import_id IS NULL
  AND p.id IN (SELECT person_id FROM campaigns_targetcontact UNION SELECT person_id FROM actions_recipient
               UNION SELECT person_id FROM deliveries_drip)
  AND NOT EXISTS (SELECT FROM people_consent c WHERE c.person_id = p.id)
"""
UNMARK = "UPDATE people_person SET why_not = 'no consent' WHERE why_not = 'contact person'"


class Migration(migrations.Migration):
    dependencies = [
        ("deliveries", "0003_proof_in_files"),
        ("campaigns", "0006_contacts"),
        ("actions", "0012_acting"),
        ("people", "0009_import_orders"),
    ]
    operations = [migrations.RunSQL(MARK, UNMARK)]
