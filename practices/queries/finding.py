"""Which practices a reader wants, in which order, how many there are, and how many each filter would leave.

ONE statement for all of it, with a query and without one. `practices_found` (migration `search_function`) answers one narrow
row for each practice, by one look into the index: words and filters together. Beyond COUNTED it stops, the newest
first; so pages end there.

The order by relevance: practices whose title holds the whole query, then those where its words stand, then those that
name what it names in other words (`queries.meaning`); among equals by rank, where a hit in the reader's language weighs
half as much again. Only CANDIDATES of the newest are ranked, the reader's language first; the others follow as they were
recorded. So the first pages need no more than LATEST rows: the others are only counted.

How many a choice would leave is counted over what all the other filters leave, so that a second value of the same filter
can be chosen: a filter in force looks once more, without itself.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import connection

from practices.enums import Facet
from practices.queries.common import common_words
from practices.queries.matching import ORIGINAL_LEXEME, REUSED_LEXEME, Query, any_of, concept_lexeme, key_lexeme
from practices.queries.meaning import understood
from practices.queries.scheme import scheme
from practices.queries.wanted import FACETS, RELEVANCE, REUSED, Wanted, cities_in_force, keys_in_force
from practices.rules.facets import SHIFT, VALUE

# Counted up to here; more are told as "more than 10,000". Pages end here too.
COUNTED = 10_000
# With words the newest of what they find are looked at: of them the candidates are taken.
LATEST = 2_000
CANDIDATES = 300
# The numbers beside the filters are those of the newest so many, where there are more and no words, or another order.
NEWEST_COUNTED = 4_000
# ts_rank's weights for D, C, B, A: narrative, summary, strapline with themes and city, title.
WEIGHTS = "{0.1, 0.3, 0.6, 1.0}"
# Rows that say what found them are asked for by the page.
MOST_TOLD = 50

FOUND = """
found AS MATERIALIZED (
    SELECT f.*, f.language = %(reader)s AS mine
    FROM practices_found(%(query)s::tsquery, %(reader)s, %(most)s, %(ahead)s::tsquery, %(cities)s::int[]) f
)
"""
# OFFSET 0: a stored vector is fetched once there, not once for each use of it; ts_delete of nothing answers it as it is.
RANKED = """
candidates AS (
    SELECT c.practice_id, c.published_at, e.language, e.language = %(reader)s AS mine, ts_delete(e.tsv, '') AS tsv
    FROM (
        SELECT * FROM (SELECT * FROM found LIMIT %(newest)s) newest
        ORDER BY mine DESC, published_at DESC, practice_id DESC LIMIT %(candidates)s
    ) c
    JOIN practices_searchentry e ON e.practice_id = c.practice_id AND (e.language = c.language OR NOT c.mine)
    OFFSET 0
),
best AS (
    SELECT DISTINCT ON (practice_id) practice_id, published_at, language, tsv @@ %(title)s::tsquery AS in_title,
        {by_word} AS by_word,
        ts_rank(%(weights)s::float4[], tsv, %(scored)s::tsquery, 1) * CASE WHEN mine THEN 1.5 ELSE 1 END AS score
    FROM candidates WHERE tsv @@ %(ranking)s::tsquery
    ORDER BY practice_id, in_title DESC, by_word DESC, score DESC, language
),
page AS (
    SELECT row_number() OVER () AS place, sorted.* FROM (
        {sorted} LIMIT %(limit)s OFFSET %(offset)s
    ) sorted
)
"""
# A page among the candidates looks at no others; all others stand behind them.
AMONG_RANKED = """
SELECT practice_id, language FROM best
ORDER BY in_title DESC, by_word DESC, score DESC, published_at DESC, practice_id DESC
"""
BEYOND_RANKED = """
SELECT f.practice_id, coalesce(b.language, f.language) AS language
FROM found f LEFT JOIN best b ON b.practice_id = f.practice_id
ORDER BY b.in_title DESC NULLS LAST, b.by_word DESC NULLS LAST, b.score DESC NULLS LAST, f.practice_id DESC
"""
SORTED = """
page AS (
    SELECT row_number() OVER () AS place, sorted.* FROM (
        SELECT practice_id, language FROM found
        ORDER BY {order} published_at DESC, practice_id DESC LIMIT %(limit)s OFFSET %(offset)s
    ) sorted
)
"""
TOLD = "SELECT place, practice_id, language, '{}'::bigint[] AS concepts, NULL::int[] AS keys, NULL::bigint[] AS counts FROM page"
# Of the page's rows alone: which concepts found a practice in whose texts the words themselves do not stand.
TOLD_BY_THEME = """
SELECT page.place, page.practice_id, page.language, CASE WHEN bool_or(e.tsv @@ %(words)s::tsquery) THEN '{}'::bigint[]
    ELSE array_remove(array_agg(DISTINCT named.id), NULL) END, NULL::int[], NULL::bigint[]
FROM page
JOIN practices_searchentry e ON e.practice_id = page.practice_id
LEFT JOIN unnest(%(concepts)s::bigint[], %(lexemes)s::text[]) AS named(id, lexeme)
    ON e.tsv @@ quote_literal(named.lexeme)::tsquery
GROUP BY page.place, page.practice_id, page.language
"""
TOTAL = "SELECT 0, count(*), NULL, NULL, NULL, NULL FROM found"
# Where no more were looked for than the first pages need. They stand about as thick further back. `surely`: of what is found
# there are more than are counted.
TOTAL_BEYOND = """
SELECT 0, CASE WHEN here < %(most)s THEN here WHEN %(surely)s THEN %(counted)s ELSE here + practices_before(
    %(query)s::tsquery, oldest, %(counted)s - here, (newest - oldest) * (%(counted)s - here) / here * 21 / 20, %(cities)s::int[]
) END, NULL, NULL, NULL, NULL
FROM (SELECT count(*) AS here, min(practice_id) AS oldest, max(practice_id) AS newest FROM found) counted
"""
COUNTS = """
SELECT {part}, NULL, NULL, NULL, array_agg(key), array_agg(count)
FROM (SELECT key, count(*) AS count FROM ({each}) each GROUP BY key) counted
"""
# Found are the newest first, but for what the order puts ahead.
EACH = "SELECT unnest(keys) AS key FROM (SELECT keys FROM found{ordered} LIMIT %(newest)s) newest"
# Of one filter, over what all the others leave.
WITHOUT = """
without{n} AS MATERIALIZED (
    SELECT keys FROM practices_found(%(query{n})s::tsquery, %(reader)s, %(newest)s, NULL, %(cities{n})s::int[])
)
"""
# Unnested among the columns: a function joined to each row costs twice as much.
EACH_WITHOUT = """
SELECT key FROM (SELECT unnest(keys) AS key FROM (SELECT keys FROM without{n} LIMIT %(newest)s) newest) each
WHERE key >> 24 = {facet}
"""


@dataclass(frozen=True)
class Found:
    """One page of ids with the language each was found in, and how many there are (COUNTED + 1: more than that).

    concepts: for those that the words themselves did not find, what did. counts: by filter how many practices each key
    would leave, where that was asked; where there are more than `counted`, they count the newest so many.
    """

    ids: list[int]
    languages: dict[int, str]
    total: int
    concepts: dict[int, list[int]] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    counted: int = COUNTED

    def counts_of(self, name: str) -> dict[int, int]:
        """How many practices each key of that filter would leave."""
        return self.counts.get(name) or self.counts.get("", {})

    def values_of(self, name: str, facet: Facet) -> dict[int, int]:
        """The same for the keys of one facet, by their value."""
        return self._values[name if self.counts.get(name) else ""].get(facet, {})

    @cached_property
    def _values(self) -> dict[str, dict[int, dict[int, int]]]:
        """By filter and facet: one pass over all that is counted."""
        found: dict[str, dict[int, dict[int, int]]] = {"": {}}
        for name, counts in self.counts.items():
            by_facet = found[name] = defaultdict(dict)
            for key, count in counts.items():
                by_facet[key >> SHIFT][key & VALUE] = count
        return found


def find(wanted: Wanted, code: str, limit: int, offset: int, *, counts: bool = False) -> Found:
    """The practices that a reader of `code` wants: `limit` of them from `offset` on. One statement."""
    query = _understood(wanted, code)
    keys, cities = keys_in_force(wanted, code), cities_in_force(wanted)
    told = TOLD_BY_THEME if query.meant and limit <= MOST_TOLD else TOLD
    newest = LATEST if wanted.order == RELEVANCE else NEWEST_COUNTED
    few = wanted.order == RELEVANCE and offset + limit <= LATEST
    parts = [told, TOTAL_BEYOND if few else TOTAL]
    parameters: dict[str, Any] = {
        "reader": code,
        "query": _looked_for(query, keys),
        "cities": cities,
        "ahead": f"'{REUSED_LEXEME}'" if wanted.order == REUSED else None,
        "most": min(LATEST, COUNTED) if few else COUNTED + 1,
        "counted": COUNTED + 1,
        "surely": bool(query.alone and cities is None and not keys) and not common_words().isdisjoint(query.alone),
        "newest": newest,
        "limit": limit,
        "offset": offset,
        "words": query.tsquery(),
        "concepts": query.concepts,
        "lexemes": [concept_lexeme(concept) for concept in query.concepts],
    }
    names = [*keys, *(["network"] if cities is not None else [])] if counts else []
    tables = [FOUND]
    if counts:
        ordered = " ORDER BY practice_id DESC" if wanted.order == REUSED else ""
        parts.append(COUNTS.format(part=-1, each=EACH.format(ordered=ordered)))
    for n, name in enumerate(names, start=2):
        tables.append(WITHOUT.format(n=n))
        parts.append(COUNTS.format(part=-n, each=EACH_WITHOUT.format(n=n, facet=FACETS[name].value)))
        others = {one: values for one, values in keys.items() if one != name}
        parameters |= {f"query{n}": _looked_for(query, others), f"cities{n}": None if name == "network" else cities}
    if wanted.order == RELEVANCE:
        page = RANKED.format(
            by_word="tsv @@ %(words)s::tsquery" if query.meant else "true",
            sorted=AMONG_RANKED if offset + limit <= CANDIDATES else BEYOND_RANKED,
        )
        parameters |= {
            "ranking": query.widened(),
            "scored": query.widened(scored=True),
            "title": query.tsquery("A"),
            "weights": WEIGHTS,
            "candidates": CANDIDATES,
        }
    else:
        page = SORTED.format(order="reused DESC," if wanted.order == REUSED else "")
    statement = f"WITH {', '.join([*tables, page])} {' UNION ALL '.join(f'({part})' for part in parts)} ORDER BY 1"
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return _read(cursor.fetchall(), ["", *names], newest)


def looked_for(wanted: Wanted, code: str) -> str:
    """All that a reader of `code` wants, but for networks, as one tsquery."""
    return _looked_for(_understood(wanted, code), keys_in_force(wanted, code))


def _understood(wanted: Wanted, code: str) -> Query:
    """The query with the concepts it names, and without what is not worth looking for in a library of this size."""
    query = understood(wanted.query, scheme(), code)
    return query.without_beginnings(common_words()) if query else query


def _looked_for(query: Query, keys: dict[str, list[int]]) -> str:
    """Words and filters as one tsquery. Without a query one row of each practice will do."""
    words = query.widened() or f"'{ORIGINAL_LEXEME}'"
    return " & ".join([words, *(any_of(map(key_lexeme, values)) for values in keys.values())])


def _read(rows: list[tuple[Any, ...]], names: list[str], counted: int) -> Found:
    """What the statement answered: rows of the page have places from 1 on, the total 0, counts stand below."""
    page = [row for row in rows if row[0] > 0]
    return Found(
        ids=[row[1] for row in page],
        languages={row[1]: row[2] for row in page},
        total=next(row[1] for row in rows if row[0] == 0),
        concepts={row[1]: row[3] for row in page if row[3]},
        counts={names[-row[0] - 1]: dict(zip(row[4] or (), row[5] or (), strict=True)) for row in rows if row[0] < 0},
        counted=counted,
    )
