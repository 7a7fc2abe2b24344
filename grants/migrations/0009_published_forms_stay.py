"""A form's version stays from the moment it is published, not only once an application uses it: processes keep it."""

from django.db import migrations

STAY = """
CREATE FUNCTION grants_keep_published_form() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'form version % stays: it is published', OLD.id USING ERRCODE = 'insufficient_privilege';
END $$;
DROP TRIGGER used_form_stays ON grants_formversion;
CREATE TRIGGER published_form_stays BEFORE UPDATE OF round_id, kind, number, sections, published_at ON grants_formversion
    FOR EACH ROW WHEN (OLD.published_at IS NOT NULL AND OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION grants_keep_published_form();
DROP FUNCTION grants_keep_used_form();
"""
ONLY_USED = """
CREATE FUNCTION grants_keep_used_form() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM grants_application a WHERE a.form_id = OLD.id) THEN
        RAISE EXCEPTION 'form version % stays: applications were written with it', OLD.id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER published_form_stays ON grants_formversion;
CREATE TRIGGER used_form_stays BEFORE UPDATE OF round_id, kind, number, sections, published_at ON grants_formversion
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION grants_keep_used_form();
DROP FUNCTION grants_keep_published_form();
"""


class Migration(migrations.Migration):
    dependencies = [("grants", "0008_letters_and_paper")]

    operations = [migrations.RunSQL(STAY, ONLY_USED)]
