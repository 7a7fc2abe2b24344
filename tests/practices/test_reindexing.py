"""Rebuilding the search table, and keeping it true when a city changes its name."""

from __future__ import annotations

import threading
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from network.text import lexemes
from practices.domain import reindexing
from practices.domain.search import FORM, MOST_PLACES, index_practice, index_practices, vector
from practices.models import Practice, SearchEntry
from practices.tasks import refresh
from tests.practices import builders as build
from tests.threads import in_threads

pytestmark = pytest.mark.django_db


def test_the_command_rebuilds_what_was_lost_and_says_how_far_it_is():
    by = build.operator()
    build.practice(by, {"en": build.version("One"), "sv": build.version("Ett")}, original="sv")
    build.practice(by)
    build.practice(by, published=False)
    before = list(SearchEntry.objects.order_by("practice_id", "language").values_list("practice_id", "language", "tsv"))
    SearchEntry.objects.all().delete()
    told = StringIO()
    call_command("reindex_practices", stdout=told)
    assert "[##############################] 2 of 2 (100%)" in told.getvalue()
    assert "3 search rows of 2 practices" in told.getvalue()
    after = SearchEntry.objects.order_by("practice_id", "language").values_list("practice_id", "language", "tsv")
    assert list(after) == before


def test_a_stopped_run_goes_on_after_the_last_id():
    by = build.operator()
    first, second = build.practice(by), build.practice(by)
    SearchEntry.objects.all().delete()
    call_command("reindex_practices", "--after", str(first.pk), stdout=StringIO())
    assert set(SearchEntry.objects.values_list("practice_id", flat=True)) == {second.pk}


def test_only_what_an_earlier_version_made_is_indexed_where_that_is_asked():
    by = build.operator()
    old, new = build.practice(by), build.practice(by)
    SearchEntry.objects.filter(practice=old).update(form=FORM - 1, keys=[])
    before = SearchEntry.objects.get(practice=new).indexed_at
    told = StringIO()
    call_command("reindex_practices", "--behind", stdout=told)
    assert "1 search rows of 1 practices" in told.getvalue()
    assert SearchEntry.objects.get(practice=old).keys
    assert SearchEntry.objects.get(practice=new).indexed_at == before
    told = StringIO()
    call_command("reindex_practices", "--behind", stdout=told)
    assert told.getvalue() == ""


@pytest.mark.django_db(transaction=True)
def test_several_processes_index_together_and_tell_how_far_all_is_done(monkeypatch):
    by = build.operator()
    made = [build.practice(by).pk for _n in range(5)]
    SearchEntry.objects.all().delete()
    monkeypatch.setattr(reindexing, "CHUNK", 2)
    heard: list[int] = []
    assert reindexing.reindex_together(made, 2, heard.append) == 5
    assert heard == [2, 4, 5]
    assert sorted(SearchEntry.objects.values_list("practice_id", flat=True)) == made


def test_many_cost_as_many_statements_as_one(django_assert_num_queries):
    by = build.operator()
    build.theme("housing", by)
    made = [
        build.practice(by, {"en": build.version("One"), "sv": build.version("Ett")}, themes=["housing"])
        for _n in range(6)
    ]
    ids = [one.pk for one in made]
    index_practices(ids)  # reads the scheme
    for some in (ids[:1], ids):
        # Eight, and the two of a transaction within the test's.
        with django_assert_num_queries(10):
            assert index_practices(some) == 2 * len(some)


@pytest.mark.django_db(transaction=True)
def test_what_is_written_meanwhile_is_what_is_indexed():
    """Somebody indexes a practice while an officer writes it: whoever comes second reads what the first wrote.

    Without holding the practice it is read before and written after, and the old title stays.
    """
    practice = build.practice(build.operator(), {"en": build.version("Bridges")})
    written = threading.Event()

    def act(n: int) -> int:
        if n:
            assert written.wait(10)
            return index_practices([practice.pk])
        with transaction.atomic():
            Practice.objects.select_for_update().filter(pk=practice.pk).get()
            Practice.objects.filter(pk=practice.pk).update(title="Lanterns", title_en="Lanterns")
            rows = index_practice(practice)
            written.set()
            wait_for_a_waiter()
        return rows

    assert in_threads(2, act) == [1, 1]
    assert "'lanterns':1A" in SearchEntry.objects.get().tsv


def wait_for_a_waiter() -> None:
    """Until somebody waits for a lock in this database."""
    until = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.02)
    raise AssertionError("nobody waits")


@pytest.mark.django_db(transaction=True)
def test_those_who_index_the_same_practices_in_other_orders_do_not_block_one_another():
    by = build.operator()
    ids = [build.practice(by).pk for _n in range(6)]

    def act(n: int) -> int:
        return sum(index_practices(ids if n % 2 else ids[::-1]) for _round in range(5))

    assert in_threads(4, act) == [30] * 4


def test_who_stops_a_run_is_told_how_to_go_on(monkeypatch):
    by = build.operator()
    first, second = build.practice(by), build.practice(by)
    monkeypatch.setattr(reindexing, "CHUNK", 1)
    indexed = []

    def stopped(practices):
        if indexed:
            raise KeyboardInterrupt
        indexed.extend(practices)
        return 1

    monkeypatch.setattr(reindexing, "reindex", stopped)
    with pytest.raises(CommandError, match=f"--after {first.pk}"):
        call_command("reindex_practices", "--processes", "1", stdout=StringIO())
    assert second.pk not in indexed


def test_a_city_that_changed_its_name_takes_its_practices_along():
    by = build.operator()
    city = build.city("gothenburg")
    build.practice(by, of=city)
    city.name_sv = "Göteborg"
    city.updated_at = timezone.now()
    city.save()
    refresh()
    assert "goteborg" in SearchEntry.objects.get().tsv


def test_a_vector_keeps_places_few_and_words_whole():
    text = vector([("A", "Peace"), ("D", "peace " * 50)])
    assert text.startswith("'peace':1A,2D")
    assert text.count(",") == MOST_PLACES - 1
    assert vector([("A", "it's \\ a ' quote")]) == "'it':1A 's':2A 'a':3A 'quote':4A"
    assert len(lexemes("x" * 5000)[0][0]) == 80
