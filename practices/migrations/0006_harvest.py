"""What harvesters have to know of practices, kept by triggers: no verb and no bulk change can forget to tell of a change.

`practices_harvest(ids, gone)` moves the datestamps of those practices that are public, and of those that have just
stopped being so (`gone`). Rows are taken in one order, so that two who change many practices at once never wait for
each other. A datestamp lies at least five seconds ahead: a transaction that takes no longer than that to commit is told to
everybody who asks from the moment of his last visit on.
"""

import django.db.models.deletion
from django.db import migrations, models

FUNCTIONS = """
CREATE FUNCTION practices_harvest_from() RETURNS timestamptz LANGUAGE sql AS $$
    SELECT date_trunc('second', clock_timestamp()) + interval '6 seconds';
$$;

CREATE FUNCTION practices_harvest(ids bigint[], gone boolean DEFAULT false) RETURNS void LANGUAGE sql AS $$
    INSERT INTO practices_harvestrecord (practice_id, uuid, datestamp)
    SELECT p.id, p.uuid, practices_harvest_from()
    FROM practices_practice p
    WHERE p.id = ANY(ids) AND (p.state = 'published' OR gone)
    ORDER BY p.id
    ON CONFLICT (practice_id) DO UPDATE SET datestamp = excluded.datestamp;
$$;

CREATE FUNCTION practices_harvest_practice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE practices_harvestrecord SET datestamp = practices_harvest_from() WHERE practice_id = OLD.id;
    ELSIF TG_OP = 'INSERT' THEN
        IF NEW.state = 'published' THEN PERFORM practices_harvest(ARRAY[NEW.id]); END IF;
    ELSIF (NEW.state = 'published' OR OLD.state = 'published') AND NEW IS DISTINCT FROM OLD THEN
        PERFORM practices_harvest(ARRAY[NEW.id], OLD.state = 'published');
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION practices_harvest_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW IS NOT DISTINCT FROM OLD THEN RETURN NULL; END IF;
    IF TG_OP <> 'INSERT' THEN PERFORM practices_harvest(ARRAY[OLD.practice_id]); END IF;
    IF TG_OP <> 'DELETE' THEN PERFORM practices_harvest(ARRAY[NEW.practice_id]); END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION practices_harvest_city() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW IS DISTINCT FROM OLD THEN
        PERFORM practices_harvest(ARRAY(
            SELECT p.id FROM practices_practice p WHERE p.city_id = NEW.id
            UNION SELECT a.practice_id FROM practices_adoption a WHERE a.city_id = NEW.id
        ));
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION practices_harvest_concept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW IS DISTINCT FROM OLD THEN
        PERFORM practices_harvest(ARRAY(
            SELECT t.practice_id FROM practices_practice_themes t WHERE t.concept_id = NEW.id
        ));
    END IF;
    RETURN NULL;
END $$;
"""
UNDO = """
DROP FUNCTION practices_harvest_practice() CASCADE;
DROP FUNCTION practices_harvest_part() CASCADE;
DROP FUNCTION practices_harvest_city() CASCADE;
DROP FUNCTION practices_harvest_concept() CASCADE;
DROP FUNCTION practices_harvest(bigint[], boolean) CASCADE;
DROP FUNCTION practices_harvest_from();
"""
TRIGGERS = """
CREATE TRIGGER harvest AFTER INSERT OR UPDATE OR DELETE ON practices_practice
    FOR EACH ROW EXECUTE FUNCTION practices_harvest_practice();
CREATE TRIGGER harvest AFTER INSERT OR UPDATE OR DELETE ON practices_practicenarrative
    FOR EACH ROW EXECUTE FUNCTION practices_harvest_part();
CREATE TRIGGER harvest AFTER INSERT OR UPDATE OR DELETE ON practices_practice_themes
    FOR EACH ROW EXECUTE FUNCTION practices_harvest_part();
CREATE TRIGGER harvest AFTER INSERT OR UPDATE OR DELETE ON practices_adoption
    FOR EACH ROW EXECUTE FUNCTION practices_harvest_part();
CREATE TRIGGER harvest AFTER UPDATE ON cities_city FOR EACH ROW EXECUTE FUNCTION practices_harvest_city();
CREATE TRIGGER harvest AFTER UPDATE ON practices_concept FOR EACH ROW EXECUTE FUNCTION practices_harvest_concept();
"""


class Migration(migrations.Migration):
    replaces = [("practices", "0008_harvest")]
    dependencies = [("practices", "0005_search")]

    operations = [
        migrations.CreateModel(
            name="HarvestRecord",
            fields=[
                (
                    "practice",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="harvest_record",
                        serialize=False,
                        to="practices.practice",
                    ),
                ),
                ("uuid", models.UUIDField(unique=True)),
                ("datestamp", models.DateTimeField(verbose_name="told from")),
            ],
            options={
                "verbose_name": "harvest record",
                "verbose_name_plural": "harvest records",
                "ordering": ["datestamp", "practice_id"],
                "indexes": [
                    models.Index(fields=["datestamp", "practice"], name="harvest_in_order"),
                ],
            },
        ),
        migrations.RunSQL(FUNCTIONS, UNDO),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
    ]
