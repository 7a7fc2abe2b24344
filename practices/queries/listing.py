"""The list page: which practices, in which order, how many.

With a query ONE statement finds the search rows, ranks them and counts. Hits are materialised narrow: the function
`practices_found` of migration 0002 reads the index and no vector. Only CANDIDATES of them are ranked, the reader's
language first, then the newest; each practice stands once. The order: practices whose title holds the whole query, then
those where its words stand, then those that name what it names in other words (`queries.meaning`); among equals by
rank, where a hit in the reader's language weighs half as much again; then those beyond the candidates.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import cached_property

from cities.models import City
from network.collation import sort_key
from network.frame.names import country_name
from network.frame.pagecache import kept
from network.people.models import User
from practices.enums import ConceptKind, State
from practices.models import Practice, PracticeQuerySet
from practices.queries.cards import NO_QUERY, Card, cards
from practices.queries.matching import Query, concept_lexeme
from practices.queries.meaning import understood
from practices.queries.scheme import scheme

PER_PAGE = 20
# Counted up to here; more are told as "more than 10,000". Pages end here too.
COUNTED = 10_000
CANDIDATES = 1_000
# ts_rank's weights for D, C, B, A: narrative, summary, strapline with themes and city, title.
WEIGHTS = "{0.1, 0.3, 0.6, 1.0}"

HITS = """
WITH hits AS MATERIALIZED (
    SELECT e.id, e.practice_id, e.language, e.language = %(reader)s AS mine
    FROM practices_found(%(query)s::tsquery) e
    WHERE e.practice_id IN ({wanted})
),
practices AS (SELECT practice_id, min(language) AS language FROM hits GROUP BY practice_id)
"""
COUNT = "(SELECT count(*) FROM (SELECT 1 FROM practices LIMIT %(counted)s) c)"
# OFFSET 0: the stored vector is fetched once there, not once for each use of it.
BY_RELEVANCE = """
{hits},
candidates AS (
    SELECT h.practice_id, h.language, h.mine, e.tsv || ''::tsvector AS tsv
    FROM (SELECT * FROM hits ORDER BY mine DESC, practice_id DESC LIMIT %(candidates)s) h
    JOIN practices_searchentry e ON e.id = h.id
    OFFSET 0
),
ranked AS (
    SELECT practice_id, language, tsv @@ %(title)s::tsquery AS in_title, {by_word} AS by_word,
           ts_rank(%(weights)s::float4[], tsv, %(query)s::tsquery, 1) * CASE WHEN mine THEN 1.5 ELSE 1 END AS score
    FROM candidates
),
best AS (
    SELECT DISTINCT ON (practice_id) practice_id, language, in_title, by_word, score
    FROM ranked ORDER BY practice_id, in_title DESC, by_word DESC, score DESC, language
),
page AS (
    SELECT row_number() OVER () AS place, sorted.* FROM (
        SELECT p.practice_id, coalesce(b.language, p.language) AS language
        FROM practices p LEFT JOIN best b ON b.practice_id = p.practice_id
        ORDER BY b.in_title DESC NULLS LAST, b.by_word DESC NULLS LAST, b.score DESC NULLS LAST, p.practice_id DESC
        LIMIT %(limit)s OFFSET %(offset)s
    ) sorted
)
{told}
"""
BY_DATE = """
{hits},
page AS (
    SELECT row_number() OVER () AS place, sorted.* FROM (
        SELECT p.practice_id, p.language
        FROM practices p JOIN practices_practice n ON n.id = p.practice_id
        ORDER BY n.published_at DESC, n.id DESC LIMIT %(limit)s OFFSET %(offset)s
    ) sorted
)
{told}
"""
TOLD = "SELECT practice_id, language, {count}, '{{}}'::bigint[] FROM page ORDER BY place"
# Of the page's rows alone: which concepts found a practice in whose texts the words themselves do not stand.
TOLD_BY_THEME = """
SELECT page.practice_id, page.language, {count}, CASE WHEN bool_or(e.tsv @@ %(words)s::tsquery) THEN '{{}}'::bigint[]
    ELSE array_remove(array_agg(DISTINCT named.id), NULL) END
FROM page
JOIN practices_searchentry e ON e.practice_id = page.practice_id
LEFT JOIN unnest(%(concepts)s::bigint[], %(lexemes)s::text[]) AS named(id, lexeme)
    ON e.tsv @@ quote_literal(named.lexeme)::tsquery
GROUP BY page.place, page.practice_id, page.language ORDER BY page.place
"""


@dataclass(frozen=True)
class Wanted:
    """What a reader asks the list for. Empty means no filter; `city` is a slug or a name in any language."""

    query: Query = NO_QUERY
    theme: str = ""
    group: str = ""
    approach: str = ""
    city: str = ""
    country: str = ""
    maturity: str = ""
    original: str = ""
    readable: bool = False
    sort: str = ""
    page: int = 1

    @property
    def order(self) -> str:
        """relevance or newest: without a query there is no relevance."""
        return "relevance" if self.query and self.sort != "newest" else "newest"


def filtered(wanted: Wanted, code: str, user: User | Any = None) -> PracticeQuerySet:
    """The practices that pass every filter but the query, unordered. `code` is what "my language" means."""
    found = Practice.objects.visible_to(user)
    for concept in filter(None, (wanted.theme, wanted.group, wanted.approach)):
        found = found.filter(pk__in=of_concept(concept))
    if wanted.city:
        found = found.filter(city__in=_cities(wanted.city))
    if wanted.country:
        found = found.filter(city__country=wanted.country)
    if wanted.maturity:
        found = found.filter(maturity=wanted.maturity)
    if wanted.original:
        found = found.filter(original_language=wanted.original)
    if wanted.readable:
        found = found.filter(languages__contains=[code])
    return found.order_by()


def of_concept(code: str) -> QuerySet:
    """Ids of the practices of a concept and of everything narrower; of its successor where it was merged."""
    known = scheme()
    concept = known.resolve(code)
    wanted = known.with_parts(concept.id) if concept else []
    return Practice.themes.through.objects.filter(concept__in=wanted).order_by().values("practice_id")


def _cities(asked: str) -> list[int]:
    """The city with that slug, else every city of that name in any language or transliteration."""
    named = City.objects.filter(Q(slug=asked) | Q(pk__in=City.objects.matching(asked).order_by().values("pk")))
    found = dict(named.order_by().values_list("slug", "pk"))
    return [found[asked]] if asked in found else list(found.values())


@dataclass(frozen=True)
class Found:
    """One page of ids with the language each was found in, and how many there are (COUNTED + 1: more than that).

    concepts: for those that the words themselves did not find, what did.
    """

    ids: list[int]
    languages: dict[int, str]
    total: int
    concepts: dict[int, list[int]] = field(default_factory=dict)


def find(wanted: Wanted, code: str, limit: int, offset: int, user: User | Any = None) -> Found:
    """Run the search or, without a query, take the newest."""
    within = filtered(wanted, code, user)
    if wanted.query:
        return _search(within, wanted, code, limit, offset)
    ids = within.order_by("-published_at", "-id").values_list("pk", flat=True)[offset : offset + limit]
    return Found(list(ids), {}, within.values("pk")[: COUNTED + 1].count())


def _search(within: PracticeQuerySet, wanted: Wanted, code: str, limit: int, offset: int) -> Found:
    inner, inner_params = within.values("pk").query.sql_with_params()
    query = understood(wanted.query, scheme(), code)
    statement = BY_RELEVANCE if wanted.order == "relevance" else BY_DATE
    # Only cards say what found them; a whole list that is exported does not.
    told = (TOLD_BY_THEME if query.meant and limit <= PER_PAGE else TOLD).format(count=COUNT)
    by_word = "tsv @@ %(words)s::tsquery" if query.meant else "true"
    # The filters come from the ORM with their own positional parameters; they are put in by name beside ours.
    named = {f"w{n}": value for n, value in enumerate(inner_params)}
    inner = inner % tuple(f"%({name})s" for name in named)
    with connection.cursor() as cursor:
        cursor.execute(
            statement.format(hits=HITS.format(wanted=inner), told=told, by_word=by_word),
            {
                **named,
                "reader": code,
                "query": query.widened(),
                "words": query.tsquery(),
                "title": query.tsquery("A"),
                "concepts": query.concepts,
                "lexemes": [concept_lexeme(concept) for concept in query.concepts],
                "weights": WEIGHTS,
                "candidates": CANDIDATES,
                "counted": COUNTED + 1,
                "limit": limit,
                "offset": offset,
            },
        )
        rows = cursor.fetchall()
    return Found(
        ids=[row[0] for row in rows],
        languages={row[0]: row[1] for row in rows},
        total=rows[0][2] if rows else 0,
        concepts={row[0]: row[3] for row in rows if row[3]},
    )


class _Counted(Paginator):
    """A paginator over a page that is read already."""

    def __init__(self, total: int) -> None:
        super().__init__([], PER_PAGE)
        self.total = total

    @cached_property
    def count(self) -> int:
        return min(self.total, COUNTED)


@dataclass(frozen=True)
class Listing:
    """The list page: its rows, its pages, and how many practices there are in all."""

    rows: list[Card]
    page: Page
    total: int

    @property
    def capped(self) -> bool:
        """Whether there are more than are counted."""
        return self.total > COUNTED


def listing(wanted: Wanted, code: str, user: User | Any = None) -> Listing:
    """The wanted page, or the last one where there are fewer. Four queries, six at most."""
    page = max(1, min(wanted.page, COUNTED // PER_PAGE))
    found = find(wanted, code, PER_PAGE, (page - 1) * PER_PAGE, user)
    if not found.ids and page > 1:
        page = 1 if wanted.query else max(1, -(-min(found.total, COUNTED) // PER_PAGE))
        found = find(wanted, code, PER_PAGE, (page - 1) * PER_PAGE, user)
    rows = cards(found.ids, code, wanted.query, found.languages, _labels(found.concepts, code))
    paginator = _Counted(found.total)
    return Listing(rows, Page(rows, page, paginator), found.total)


def _labels(concepts: dict[int, list[int]], code: str) -> dict[int, tuple[str, ...]]:
    """What concepts are called, for each practice that they found."""
    known = scheme().concepts if concepts else {}
    return {pk: tuple(known[one].label(code) for one in ids if one in known) for pk, ids in concepts.items()}


@dataclass(frozen=True)
class Choices:
    """What the filters offer, as (value, label)."""

    themes: list[tuple[str, str]]
    groups: list[tuple[str, str]]
    approaches: list[tuple[str, str]]
    countries: list[tuple[str, str]]


def choices(code: str) -> Choices:
    """The scheme as trees; countries that have a public practice, by name. Kept until content changes."""
    return kept(f"practices.choices.{code}", lambda: _choices(code))


def _choices(code: str) -> Choices:
    public = Practice.objects.filter(city=OuterRef("pk"), state=State.PUBLISHED)
    countries = (
        City.objects.filter(Exists(public), archived_at__isnull=True)
        .order_by("country")
        .values_list("country", flat=True)
        .distinct()
    )
    named = [(country, country_name(country)) for country in countries]
    named.sort(key=lambda pair: sort_key(pair[1], code))
    known = scheme()
    themes, groups, approaches = (known.options(kind, code) for kind in ConceptKind)
    return Choices(themes, groups, approaches, named)
