"""Keeping the search table: one row per published practice and language.

The text goes through `network.text` in Python, word by word, and reaches Postgres as a ready tsvector: documents and
queries are folded by the same code, and no text-search configuration of the server has a say.

Weights: A the title, B strapline, themes, city (in every language) and country, C the summary, D the narrative and the rows.

Besides its words a text is indexed under the concepts that it names: where a label of the scheme in the text's language
stands, or the record has the concept, the lexeme `c#<id>` stands too. It is the same in every language, and so a query
finds what was written about the same thing in other languages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from django.db import connection, transaction
from django.utils import timezone

from cities.models import City
from network.frame.names import locale_of
from network.text import lexemes
from network.translation.models import column, texts_of
from practices.enums import State
from practices.models import Concept, Practice, PracticeNarrative, SearchEntry
from practices.queries.matching import concept_lexeme
from practices.queries.parts import texts_of_parts
from practices.queries.scheme import Words, scheme
from practices.rules.completeness import SECTIONS

# Bounds of one version's vector. Postgres keeps positions up to 16,383; ten places of a word are enough to rank by.
MOST_WORDS = 16_000
MOST_PLACES = 10
NO_LABELS = Words()

WRITE = """
INSERT INTO practices_searchentry (practice_id, language, tsv, indexed_at)
SELECT %s, version.language, version.tsv::tsvector, %s
FROM unnest(%s::text[], %s::text[]) AS version(language, tsv)
ON CONFLICT (practice_id, language) DO UPDATE SET tsv = excluded.tsv, indexed_at = excluded.indexed_at
"""


def vector(weighted: Iterable[tuple[str, str]], labels: Words = NO_LABELS, concepts: Iterable[int] = ()) -> str:
    """A tsvector in Postgres' text form from (weight, text) pairs: `'arhus':1A,7D 'kultur':2A 'c#12':2A`.

    A word read in several ways stands under each of them at the same place. `labels` are the scheme's in the language
    of the texts, `concepts` those that the record has. Words beyond MOST_WORDS are left out.
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
        for start, _end, named in labels.stand_in(words):
            for concept in named:
                stand(concept_lexeme(concept), before + start + 1, weight)
        before += len(words)
    # Forms hold letters, digits, underscores and our own # only (`network.text.WORD`): nothing in them needs escaping.
    return " ".join(f"'{form}':{','.join(stands)}" for form, stands in places.items())


@transaction.atomic
def index_practice(practice: Practice) -> int:
    """Write the practice's search rows, one per language it is complete in; returns how many.

    A practice that is not published has none. Rows of languages that are no longer complete are removed.
    """
    practice = Practice.objects.select_related("city").get(pk=practice.pk)
    wanted = list(practice.languages) if practice.state == State.PUBLISHED else []
    SearchEntry.objects.filter(practice=practice).exclude(language__in=wanted).delete()
    if not wanted:
        return 0
    narrative = PracticeNarrative.objects.get(practice=practice)
    parts = texts_of_parts(practice, wanted)
    themes = list(practice.themes.all())
    words, concepts = scheme(fresh=True).words, [theme.pk for theme in themes]
    vectors = [
        vector(
            [*_texts(practice, narrative, themes, code), *(("D", text) for text in parts[code])], words[code], concepts
        )
        for code in wanted
    ]
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [practice.pk, timezone.now(), wanted, vectors])
    return len(wanted)


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
    """Index each of the practices (ids), each in a transaction of its own; returns how many search rows there are now.

    Safe to stop and to start again: a practice that vanished meanwhile is skipped. `progress` hears the count done.
    """
    rows = 0
    for done, pk in enumerate(practices, start=1):
        practice = Practice.objects.only("id").filter(pk=pk).first()
        rows += index_practice(practice) if practice else 0
        progress(done)
    return rows
