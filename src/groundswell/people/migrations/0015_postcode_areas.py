"""Postcodes from the public door as lists bring them: without the sign or blank that stands within them (`L1 4` is “L1”)."""

from django.db import migrations

_KEPT = "regexp_replace(split_part(postcode_area, ' ', 1), '[^[:alnum:]]', '', 'g')"


class Migration(migrations.Migration):
    dependencies = [("people", "0014_languages")]
    operations = [
        migrations.RunSQL(
            f"UPDATE people_person SET postcode_area = {_KEPT} WHERE postcode_area ~ '[^[:alnum:]]'", migrations.RunSQL.noop
        ),
    ]
