"""`practices_found` and `practices_before` ask the index for words and blocks apart.

Of one tsquery that needs both the index visits every row of the blocks and judges the whole query there; of two conditions each
leaps to where the other goes on. That halves what common words and concepts cost.

A beginning (`'housing':*`) is dear however little is looked at: the index first gathers all that begins so, in the whole
library. Where a query has one, a look without beginnings guesses how far back there will be enough, so that one look with
them does.

What the functions answer is what it was; migration 0011 tells it.
"""

from django.db import migrations, models

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
    gone CONSTANT integer[] := (SELECT array_agg((2 << 24) + c.id) FROM cities_city c WHERE c.archived_at IS NOT NULL);
    upper bigint := (SELECT max(e.practice_id) FROM practices_searchentry e) + 1;
    lower bigint := CASE WHEN ahead IS NULL THEN upper ELSE 0 END;
    back bigint := (most * 21::bigint / 20 / block + 1) * block;
    seen bigint := 0;
    got bigint := 0;
    new bigint;
    part tsquery := coalesce(query && ahead, query);
    blocks tsquery;
    whole CONSTANT text := replace(query::text, ':*', '');
BEGIN
    IF ahead IS NULL AND whole <> query::text THEN
        part := whole::tsquery;
        blocks := practices_blocks(upper, greatest(upper - back, 0));
        SELECT least(most * back / greatest(count(DISTINCT e.practice_id), 1) * 5 / 4 + 1, 64 * back) INTO back
        FROM practices_searchentry e
        WHERE e.tsv @@ part AND e.tsv @@ blocks
            AND (cities IS NULL OR e.keys[1] IN (SELECT unnest(cities)));
        part := query;
    END IF;
    LOOP
        IF ahead IS NULL THEN
            EXIT WHEN got >= most OR upper <= 0 OR upper IS NULL;
            lower := greatest((upper - back) / block * block, 0);
            seen := seen + upper - lower;
        END IF;
        blocks := practices_blocks(upper, lower);
        RETURN QUERY
            SELECT DISTINCT ON (e.practice_id) e.practice_id, e.language, e.keys, e.published_at, e.reused
            FROM practices_searchentry e
            WHERE e.tsv @@ part AND e.tsv @@ blocks AND e.practice_id + 0 BETWEEN lower AND upper - 1
                AND (cities IS NULL OR e.keys[1] IN (SELECT unnest(cities)))
                AND (gone IS NULL OR e.keys[1] <> ALL (gone))
            ORDER BY e.practice_id DESC, e.language = reader DESC, e.language;
        GET DIAGNOSTICS new = ROW_COUNT;
        got := got + new;
        IF ahead IS NOT NULL THEN
            part := query && !!ahead;
            ahead := NULL;
        ELSE
            back := least(seen * (most - got) / greatest(got, 1) * 21 / 20 + 1, 64 * seen);
            upper := lower;
        END IF;
    END LOOP;
END
$$;
"""
BEFORE = """
CREATE OR REPLACE FUNCTION practices_before(query tsquery, oldest bigint, most bigint, back bigint, cities integer[] DEFAULT NULL)
RETURNS bigint
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET enable_seqscan = off
SET work_mem = '16MB'
AS $$
DECLARE
    block CONSTANT bigint := 2048;
    gone CONSTANT integer[] := (SELECT array_agg((2 << 24) + c.id) FROM cities_city c WHERE c.archived_at IS NOT NULL);
    upper bigint := oldest / block * block;
    lower bigint;
    seen bigint := 0;
    got bigint := 0;
    blocks tsquery;
BEGIN
    WHILE got < most AND upper > 0 LOOP
        lower := greatest((upper - greatest(back, block)) / block * block, 0);
        seen := seen + upper - lower;
        blocks := practices_blocks(upper, lower);
        got := got + (
            SELECT count(DISTINCT e.practice_id) FROM practices_searchentry e
            WHERE e.tsv @@ query AND e.tsv @@ blocks AND e.practice_id + 0 BETWEEN lower AND upper - 1
                AND (cities IS NULL OR e.keys[1] IN (SELECT unnest(cities)))
                AND (gone IS NULL OR e.keys[1] <> ALL (gone))
        );
        back := least(seen * (most - got) / greatest(got, 1) * 21 / 20 + 1, 64 * seen);
        upper := lower;
    END LOOP;
    RETURN got;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("practices", "0011_search_function")]
    operations = [
        migrations.AddIndex(
            model_name="searchword",
            index=models.Index(condition=models.Q(practices__gte=12_000), fields=["form"], name="search_word_common"),
        ),
        # Taken back they may stay: they answer the same.
        migrations.RunSQL(FOUND, migrations.RunSQL.noop),
        migrations.RunSQL(BEFORE, migrations.RunSQL.noop),
    ]
