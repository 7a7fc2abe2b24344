from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import time
from collections import Counter

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from bench import corpus, machine
from bench.__main__ import judge
from bench.build import add_cities
from bench.cpu import p95, verdict
from bench.floor import count_queries, floor
from bench.pages import ASK, TOLD, Page, pages
from bench.search import wanted_by
from bench.words import LANGUAGES, VOCABULARY, Vocabulary
from cities.models import City
from practices.domain.scheme_files import load_scheme
from practices.domain.search import FORM
from practices.models import Practice, SearchEntry
from practices.queries.finding import find
from practices.queries.matching import block_lexemes
from practices.queries.wanted import Wanted

FACTS = {"common": "δρόμος", "rare": "nadir", "practice": "a-b", "city": "athens", "person": "p", "staff": "s"}


def test_a_budget_is_kept_at_its_edge_and_missed_beyond_it():
    page = Page("a list", "/", times=3, ms=25, queries=12)
    assert all("kept" in verdict for verdict in judge(page, 25, 3, 12))
    assert all("MISS" in verdict for verdict in judge(page, 25.1, 3.1, 13))
    assert judge(Page("no budget", "/"), 900, 900, 900) == []


def test_every_kind_of_page_of_the_issue_is_measured():
    names = " ".join(page.name for page in pages(FACTS))
    for wanted in (
        "home, kept",
        "home, signed in",
        "library, filters",
        "common word",
        "rare word",
        "cities",
        "admin: members",
    ):
        assert wanted in names
    asked = next(page for page in pages(FACTS) if "common" in page.name)
    assert asked.address(7) == "/en/practices/?q=%CE%B4%CF%81%CF%8C%CE%BC%CE%BF%CF%82&bench=7"
    assert next(page for page in pages(FACTS) if page.session == "s").headers["Cookie"] == "__Host-session=s"


def test_cpu_and_memory_of_a_child_are_seen_while_it_lives_and_its_cpu_afterwards():
    before = machine.cpu_seconds(os.getpid())
    busy = "import time\nuntil = time.process_time() + 0.3\nwhile time.process_time() < until: pass\nprint(flush=True)\ninput()"
    with subprocess.Popen([sys.executable, "-c", busy], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        assert child.pid in machine.tree(os.getpid())
        assert machine.cpu_seconds(child.pid) >= 0.29
        assert 3 < machine.resident_mb(child.pid) < 100
        child.communicate(b"\n")
    time.sleep(0.02)
    assert machine.cpu_seconds(os.getpid()) - before >= 0.29


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_as_common_as_zipfs_law_says(language):
    vocabulary = Vocabulary(language, random.Random(1))
    assert len(vocabulary.words) == len(set(vocabulary.words)) == VOCABULARY
    counted = Counter(vocabulary.text(20_000)[:-1].casefold().split())
    first, tenth = counted[vocabulary.words[0]], counted[vocabulary.words[9]]
    assert 6 < first / tenth < 15


def test_statements_are_counted_only_where_a_request_asks(db):
    def answer(request):
        City.objects.count()
        City.objects.count()
        return HttpResponse()

    counting = count_queries(answer)
    assert TOLD not in counting(RequestFactory().get("/"))
    assert counting(RequestFactory().get("/", headers={ASK: "1"}))[TOLD] == "2"
    assert floor(RequestFactory().get("/")).content == b"ok"


def test_a_search_is_asked_for_as_a_request_asks_and_judged_by_its_slowest():
    wanted = wanted_by({"q": "school", "country": "GR", "sort": "reused"})
    assert (wanted.query.text, wanted.country, wanted.order) == ("school", ("GR",), "reused")
    assert p95([float(n) for n in range(1, 101)]) == 95
    assert "kept" in verdict(40, 40, "ms")
    assert "MISS" in verdict(40.1, 40, "ms")
    assert verdict(900, None, "ms") == ""


def test_a_corpus_of_the_bench_is_searched_like_any_other(transactional_db, monkeypatch):
    monkeypatch.setattr(corpus, "MADE", 6)
    monkeypatch.setattr(corpus, "CHUNK", 3)
    monkeypatch.setattr(corpus, "PROCESSES", 1)
    load_scheme()
    chance = random.Random(1)
    add_cities(3, chance)
    grown = corpus.Corpus({code: Vocabulary(code, chance) for code in LANGUAGES})
    for size in (4, 10):
        grown.grow(size)
        assert find(Wanted(), "en", 20, 0).total == size
    practice = Practice.objects.exclude(slug="bench-template").order_by("-pk")[0]
    entry = SearchEntry.objects.filter(practice=practice).order_by("language")[0]
    again = SearchEntry.objects.filter(practice=practice).values_list("keys", "reused", "form")
    assert set(block_lexemes(practice.pk)) <= set(re.findall(r"'(a\d+#\d+)'", entry.tsv))
    assert [(list(keys), reused, form) for keys, reused, form in again] == [(entry.keys, entry.reused, FORM)] * len(
        again
    )
