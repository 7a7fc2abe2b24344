"""Let `practices_found` look back no further than it takes: it answered a third more rows than are ever counted.

As in `search` otherwise. Where the guess falls short it looks once more, which costs less than what it looked at too much.
"""

from django.db import migrations

FOUND = """
CREATE OR REPLACE FUNCTION practices_found(
    query tsquery, reader varchar, most integer, ahead tsquery DEFAULT NULL, cities integer[] DEFAULT NULL
)
RETURNS TABLE (practice_id bigint, language varchar, keys integer[], published_at timestamptz, reused smallint)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 2000
SET enable_seqscan = off
SET work_mem = '16MB'
AS $$
DECLARE
    block CONSTANT bigint := 2048;
    upper bigint := ((SELECT max(e.practice_id) FROM practices_searchentry e) / block + 1) * block;
    lower bigint := upper;
    back bigint := 6 * block;
    seen bigint := 0;
    got bigint := 0;
    new bigint;
    power integer;
    part tsquery := query && ahead;
    ring tsquery;
BEGIN
    LOOP
        IF part IS NULL THEN
            EXIT WHEN got >= most OR upper <= 0 OR upper IS NULL;
            lower := greatest((upper - back) / block * block, 0);
            IF lower = 0 AND seen = 0 THEN
                part := query;
            ELSE
                seen := seen + upper - lower;
                WHILE upper > lower LOOP
                    FOREACH power IN ARRAY '{21,19,17,15,13,11}'::integer[] LOOP
                        EXIT WHEN upper % (1::bigint << power) = 0 AND upper - (1::bigint << power) >= lower;
                    END LOOP;
                    upper := upper - (1::bigint << power);
                    part := quote_literal('a' || power || '#' || (upper >> power))::tsquery;
                    ring := CASE WHEN ring IS NULL THEN part ELSE ring || part END;
                END LOOP;
                part := query && ring;
            END IF;
        END IF;
        RETURN QUERY
            SELECT DISTINCT ON (e.practice_id) e.practice_id, e.language, e.keys, e.published_at, e.reused
            FROM practices_searchentry e
            WHERE e.tsv @@ part AND (cities IS NULL OR e.keys[1] IN (SELECT unnest(cities)))
                AND e.keys[1] NOT IN (SELECT (2 << 24) + c.id FROM cities_city c WHERE c.archived_at IS NOT NULL)
            ORDER BY e.practice_id DESC, e.language = reader DESC, e.language;
        GET DIAGNOSTICS new = ROW_COUNT;
        got := got + new;
        IF ahead IS NOT NULL THEN
            query := query && !!ahead;
            ahead := NULL;
        ELSE
            back := CASE WHEN got = 0 THEN 8 * seen ELSE least(seen * (most - got) / got * 21 / 20 + 1, 8 * seen) END;
            upper := lower;
        END IF;
        part := NULL;
        ring := NULL;
    END LOOP;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("practices", "0010_drop_narrative_lessons")]
    operations = [migrations.RunSQL(FOUND, migrations.RunSQL.noop)]
