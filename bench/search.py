"""Searching: `python -m bench.search [--practices 100000]` in the bench's environment, in a growing library.

For every size, up to the wanted one: the statement that answers page, total and the counts of all filters, for common and
rare words and with filters (wall time of each of many, and CPU of the database); whole requests, answered in this process as
a web worker answers them (CPU of both, statements); practices like another. At 100,000, or the wanted size if that is
smaller: one practice indexed; how long indexing all would take; a word that is spelt wrong. At the end, what grew.
In a database that was kept, sizes smaller than what lies there are left out.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench.build import add_cities, add_memberships  # noqa: E402
from bench.corpus import Corpus  # noqa: E402
from bench.cpu import Cpu, p95, verdict  # noqa: E402
from bench.words import LANGUAGES, Vocabulary  # noqa: E402
from network.membership.models import Network  # noqa: E402
from practices.domain.reindexing import reindex_together  # noqa: E402
from practices.domain.scheme_files import load_scheme  # noqa: E402
from practices.domain.search import index_practice  # noqa: E402
from practices.domain.words import count_words  # noqa: E402
from practices.models import Practice  # noqa: E402
from practices.queries.finding import find  # noqa: E402
from practices.queries.listing import PER_PAGE  # noqa: E402
from practices.queries.matching import parse  # noqa: E402
from practices.queries.similar import find_similar  # noqa: E402
from practices.queries.spelling import did_you_mean  # noqa: E402
from practices.queries.wanted import Wanted  # noqa: E402

SIZES = (10_000, 100_000, 1_000_000)
CITIES, MEMBERSHIPS, NETWORKS = 2_000, 5_000, 8
# Words asked for of each kind, at most; fewer where one takes a third of a second.
ASKED, ASKED_OF_MANY = 60, 20
# Ranks of the words that are asked for: the first stand in most texts of their language, the last in one of a hundred.
COMMON, RARE = range(3, 33), range(4_000, 4_030)
INDEXED, REINDEXED, LIKENED, MISSPELT = 40, 2_000, 40, 20
INDEX_MS, REINDEX_MINUTES = 60, 15
# By size: the p95 of the database's part in milliseconds, of a broad search and with a country.
BUDGETS = {100_000: (40, 40), 1_000_000: (350, 100)}
REQUEST_MS, STATEMENTS = 40, 12
# What practices like another may cost, at any size.
LIKE_MS = 60


@dataclass(frozen=True)
class Kind:
    """One kind of search: what is asked for each word, and which of the size's two budgets it has to keep."""

    name: str
    words: range
    asked: Callable[[str], dict[str, str]]
    budget: int | None = 0
    two: bool = False


KINDS = (
    Kind("common word", COMMON, lambda word: {"q": word}),
    Kind("rare word", RARE, lambda word: {"q": word}),
    Kind("two common words", COMMON, lambda words: {"q": words}, None, two=True),
    Kind("common word, a country", COMMON, lambda word: {"q": word, "country": "GR"}, 1),
    Kind("common word, a network", COMMON, lambda word: {"q": word, "network": "bench-3"}, None),
    Kind("common word, three filters", COMMON, lambda word: {"q": word, "country": "SE", "maturity": "good", "cost": "unknown"}, None),
    Kind("a concept", range(8), lambda word: {"q": "housing"}),
    Kind("common word, most taken up", COMMON, lambda word: {"q": word, "sort": "reused"}, None),
    Kind("no word", range(8), lambda word: {}),
    Kind("no word, a country", range(8), lambda word: {"country": "GR"}, 1),
)  # fmt: skip


# Database CPU in milliseconds by what was asked, by size.
Grown = dict[str, dict[int, float]]


def wanted_by(asked: dict[str, str]) -> Wanted:
    """What a request with these parameters wants."""
    filters = {name: (value,) for name, value in asked.items() if name not in {"q", "sort"}}
    return replace(Wanted(query=parse(asked.get("q", "")), sort=asked.get("sort", "")), **filters)


def words_of(kind: Kind, size: int, vocabularies: dict[str, Vocabulary]) -> list[str]:
    """What is asked for: words of two languages in turn, spread over the kind's ranks; of a kind of two words, two."""
    most = ASKED if size <= SIZES[1] else ASKED_OF_MANY
    ranks = list(kind.words)[:: max(2 * len(kind.words) // most, 1)]
    asked = [(vocabularies[code].words, rank) for rank in ranks for code in ("en", "sv")]
    return [f"{words[rank]} {words[rank + 1]}" if kind.two else words[rank] for words, rank in asked]


def measure(size: int, vocabularies: dict[str, Vocabulary], grown: Grown) -> Iterator[str]:
    """The lines of one size."""
    # A web worker has frozen what it was made of, and no corpus to look through for garbage (network/wsgi.py).
    gc.collect()
    gc.freeze()
    cpu, numbers = Cpu(), itertools.count(1)
    client = Client(headers={"accept-language": "en"})
    yield f"{'':30}{'db p50':>8}{'db p95':>8}{'db CPU':>8}{'request CPU':>13}{'statements':>12}   (ms)"
    for kind in KINDS:
        words = words_of(kind, size, vocabularies)
        walls, database, requests = [], [], []
        for word in words:
            asked = kind.asked(word)
            wanted = wanted_by(asked)
            find(wanted, "en", PER_PAGE, 0, counts=True)
            wall, spent, _own = cpu.of(lambda wanted=wanted: find(wanted, "en", PER_PAGE, 0, counts=True))
            walls.append(wall)
            database.append(spent)
            page = {**asked, "bench": str(next(numbers))}
            wall, spent, own = cpu.of(lambda page=page: client.get("/en/practices/", page, secure=True))
            requests.append(spent + own)
        with CaptureQueriesContext(connection) as seen:
            client.get("/en/practices/", {**kind.asked(words[0]), "bench": str(next(numbers))}, secure=True)
        budgets = BUDGETS.get(size)
        most = budgets[kind.budget] if budgets and kind.budget is not None else None
        request = statistics.median(requests)
        said = verdict(p95(walls), most, "ms p95")
        if size == SIZES[1] and kind.budget == 0:
            said += verdict(request, REQUEST_MS, "ms a request")
        said += verdict(len(seen), STATEMENTS, "statements")
        costs = f"{statistics.median(walls):8.1f}{p95(walls):8.1f}{statistics.median(database):8.1f}"
        grown.setdefault(kind.name, {})[size] = statistics.median(database)
        yield f"{kind.name:30}{costs}{request:13.1f}{len(seen):12}{said}"


def likeness(size: int, grown: Grown) -> Iterator[str]:
    """Practices like another: the statement alone."""
    cpu, chance = Cpu(), random.Random(11)
    ids = list(Practice.objects.filter(state="published").order_by("pk").values_list("pk", flat=True))
    practices = Practice.objects.filter(pk__in=chance.sample(ids, LIKENED)).order_by("pk").prefetch_related("themes")
    walls, database = [], []
    for practice in practices:
        themes = [theme.pk for theme in practice.themes.all()]
        wall, spent, _own = cpu.of(lambda practice=practice, themes=themes: find_similar(practice, themes))
        walls.append(wall)
        database.append(spent)
    grown.setdefault("practices like another", {})[size] = statistics.median(database)
    costs = f"{statistics.median(walls):8.1f}{p95(walls):8.1f}{statistics.median(database):8.1f}"
    yield f"{'practices like another':30}{costs}{'':25}{verdict(p95(walls), LIKE_MS, 'ms p95')}"


def growth(grown: Grown) -> Iterator[str]:
    """How the database's CPU grew from the smallest size to the largest."""
    sizes = sorted({size for found in grown.values() for size in found})
    if len(sizes) < 2:
        return
    straight = sizes[-1] / sizes[0]
    yield f"\ndatabase CPU from {sizes[0]:,} to {sizes[-1]:,} practices; a straight line would be x{straight:g}"
    for name, found in grown.items():
        times = found[sizes[-1]] / found[sizes[0]]
        costs = " ".join(f"{found[size]:9.1f}" for size in sizes)
        yield f"{name:30}{costs}   x{times:.1f}{verdict(times, straight, 'times')}"


def indexing() -> Iterator[str]:
    """One practice in all its languages, and many in two processes."""
    cpu, chance = Cpu(), random.Random(7)
    largest = Practice.objects.filter(languages__len__gte=3, slug__startswith="bench", narrative__isnull=False)
    practices = chance.sample(list(largest.order_by("pk")[:2_000]), INDEXED)
    times = [cpu.of(lambda practice=practice: index_practice(practice)) for practice in practices]
    walls = [wall for wall, _database, _own in times]
    spent = statistics.median(database + own for _wall, database, own in times)
    told = f"a practice indexed, 3 languages or more: {statistics.median(walls):.1f} ms, p95 {p95(walls):.1f}, CPU {spent:.1f}"
    yield told + verdict(p95(walls), INDEX_MS, "ms")
    made = Practice.objects.filter(slug__startswith="bench", narrative__isnull=False).order_by("pk")
    ids = list(made.values_list("pk", flat=True)[:REINDEXED])
    began = time.perf_counter()
    reindex_together(ids, 2)
    minutes = (time.perf_counter() - began) / len(ids) * 100_000 / 60
    yield f"100,000 indexed anew in two processes, at the rate of {len(ids):,}: {minutes:.1f} minutes" + verdict(
        minutes, REINDEX_MINUTES, "minutes"
    )
    began = time.perf_counter()
    words = count_words()
    yield f"{words:,} words counted, for corrections: {time.perf_counter() - began:.1f} s"
    cpu = Cpu()  # the helping processes took the connection
    typed = [
        word[:-2] + word[-1] + word[-2] for word in Vocabulary("en", random.Random("en")).words[200 : 200 + MISSPELT]
    ]
    asked = [replace(Wanted(), query=parse(word)) for word in typed]
    times = [cpu.of(lambda one=one: did_you_mean(one, "en", find(one, "en", PER_PAGE, 0).total)) for one in asked]
    walls = [wall for wall, _database, _own in times]
    spent = statistics.median(database + own for _wall, database, own in times)
    yield f"a misspelt word, searched and put right: {statistics.median(walls):.1f} ms, p95 {p95(walls):.1f}, CPU {spent:.1f}"


def main() -> None:
    """Build, measure, build more."""
    parser = argparse.ArgumentParser(prog="python -m bench.search")
    parser.add_argument("--practices", type=int, default=SIZES[1])
    options = parser.parse_args()
    settings.ALLOWED_HOSTS = ["*"]
    chance = random.Random(2026)
    if not Network.objects.filter(slug="bench-0").exists():
        load_scheme()
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
        Network.objects.bulk_create(
            [Network(slug=f"bench-{n}", kind="coalition", name_en=f"Network {n}") for n in range(NETWORKS)]
        )
        add_cities(CITIES, chance)
        add_memberships(MEMBERSHIPS, chance)
        connection.close()
    # The same words whatever was laid before.
    vocabularies = {code: Vocabulary(code, random.Random(code)) for code in LANGUAGES}
    corpus, grown = Corpus(vocabularies), Grown()
    laid = Practice.objects.filter(state="published").count()
    for size in sorted({size for size in (*SIZES, options.practices) if laid <= size <= options.practices}):
        began = time.monotonic()
        corpus.grow(size)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*), pg_total_relation_size('practices_searchentry') FROM practices_searchentry"
            )
            rows, octets = cursor.fetchone()
        built = f"built in {time.monotonic() - began:.0f} s"
        print(f"\n{size:,} practices, {rows:,} versions, index and vectors {octets / 1e6:,.0f} MB, {built}", flush=True)
        lines = [measure(size, vocabularies, grown), likeness(size, grown)]
        if size == min(SIZES[1], options.practices):
            lines = [indexing(), *lines]
        for line in itertools.chain(*lines):
            print(line, flush=True)
    for line in growth(grown):
        print(line, flush=True)


if __name__ == "__main__":
    main()
