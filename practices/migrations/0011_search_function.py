"""The functions by which practices are found.

`practices_found` answers one row for each practice that a query finds, that of the reader's language where it is one of
them, the newest first. It looks into blocks of practices, the newest first (lexemes `a<power>#<number>`,
`queries.matching.BLOCKS`), each time as far back as will do by what was found so far, and stops once there are enough: so a
word that stands everywhere costs the same in a library of ten thousand practices as in one of a million. `ahead`: what comes
before all others, whatever its age. `cities`: keys of the only cities that are looked for.

`practices_blocks` covers a range of numbers by at most five blocks, which may be wider: looking for ten small ones costs twice
of what is then looked at in vain. (`+ 0`: an index of numbers must not be asked for what the range is to sort out.)

`practices_before` counts what it would have found beyond its last one, `oldest`, about `back` numbers at a time, and stops at
`most`. It ended with a block, so what it did not look at begins below that of its last one.

The planner does not know how dear fetching a stored vector is: seeing a small table it would scan it and fetch every vector
(200 ms instead of 10 at 10,000 practices). The functions forbid it.

They look back no further than it takes: where the guess falls short they look once more, which costs less than what was looked
at too much.
"""

from django.db import migrations

BLOCKS = """
CREATE FUNCTION practices_blocks(upper bigint, lower bigint) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT string_agg(quote_literal('a' || power || '#' || number), ' | ')::tsquery
    FROM (
        SELECT coalesce(max(power), 11) AS power FROM unnest('{11,13,15,17,19,21}'::int[]) AS power
        WHERE 1::bigint << power <= upper - lower
    ) widest, generate_series(lower >> power, (upper - 1) >> power) AS number
$$;
"""
NO_BLOCKS = "DROP FUNCTION practices_blocks(bigint, bigint)"
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
    part tsquery := query && ahead;
BEGIN
    LOOP
        IF part IS NULL THEN
            EXIT WHEN got >= most OR upper <= 0 OR upper IS NULL;
            lower := greatest((upper - back) / block * block, 0);
            part := CASE WHEN lower = 0 AND seen < upper THEN query ELSE query && practices_blocks(upper, lower) END;
            seen := seen + upper - lower;
        END IF;
        RETURN QUERY
            SELECT DISTINCT ON (e.practice_id) e.practice_id, e.language, e.keys, e.published_at, e.reused
            FROM practices_searchentry e
            WHERE e.tsv @@ part AND e.practice_id + 0 BETWEEN lower AND upper - 1
                AND (cities IS NULL OR e.keys[1] IN (SELECT unnest(cities)))
                AND (gone IS NULL OR e.keys[1] <> ALL (gone))
            ORDER BY e.practice_id DESC, e.language = reader DESC, e.language;
        GET DIAGNOSTICS new = ROW_COUNT;
        got := got + new;
        IF ahead IS NOT NULL THEN
            query := query && !!ahead;
            ahead := NULL;
        ELSE
            back := least(seen * (most - got) / greatest(got, 1) * 21 / 20 + 1, 64 * seen);
            upper := lower;
        END IF;
        part := NULL;
    END LOOP;
END
$$;
"""
NOT_FOUND = "DROP FUNCTION practices_found(tsquery, varchar, integer, tsquery, integer[])"
BEFORE = """
CREATE FUNCTION practices_before(query tsquery, oldest bigint, most bigint, back bigint, cities integer[] DEFAULT NULL)
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
BEGIN
    WHILE got < most AND upper > 0 LOOP
        lower := greatest((upper - greatest(back, block)) / block * block, 0);
        seen := seen + upper - lower;
        got := got + (
            SELECT count(DISTINCT e.practice_id) FROM practices_searchentry e
            WHERE e.tsv @@ (query && practices_blocks(upper, lower)) AND e.practice_id + 0 BETWEEN lower AND upper - 1
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
NOT_BEFORE = "DROP FUNCTION practices_before(tsquery, bigint, bigint, bigint, integer[])"


class Migration(migrations.Migration):
    dependencies = [("practices", "0010_drop_narrative_lessons")]
    operations = [
        migrations.RunSQL(BLOCKS, NO_BLOCKS),
        migrations.RunSQL(FOUND, NOT_FOUND),
        migrations.RunSQL(BEFORE, NOT_BEFORE),
    ]
