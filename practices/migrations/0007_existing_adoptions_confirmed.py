"""What was written down before the two cities had a say was vouched for by staff: it is confirmed, and counted."""

from django.db import migrations

CONFIRM = """
UPDATE practices_adoption a
SET state = 'confirmed', language = p.original_language
FROM practices_practice p WHERE p.id = a.practice_id
"""
COUNT = """
UPDATE practices_practice p SET adoptions_count = counted.cities
FROM (
    SELECT practice_id, count(*) AS cities FROM practices_adoption
    WHERE state = 'confirmed' AND status IN ('trying', 'in_place') GROUP BY practice_id
) counted
WHERE counted.practice_id = p.id
"""


class Migration(migrations.Migration):
    dependencies = [("practices", "0006_adoptions_between_two_cities")]

    operations = [
        migrations.RunSQL(CONFIRM, migrations.RunSQL.noop),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
    ]
