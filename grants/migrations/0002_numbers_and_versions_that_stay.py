"""Numbers of applications come from a sequence; what was sent is never changed or deleted (emptying a test database is)."""

from django.db import migrations

SEQUENCE = "CREATE SEQUENCE grants_application_number AS integer START 1001"
NO_SEQUENCE = "DROP SEQUENCE grants_application_number"
REFUSE = """
CREATE FUNCTION grants_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'sent versions stay: % on % refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON grants_applicationversion
    FOR EACH STATEMENT EXECUTE FUNCTION grants_refuse_change();
"""
ALLOW = """
DROP TRIGGER append_only ON grants_applicationversion;
DROP FUNCTION grants_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("grants", "0001_initial")]

    operations = [migrations.RunSQL(SEQUENCE, NO_SEQUENCE), migrations.RunSQL(REFUSE, ALLOW)]
