"""Whether the database knows a time zone, asked without an error: one wrong name must not stop a whole statement."""

from django.db import migrations

CREATE = """
CREATE OR REPLACE FUNCTION mail_knows_zone(zone text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    PERFORM now() AT TIME ZONE zone;
    RETURN zone IS NOT NULL;
EXCEPTION WHEN invalid_parameter_value THEN
    RETURN false;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("mail", "0003_reminders")]
    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION IF EXISTS mail_knows_zone(text)")]
