"""The languages of a fund, at first those its title and purpose are written in; a form's version stays once used."""

import django.contrib.postgres.fields
from django.db import migrations, models

import grants.models.funds
from network.languages import CODES

WRITTEN = ", ".join(f"CASE WHEN title_{code} <> '' AND purpose_{code} <> '' THEN '{code}' END" for code in CODES)
SPOKEN = f"""
UPDATE grants_fund SET languages = COALESCE(NULLIF(array_remove(ARRAY[{WRITTEN}], NULL), '{{}}'), '{{en}}')
"""  # noqa: S608  (codes of our own table)
STAY = """
CREATE FUNCTION grants_keep_used_form() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM grants_application a WHERE a.form_id = OLD.id) THEN
        RAISE EXCEPTION 'form version % stays: applications were written with it', OLD.id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER used_form_stays BEFORE UPDATE OF round_id, kind, number, sections, published_at ON grants_formversion
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION grants_keep_used_form();
"""
MOVE = """
DROP TRIGGER used_form_stays ON grants_formversion;
DROP FUNCTION grants_keep_used_form();
"""


class Migration(migrations.Migration):
    dependencies = [("grants", "0003_sizes_themes_and_interest")]

    operations = [
        migrations.AddField(
            model_name="fund",
            name="languages",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=8),
                default=grants.models.funds.in_english,
                size=None,
                verbose_name="languages",
            ),
        ),
        # Deferred checks of rows changed here would stand in the way of the next change of the table.
        migrations.RunSQL(
            ["SET CONSTRAINTS ALL IMMEDIATE", SPOKEN, "SET CONSTRAINTS ALL DEFERRED"], migrations.RunSQL.noop
        ),
        migrations.RunSQL(STAY, MOVE),
    ]
