"""Practices like another one: by what they are about and by their rare words, whatever their language.

ONE statement, of narrow rows alone: no stored vector but the practice's own is read. Looked for in the search index are

    keys    (`rules.facets`) of the concepts that the practice has, and of those that its titles and summaries name; what is
            filed under a narrower one has the key too. Concepts are the same in every language: so a Greek record finds what
            is filed under the same thing in Arabic
    words   the rarest of its titles and summaries, as the library's words are counted (`domain.words`)

Each that is shared adds its weight times its rarity,

    weight  1 a concept that the practice has, 0.5 one that it only names, 0.25 what those are part of;
            0.3 a word of its title, 0.15 of its summary
    rarity  ln(1 + all / those of them that have it): of a key among all that the keys found; of a word among the versions in
            its language, which are as many as have the commonest of the practice's words

so that a rare theme says more than one that stands everywhere. Of each city the best is taken, so that readers see other
cities; and where nothing but the practice's own city is like it, nothing is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from django.db import connection
from django.utils.translation import gettext as _

from network.frame.pagecache import kept
from practices.enums import Facet
from practices.models import Practice
from practices.queries.cards import Card, cards
from practices.queries.matching import key_lexeme
from practices.queries.scheme import scheme
from practices.rules.facets import key, value_of

SHOWN = 3
# Keys find about as many practices, however many there are: the newest that have two of the concepts, then the newest.
# Words find all that have them.
FOUND = 300
# Words that more practices have tell little; those that only one has are its own.
RARE = 100
WORDS = 8
# Concepts that are only named, those of the title first.
NAMED = 6
# Themes that a card names.
TOLD = 3

SIMILAR = """
WITH own AS MATERIALIZED (
    SELECT e.language, word.lexeme, 'A' = ANY(word.weights) AS titled
    FROM practices_searchentry e, unnest(e.tsv) word
    WHERE e.practice_id = %(own)s AND word.weights && '{A,C}'
),
counted AS MATERIALIZED (
    SELECT own.lexeme, own.titled, known.practices, max(known.practices) OVER (PARTITION BY own.language) AS commonest
    FROM own JOIN practices_searchword known ON known.language = own.language AND known.form = own.lexeme
),
words AS MATERIALIZED (
    SELECT lexeme, max(CASE WHEN titled THEN 0.3 ELSE 0.15 END * ln(1 + commonest::float8 / practices)) AS score
    FROM counted WHERE practices BETWEEN 2 AND %(rare)s GROUP BY lexeme ORDER BY score DESC, lexeme LIMIT %(words)s
),
named AS (
    SELECT %(concept)s + substr(lexeme, 3)::int AS key, bool_or(titled) AS titled FROM own WHERE lexeme LIKE 'c#%%'
    GROUP BY lexeme ORDER BY titled DESC, key LIMIT %(named)s
),
keys AS MATERIALIZED (
    SELECT key, max(weight) AS weight FROM (
        SELECT unnest(%(has)s::int[]), 1.0
        UNION ALL SELECT key, 0.5 FROM named
        UNION ALL SELECT unnest(%(wider)s::int[]), 0.25
    ) AS each(key, weight) GROUP BY key
),
any_key AS (
    SELECT string_agg(quote_literal('k#' || key), ' | ')::tsquery AS query FROM keys WHERE weight > 0.25 HAVING count(*) > 0
),
two_keys AS MATERIALIZED (
    SELECT f.* FROM any_key, practices_found(any_key.query && %(two)s::tsquery, '', %(found)s) f
    WHERE %(two)s::text IS NOT NULL
),
found AS MATERIALIZED (
    SELECT practice_id, keys, published_at FROM (
        SELECT * FROM two_keys
        UNION ALL SELECT f.* FROM any_key, practices_found(
            any_key.query && coalesce(!!%(two)s::tsquery, ''), '', %(found)s - (SELECT count(*)::int FROM two_keys)) f
    ) either WHERE practice_id <> %(own)s
),
shared AS MATERIALIZED (
    SELECT found.practice_id, keys.key, keys.weight FROM found JOIN keys ON keys.key = ANY(found.keys)
),
rarity AS (
    SELECT key, ln(1 + (SELECT count(*) FROM found)::float8 / count(*)) AS rarity FROM shared GROUP BY key
),
by_keys AS (
    SELECT practice_id, sum(weight * rarity) AS score,
        array_agg(key ORDER BY rarity DESC, key) FILTER (WHERE weight > 0.25) AS keys
    FROM shared JOIN rarity USING (key) GROUP BY practice_id
),
by_words AS (
    SELECT f.practice_id, sum(words.score) AS score, min(f.keys[1]) AS city, min(f.published_at) AS published_at
    FROM words, practices_found(quote_literal(words.lexeme)::tsquery, '', %(rare)s) f
    WHERE f.practice_id <> %(own)s GROUP BY f.practice_id
),
judged AS (
    SELECT practice_id, coalesce(by_keys.score, 0) + coalesce(by_words.score, 0) AS score, by_keys.keys,
        coalesce(found.keys[1], by_words.city) AS city, coalesce(found.published_at, by_words.published_at) AS published_at
    FROM by_keys JOIN found USING (practice_id) FULL JOIN by_words USING (practice_id)
),
best AS (
    SELECT DISTINCT ON (city) * FROM judged ORDER BY city, score DESC, published_at DESC, practice_id DESC
)
SELECT practice_id, keys, city = %(city)s FROM best ORDER BY score DESC, published_at DESC, practice_id DESC LIMIT %(shown)s
"""


@dataclass(frozen=True)
class Alike:
    """A practice like another: the concepts they share, rarest first; none where only their words are alike."""

    id: int
    concepts: tuple[int, ...]


def similar_to(practice: Practice, concepts: Iterable[int], code: str) -> list[Card]:
    """Cards of the practices most like this one, which has these concepts; each says what they share. Kept until content
    changes."""
    has = list(concepts)
    alike = kept(f"practices.similar.{practice.pk}", lambda: find_similar(practice, has))
    shared = {one.id: one.concepts for one in alike}
    return [replace(card, note=_why(shared[card.id], code)) for card in cards(list(shared), code)]


def _why(concepts: Sequence[int], code: str) -> str:
    """What they share, in words; what is part of something wider says that too."""
    known = scheme()
    shared = [one for one in concepts if one in known.concepts]
    said = {above.id for one in shared for above in known.above(one)}
    labels = [known.concepts[one].label(code) for one in shared if one not in said][:TOLD]
    if not labels:
        return _("Written in similar words.")
    return _("Shares: %(themes)s.") % {"themes": _(", ").join(labels)}


def find_similar(practice: Practice, concepts: Sequence[int]) -> list[Alike]:
    """The public practices most like this one, which has these concepts. One statement."""
    known = scheme()
    wider = {above.id for one in concepts if one in known.concepts for above in known.above(one)} - set(concepts)
    has = [key(Facet.CONCEPT, one) for one in concepts]
    lexemes = [f"'{key_lexeme(one)}'" for one in has]
    with connection.cursor() as cursor:
        cursor.execute(
            SIMILAR,
            {
                "own": practice.pk,
                "city": key(Facet.CITY, practice.city_id),
                "concept": key(Facet.CONCEPT, 0),
                "has": has,
                "wider": [key(Facet.CONCEPT, one) for one in wider],
                "two": " | ".join(f"({a} & {b})" for a, b in combinations(lexemes, 2)) or None,
                "rare": RARE,
                "words": WORDS,
                "named": NAMED,
                "found": FOUND,
                "shown": SHOWN,
            },
        )
        rows = cursor.fetchall()
    if all(own for _practice, _keys, own in rows):
        return []
    return [Alike(pk, tuple(map(value_of, keys or ()))) for pk, keys, _own in rows]
