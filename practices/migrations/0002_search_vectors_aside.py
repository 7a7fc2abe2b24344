"""Store search vectors aside of their rows, and always find rows by the index.

Finding rows then reads a small table; only ranking fetches the vectors. The planner does not know how dear fetching
them is: seeing a small table it would scan it and fetch every vector (200 ms instead of 10 at 10,000 practices). The
function tells it not to.
"""

from django.db import migrations

ASIDE = """
ALTER TABLE practices_searchentry ALTER COLUMN tsv SET STORAGE EXTERNAL;
ALTER TABLE practices_searchentry SET (toast_tuple_target = 128);
"""
NOT_ASIDE = """
ALTER TABLE practices_searchentry ALTER COLUMN tsv SET STORAGE EXTENDED;
ALTER TABLE practices_searchentry RESET (toast_tuple_target);
"""
FOUND = """
CREATE FUNCTION practices_found(query tsquery)
RETURNS TABLE (id bigint, practice_id bigint, language varchar)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 2000
SET enable_seqscan = off
AS $$ SELECT e.id, e.practice_id, e.language FROM practices_searchentry e WHERE e.tsv @@ query $$;
"""


class Migration(migrations.Migration):
    dependencies = [("practices", "0001_initial")]
    operations = [
        migrations.RunSQL(ASIDE, NOT_ASIDE),
        migrations.RunSQL(FOUND, "DROP FUNCTION practices_found(tsquery)"),
    ]
