"""Practices by the hundred thousand, made fast: texts and vectors in two processes, written by COPY; beyond that, copies.

The first MADE practices are made in Python, each with texts of its own whose words are as frequent as Zipf's law says, and
their vectors by the library's own functions. What is wanted beyond is copied from them in SQL: the same texts, themes and
cities over again under other ids and later dates, without narratives. A word's share of the library stays what it is, so
the index grows as a real one does; but copies tie in rank.
"""

from __future__ import annotations

import datetime
import io
import json
import random
import sys
import uuid
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

from bench.words import LANGUAGES, Vocabulary
from cities.models import City
from practices.domain.search import FORM, city_words, marks_of, practice_keys, vector
from practices.enums import ConceptKind, Maturity, Running
from practices.models import Practice, PracticeNarrative
from practices.queries.matching import BLOCKS
from practices.queries.scheme import Scheme, scheme
from practices.rules.completeness import SECTIONS

MADE = 10_000
CHUNK = 500
PROCESSES = 2
# Words of a title, strapline, summary, and of each section.
TITLE, STRAPLINE, SUMMARY, SECTION = 6, 9, 50, 60
FIRST_DAY = datetime.datetime(2016, 1, 1, tzinfo=datetime.UTC)
APART = datetime.timedelta(minutes=4)

STAGING = "CREATE TEMP TABLE IF NOT EXISTS staging (data jsonb)"
# The rows of a table, each with the template's values where it says nothing: so new columns need no word here.
FROM_STAGING = """
INSERT INTO {table} SELECT made.* FROM {table} template, staging, LATERAL jsonb_populate_record(template, staging.data) made
WHERE template.id = %s
"""
# Of a copy, what differs; columns that are not named are copied as they are.
OF_A_COPY = {
    "id": "id + %(off)s",
    "uuid": "gen_random_uuid()",
    "slug": "'bench-practice-' || (id + %(off)s)",
    "published_at": "published_at + %(later)s",
}
COPIED_PRACTICES = """
INSERT INTO practices_practice ({columns}) SELECT {values} FROM practices_practice WHERE id >= %(first)s AND id < %(end)s
"""
COPIED_THEMES = """
INSERT INTO practices_practice_themes (practice_id, concept_id)
SELECT practice_id + %(off)s, concept_id FROM practices_practice_themes
WHERE practice_id >= %(first)s AND practice_id < %(end)s
"""
COPIED_ENTRIES = """
INSERT INTO practices_searchentry (practice_id, language, tsv, keys, published_at, reused, form, indexed_at)
SELECT practice_id + %(off)s, language,
    ts_delete(tsv, (SELECT array_agg('a' || power || '#' || (practice_id >> power)) FROM unnest(%(blocks)s::int[]) power))
    || array_to_tsvector((SELECT array_agg('a' || power || '#' || ((practice_id + %(off)s) >> power))
        FROM unnest(%(blocks)s::int[]) power)),
    keys, published_at + %(later)s, reused, form, indexed_at
FROM practices_searchentry WHERE practice_id >= %(first)s AND practice_id < %(end)s
"""
NO_INDEX = "DROP INDEX IF EXISTS practice_search"
# Ten gigabytes need no log of what was written: a search reads them alike. A size whose writing is measured keeps it.
NO_LOG = "ALTER TABLE practices_searchentry SET UNLOGGED"
MOST_LOGGED = 100_000
INDEX = """
SET maintenance_work_mem = '1GB';
CREATE INDEX IF NOT EXISTS practice_search ON practices_searchentry USING gin (tsv) WITH (fastupdate = off)
"""


@dataclass
class Sources:
    """What practices are made of; read before the helping processes are forked, so that they have it without being sent it."""

    vocabularies: dict[str, Vocabulary]
    cities: list[City]
    words_of_cities: dict[tuple[int, str], str]
    known: Scheme
    templates: tuple[int, int]


SOURCES: list[Sources] = []


class Corpus:
    """The practices of the bench: `grow` makes them more."""

    def __init__(self, vocabularies: dict[str, Vocabulary]) -> None:
        self.vocabularies = vocabularies
        self.first = 0
        self.end = 0

    def grow(self, wanted: int) -> None:
        """Published practices up to `wanted` in all, with their rows in the index, which is built anew."""
        if not self.first:
            self._prepare()
        missing = wanted - Practice.objects.filter(state="published").count()
        if missing <= 0:
            return
        with connection.cursor() as cursor:
            cursor.execute(NO_INDEX)
            if wanted > MOST_LOGGED:
                cursor.execute(NO_LOG)
        new = min(missing, max(MADE - (self.end - self.first), 0))
        self._make(new)
        self._copy(missing - new)
        self._finish()

    def _prepare(self) -> None:
        """Templates for the rows, everything that the helping processes need, and what an earlier run laid."""
        cities = list(City.objects.order_by("pk"))
        template, _new = Practice.objects.get_or_create(
            slug="bench-template", defaults={"city": cities[0], "original_language": "en"}
        )
        narrative, _new = PracticeNarrative.objects.get_or_create(practice=template)
        words = {(city.pk, code): city_words(city, code) for city in cities for code in LANGUAGES}
        known = scheme(fresh=True)
        assert known.words
        SOURCES.append(Sources(self.vocabularies, cities, words, known, (template.pk, narrative.pk)))
        made = PracticeNarrative.objects.filter(practice__slug__startswith="bench-practice").order_by("practice_id")
        if laid := list(made.values_list("practice_id", flat=True)):
            self.first, self.end = laid[0], laid[-1] + 1
        else:
            # Each helping process writes ids of its own, and its blocks stand together.
            self.first = self.end = (template.pk // CHUNK + 1) * CHUNK

    def _make(self, number: int) -> None:
        chunks = [(at, min(CHUNK, self.end + number - at)) for at in range(self.end, self.end + number, CHUNK)]
        connection.close()
        with ProcessPoolExecutor(PROCESSES) as pool:
            for done, _rows in enumerate(pool.map(make, chunks), start=1):
                told(f"{done * CHUNK:,} of {number:,} practices made")
        self.end += number

    def _copy(self, missing: int) -> None:
        """In rounds, each as long as what was made."""
        made = self.end - self.first
        last = Practice.objects.order_by("-pk").values_list("pk", flat=True)[0]
        off, rounds = ((last - self.first) // made + 1) * made, []
        while missing > 0:
            rounds.append((off, self.first, self.first + min(made, missing)))
            missing -= made
            off += made
        connection.close()
        with ProcessPoolExecutor(PROCESSES) as pool:
            for done, _copied in enumerate(pool.map(copy, rounds), start=1):
                told(f"{done} of {len(rounds)} rounds of {made:,} copies")

    def _finish(self) -> None:
        with connection.cursor() as cursor:
            told("building the index")
            cursor.execute(INDEX)
            for table in ("practices_practice", "practices_practicenarrative"):
                cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
            # What is stored aside is most of it, and needs no vacuum to be found.
            for table in ("practice", "practicenarrative", "practice_themes", "searchentry"):
                cursor.execute(f"VACUUM (ANALYZE, PROCESS_TOAST false) practices_{table}")


def told(words: str) -> None:
    """Say how far it is, where somebody watches."""
    if sys.stderr.isatty():
        print(f"\r{words:60}", end="", file=sys.stderr, flush=True)


def make(chunk: tuple[int, int]) -> int:
    """Write so many practices from that id on, with everything that belongs to them; returns the search rows."""
    first, number = chunk
    (source,) = SOURCES
    chance = random.Random(first)
    for vocabulary in source.vocabularies.values():
        vocabulary.chance = chance
    practices, narratives, themes, entries = [], [], [], []
    for pk in range(first, first + number):
        practice, narrative, texts = _practice(pk, chance, source)
        concepts = _concepts(chance, source.known)
        keys = practice_keys(practice, source.known, concepts, ())
        practices.append(_row(practice, texts))
        narratives.append(json.dumps({"id": pk, "practice_id": pk, **narrative}, ensure_ascii=False))
        themes += [f"{pk}\t{concept}" for concept in concepts]
        for code in practice.languages:
            labels = " ".join(source.known.concepts[concept].label(code) for concept in concepts)
            names = source.words_of_cities[practice.city_id, code]
            weighted = [
                ("A", texts[f"title_{code}"]),
                ("B", f"{texts[f'strapline_{code}']} {labels} {names}"),
                ("C", texts[f"summary_{code}"]),
                *(("D", narrative[f"{section}_{code}"]) for section in SECTIONS),
            ]
            tsv = vector(weighted, source.known.words[code], concepts, marks_of(practice, keys, code), code)
            held = "{" + ",".join(map(str, keys)) + "}"
            moment = practice.published_at.isoformat()
            entries.append(
                f"{pk}\t{code}\t{tsv}\t{held}\t{moment}\t{practice.adoptions_count}\t{FORM}\t{timezone.now()}"
            )
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(STAGING)
        tables = ("practices_practice", "practices_practicenarrative")
        for table, template, rows in zip(tables, source.templates, (practices, narratives), strict=True):
            cursor.execute("TRUNCATE staging")
            _copy_in(cursor, "staging", (row.replace("\\", "\\\\") for row in rows))
            cursor.execute(FROM_STAGING.format(table=table), [template])
        _copy_in(cursor, "practices_practice_themes (practice_id, concept_id)", themes)
        columns = "(practice_id, language, tsv, keys, published_at, reused, form, indexed_at)"
        _copy_in(cursor, f"practices_searchentry {columns}", entries)
    return len(entries)


def copy(part: tuple[int, int, int]) -> None:
    """Copy the practices from `first` to before `end`, with what belongs to them, under ids that are larger by `off`."""
    off, first, end = part
    names = [column.column for column in Practice._meta.concrete_fields]
    practices = COPIED_PRACTICES.format(
        columns=", ".join(f'"{name}"' for name in names),
        values=", ".join(OF_A_COPY.get(name, f'"{name}"') for name in names),
    )
    asked = {"off": off, "later": off * APART, "first": first, "end": end, "blocks": list(BLOCKS)}
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for statement in (practices, COPIED_THEMES, COPIED_ENTRIES):
            cursor.execute(statement, asked)


def _copy_in(cursor: Any, table: str, rows: Iterable[str]) -> None:
    cursor.copy_expert(f"COPY {table} FROM STDIN", io.StringIO("".join(f"{row}\n" for row in rows)))


def _practice(pk: int, chance: random.Random, source: Sources) -> tuple[Practice, dict[str, str], dict[str, str]]:
    """A practice in one to three languages, or four with English, which most have; its narrative; its other texts."""
    languages = chance.sample(LANGUAGES, chance.choice((1, 1, 2, 2, 3)))
    if "en" not in languages and chance.random() < 0.6:
        languages.append("en")
    practice = Practice(
        pk=pk,
        city=chance.choice(source.cities),
        original_language=languages[0],
        languages=languages,
        published_at=FIRST_DAY + pk * APART,
        started_on=datetime.date(2005, 1, 1) + datetime.timedelta(days=int(7_600 * chance.random() ** 0.5)),
        maturity=chance.choice(Maturity.values),
        adoptions_count=chance.choice((0,) * 30 + (1, 1, 2)),
        total_cost=int(10 ** chance.uniform(3, 6)) if chance.random() < 0.7 else None,
        currency="EUR",
    )
    texts, narrative = {}, {}
    for code in languages:
        vocabulary = source.vocabularies[code]
        texts[f"title_{code}"] = vocabulary.line(TITLE)[:200]
        texts[f"strapline_{code}"] = vocabulary.line(STRAPLINE)[:300]
        texts[f"summary_{code}"] = vocabulary.text(SUMMARY)
        for section in SECTIONS:
            narrative[f"{section}_{code}"] = vocabulary.text(SECTION)
    return practice, narrative, texts


def _row(practice: Practice, texts: dict[str, str]) -> str:
    told = {
        "id": practice.pk,
        "uuid": str(uuid.UUID(int=random.getrandbits(128))),
        "slug": f"bench-practice-{practice.pk}",
        "city_id": practice.city_id,
        "state": "published",
        "original_language": practice.original_language,
        "languages": practice.languages,
        "published_at": practice.published_at.isoformat() if practice.published_at else None,
        "started_on": practice.started_on.isoformat() if practice.started_on else None,
        "running": random.choice(Running.values),
        "maturity": practice.maturity,
        "adoptions_count": practice.adoptions_count,
        "total_cost": practice.total_cost,
        "currency": practice.currency,
        "demo": True,
        **texts,
    }
    return json.dumps(told, ensure_ascii=False)


def _concepts(chance: random.Random, known: Scheme) -> list[int]:
    """One to three themes, up to two target groups, and an approach for half of them."""
    kinds = {kind: [one.id for one in known.concepts.values() if one.kind == kind] for kind in ConceptKind}
    wanted = {ConceptKind.THEME: (1, 3), ConceptKind.TARGET_GROUP: (0, 2), ConceptKind.APPROACH: (0, 1)}
    return [
        one for kind, (least, most) in wanted.items() for one in chance.sample(kinds[kind], chance.randint(least, most))
    ]
