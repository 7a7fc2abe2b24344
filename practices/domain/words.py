"""Counting the words of the search table, from which mistyped ones are corrected.

Counted from the vectors themselves, so that whatever is found is known and nothing else is; in the newest VERSIONS of a
language, which hold nearly all the words of a large library. Every language is a transaction of its own: a run that was
stopped goes on with those that were not counted since.
"""

from __future__ import annotations

from django.db import connection, transaction
from django.utils import timezone

from network.languages import CODES
from practices.rules.spelling import LONGEST, SHORTEST, near

VERSIONS = 20_000
# The commonest words of a language that are kept.
WORDS = 40_000

# `#` stands in lexemes that are no words; numbers are not corrected. The codes are our own, nothing here is typed.
COUNT = """
SELECT word, ndoc FROM ts_stat(%(vectors)s)
WHERE char_length(word) BETWEEN %(shortest)s AND %(longest)s AND word !~ '[#0-9_]'
ORDER BY ndoc DESC, word LIMIT %(words)s
"""
VECTORS = """
SELECT tsv FROM practices_searchentry WHERE language = '{code}' ORDER BY practice_id DESC LIMIT {versions}
"""
KEEP = """
INSERT INTO practices_searchword (language, form, practices, near, counted_at)
SELECT %(code)s, word.form, word.practices, string_to_array(word.near, ' '), %(now)s
FROM unnest(%(forms)s::text[], %(practices)s::int[], %(nears)s::text[]) AS word(form, practices, near)
ON CONFLICT (language, form) DO UPDATE SET practices = excluded.practices, counted_at = excluded.counted_at
"""
DROP = "DELETE FROM practices_searchword WHERE language = %(code)s AND counted_at < %(now)s"
# Languages in which something was indexed, or taken out of the index, since their words were counted.
CHANGED = """
SELECT coalesce(entries.language, words.language)
FROM (SELECT language, max(indexed_at) AS at FROM practices_searchentry GROUP BY language) entries
FULL JOIN (SELECT language, max(counted_at) AS at FROM practices_searchword GROUP BY language) words USING (language)
WHERE entries.at IS NULL OR words.at IS NULL OR entries.at > words.at
"""


def count_words() -> int:
    """Count the words of every language in which something changed; returns how many words were kept."""
    with connection.cursor() as cursor:
        cursor.execute(CHANGED)
        changed = {row[0] for row in cursor.fetchall()}
    return sum(_count(code) for code in CODES if code in changed)


@transaction.atomic
def _count(code: str) -> int:
    with connection.cursor() as cursor:
        now = timezone.now()
        vectors = VECTORS.format(code=code, versions=VERSIONS)
        cursor.execute(COUNT, {"vectors": vectors, "shortest": SHORTEST, "longest": LONGEST, "words": WORDS})
        counted = sorted(cursor.fetchall())
        cursor.execute(
            KEEP,
            {
                "code": code,
                "now": now,
                "forms": [form for form, _practices in counted],
                "practices": [practices for _form, practices in counted],
                "nears": [" ".join(near(form)) for form, _practices in counted],
            },
        )
        cursor.execute(DROP, {"code": code, "now": now})
    return len(counted)
