"""Keeping the search table: one row per published practice and language.

The text goes through `network.text` in Python, word by word, and reaches Postgres as a ready tsvector: documents and
queries are folded by the same code, and no text-search configuration of the server has a say.

Weights: A the title, B strapline, themes, city (in every language) and country, C the summary, D the narrative and the rows.

Besides its words a text is indexed under the concepts that it names: where a label of the scheme in the text's language
stands, or the record has the concept, the lexeme `c#<id>` stands too. It is the same in every language, and so a query
finds what was written about the same thing in other languages.

So do the keys by which the practice is counted and filtered (`rules.facets`), as `k#<key>`: a filter is part of the same
look into the index. They stand in the row as numbers too, to be counted.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.utils import timezone

from cities.models import City
from network.frame.names import locale_of
from network.text import lexemes
from network.translation.models import column, texts_of
from practices.enums import State
from practices.models import Concept, Practice, PracticeNarrative, SearchEntry
from practices.queries.labels import lasting_labels
from practices.queries.matching import (
    ORIGINAL_LEXEME,
    REUSED_LEXEME,
    block_lexemes,
    concept_lexeme,
    key_lexeme,
    language_lexeme,
    stem_lexeme,
)
from practices.queries.parts import texts_of_parts
from practices.queries.scheme import Scheme, Words, scheme
from practices.rules.completeness import SECTIONS
from practices.rules.facets import keys_of
from practices.rules.stems import stem

# Bounds of one version's vector. Postgres keeps positions up to 16,383; ten places of a word are enough to rank by.
MOST_WORDS = 16_000
MOST_PLACES = 10
NO_LABELS = Words()

# How rows are made. Raise it where they become different: those of before are then behind and made anew.
FORM = 3

# Practices that are indexed in one transaction, which holds them for about 0.2 s.
AT_ONCE = 20

GONE = """
DELETE FROM practices_searchentry AS entry WHERE practice_id = ANY(%(practices)s) AND NOT EXISTS (
    SELECT FROM unnest(%(of)s::bigint[], %(languages)s::text[]) AS wanted(practice_id, language)
    WHERE wanted.practice_id = entry.practice_id AND wanted.language = entry.language
)
"""
WRITE = """
INSERT INTO practices_searchentry (practice_id, language, tsv, keys, published_at, reused, form, indexed_at)
SELECT version.practice_id, version.language, version.tsv::tsvector, version.keys::int[], version.published, version.reused,
    %(form)s, %(now)s
FROM unnest(%(of)s::bigint[], %(languages)s::text[], %(vectors)s::text[], %(keys)s::text[], %(published)s::timestamptz[],
    %(reused)s::int[]) AS version(practice_id, language, tsv, keys, published, reused)
ON CONFLICT (practice_id, language) DO UPDATE SET tsv = excluded.tsv, keys = excluded.keys,
    published_at = excluded.published_at, reused = excluded.reused, form = excluded.form, indexed_at = excluded.indexed_at
"""
# What else stands in the rows stays: the texts are not read again.
MARK = """
UPDATE practices_searchentry SET keys = %(keys)s::int[], reused = %(reused)s,
    tsv = ts_delete(tsv, %(gone)s::text[]) || array_to_tsvector(%(come)s::text[])
WHERE practice_id = %(practice)s
"""


def vector(
    weighted: Iterable[tuple[str, str]],
    labels: Words = NO_LABELS,
    concepts: Iterable[int] = (),
    marks: Iterable[str] = (),
    code: str = "",
) -> str:
    """A tsvector in Postgres' text form from (weight, text) pairs: `'skolan':1A,7D 's#skol':1A,7D 'c#12':2A 'o#1'`.

    A word read in several ways stands under each of them at the same place, and under its stem in the language of the
    texts (`code`). `labels` are the scheme's in that language, `concepts` those that the record has, `marks` lexemes that
    stand nowhere. Words beyond MOST_WORDS are left out.
    """
    places: dict[str, list[str]] = {concept_lexeme(concept): ["1B"] for concept in concepts}

    def stand(form: str, place: int, weight: str) -> None:
        stands = places.setdefault(form, [])
        if len(stands) < MOST_PLACES:
            stands.append(f"{place}{weight}")

    before = 0
    for weight, text in weighted:
        words = lexemes(text)[: MOST_WORDS - before]
        for place, forms in enumerate(words, start=before + 1):
            for form in forms:
                stand(form, place, weight)
            if (stemmed := stem(forms[0], code)) != forms[0]:
                stand(stem_lexeme(stemmed), place, weight)
        for start, _end, named in labels.stand_in(words):
            for concept in named:
                stand(concept_lexeme(concept), before + start + 1, weight)
        before += len(words)
    # Forms hold letters, digits, underscores and our own # only (`network.text.WORD`): nothing in them needs escaping.
    standing = (f"'{form}':{','.join(stands)}" for form, stands in places.items())
    return " ".join([*standing, *(f"'{mark}'" for mark in marks)])


def index_practice(practice: Practice) -> int:
    """Write the practice's search rows, one per language it is complete in; returns how many. As `index_practices`."""
    return index_practices([practice.pk])


@transaction.atomic
def index_practices(practices: Sequence[int]) -> int:
    """Write the search rows of these practices (ids), one per language each is complete in; returns how many, in eight
    statements.

    The practices are held in the order of their ids, so that nobody changes one between reading and writing it. One that
    is not published has no row; rows of languages that are no longer complete are removed; one that is gone is skipped.
    """
    held = Practice.objects.filter(pk__in=practices).select_related("city").prefetch_related("themes").order_by("pk")
    found = list(held.select_for_update(no_key=True, of=("self",)))
    rows = _Rows()
    public = {one.pk: one for one in found if one.state == State.PUBLISHED and one.languages}
    if public:
        narratives = {one.practice_id: one for one in PracticeNarrative.objects.filter(practice__in=public)}
        parts = texts_of_parts({pk: one.languages for pk, one in public.items()})
        known, labels = scheme(fresh=True), lasting_labels(public, timezone.localdate())
        for pk, practice in public.items():
            themes = list(practice.themes.all())
            concepts = [theme.pk for theme in themes]
            keys = practice_keys(practice, known, concepts, labels.get(pk, ()))
            for code in practice.languages:
                texts = [*_texts(practice, narratives[pk], themes, code), *(("D", text) for text in parts[pk][code])]
                marks = marks_of(practice, keys, code)
                rows.add(practice, code, vector(texts, known.words[code], concepts, marks, code), keys)
    with connection.cursor() as cursor:
        told = vars(rows)
        cursor.execute(GONE, {"practices": [one.pk for one in found], **told})
        if rows.of:
            cursor.execute(WRITE, {**told, "form": FORM, "now": timezone.now()})
    return len(rows.of)


@dataclass
class _Rows:
    """Rows to be written, column by column."""

    of: list[int] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    vectors: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    published: list[datetime.datetime | None] = field(default_factory=list)
    reused: list[int] = field(default_factory=list)

    def add(self, practice: Practice, code: str, tsv: str, keys: Iterable[int]) -> None:
        """One row: the practice in that language."""
        self.of.append(practice.pk)
        self.languages.append(code)
        self.vectors.append(tsv)
        self.keys.append(f"{{{','.join(map(str, keys))}}}")
        self.published.append(practice.published_at)
        self.reused.append(practice.adoptions_count)


def practice_keys(practice: Practice, known: Scheme, concepts: Iterable[int], labels: Iterable[int]) -> list[int]:
    """What the practice is counted by: also by everything that its concepts are part of. `labels`: `lasting_labels`."""
    wider = [above.id for one in concepts for above in known.above(one)]
    return keys_of(practice, practice.city, [*concepts, *wider], labels)


def marks_of(practice: Practice, keys: Iterable[int], code: str) -> list[str]:
    """The lexemes of a practice's row in one language that are no words and stand nowhere."""
    marks = [*map(key_lexeme, keys), *block_lexemes(practice.pk), language_lexeme(code)]
    if practice.adoptions_count:
        marks.append(REUSED_LEXEME)
    if code == practice.original_language:
        marks.append(ORIGINAL_LEXEME)
    return marks


@transaction.atomic
def mark_practice(practice: Practice) -> bool:
    """Bring what a practice is filtered, counted and sorted by up to date, without reading its texts; whether it changed.

    For what changes beside the record: its maturity, and in how many cities it was taken up, its labels.
    """
    practice = Practice.objects.select_related("city").get(pk=practice.pk)
    entry = SearchEntry.objects.filter(practice=practice).order_by("language").values_list("keys", "reused").first()
    labels = lasting_labels([practice.pk], timezone.localdate()).get(practice.pk, ())
    keys = practice_keys(practice, scheme(fresh=True), practice.themes.values_list("pk", flat=True), labels)
    if entry is None or (list(entry[0]), entry[1]) == (keys, practice.adoptions_count):
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            MARK,
            {
                "practice": practice.pk,
                "keys": keys,
                "reused": practice.adoptions_count,
                "gone": [*map(key_lexeme, entry[0]), REUSED_LEXEME],
                "come": [*map(key_lexeme, keys), *([REUSED_LEXEME] if practice.adoptions_count else [])],
            },
        )
    return True


def _texts(
    practice: Practice, narrative: PracticeNarrative, themes: list[Concept], code: str
) -> Iterator[tuple[str, str]]:
    def said(thing: Practice | PracticeNarrative | Concept, field: str) -> str:
        return getattr(thing, column(field, code)) or ""

    yield "A", said(practice, "title")
    yield "B", said(practice, "strapline")
    for theme in themes:
        yield "B", said(theme, "label")
    yield "B", city_words(practice.city, code)
    yield "C", said(practice, "summary")
    for section in SECTIONS:
        yield "D", said(narrative, section)


def city_words(city: City, code: str) -> str:
    """Every name of the city, with transliterations, and its country in that language."""
    names = [*texts_of(city, "name").values(), city.native_name, city.search_text]
    country = locale_of(code).territories.get(city.country, "")
    return " ".join(dict.fromkeys(" ".join([*names, country]).split()))


def reindex(practices: Iterable[int], progress: Callable[[int], None] = lambda done: None) -> int:
    """Index the practices (ids), some at a time in a transaction of their own; returns how many search rows there are now.

    Safe to stop and to start again. `progress` hears the count done.
    """
    ids, rows = list(practices), 0
    for done in range(0, len(ids), AT_ONCE):
        some = ids[done : done + AT_ONCE]
        rows += index_practices(some)
        progress(done + len(some))
    return rows
