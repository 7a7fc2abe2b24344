"""What was public before its city was asked once a year was verified on the day it was published, for a year.

Harvesters are not told: none of what they read changes.
"""

from django.db import migrations

QUIET = "ALTER TABLE practices_practice DISABLE TRIGGER harvest"
DATES = """
UPDATE practices_practice SET
    verified_on = (published_at AT TIME ZONE 'UTC')::date,
    review_due_on = CASE WHEN running NOT IN ('ended', 'discontinued')
        THEN (published_at AT TIME ZONE 'UTC')::date + 365 END
WHERE state = 'published' AND verified_on IS NULL
"""
OVER = """
UPDATE practices_practice SET review_due_on = NULL
WHERE running IN ('ended', 'discontinued') AND review_due_on IS NOT NULL
"""
LOUD = "ALTER TABLE practices_practice ENABLE TRIGGER harvest"
LINES = """
INSERT INTO practices_verification (practice_id, kind, verified_on, note, on_behalf, by_id, at)
SELECT id, 'published', verified_on, '', false, NULL, published_at FROM practices_practice
WHERE state = 'published' AND published_at IS NOT NULL ORDER BY id
"""


class Migration(migrations.Migration):
    dependencies = [("practices", "0007_yearly_confirmation")]

    operations = [
        migrations.RunSQL([QUIET, DATES, OVER, LOUD], migrations.RunSQL.noop),
        migrations.RunSQL(LINES, "DELETE FROM practices_verification"),
    ]
