"""Rebuilding the search table, and keeping it true when a city changes its name."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from network.text import lexemes
from practices.domain.search import MOST_PLACES, vector
from practices.models import SearchEntry
from practices.tasks import refresh
from tests.practices import builders as build

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
    assert "2 of 2 (100%)" in told.getvalue()
    assert "3 search rows of 2 practices" in told.getvalue()
    after = SearchEntry.objects.order_by("practice_id", "language").values_list("practice_id", "language", "tsv")
    assert list(after) == before


def test_a_stopped_run_goes_on_after_the_last_id():
    by = build.operator()
    first, second = build.practice(by), build.practice(by)
    SearchEntry.objects.all().delete()
    call_command("reindex_practices", "--after", str(first.pk), stdout=StringIO())
    assert set(SearchEntry.objects.values_list("practice_id", flat=True)) == {second.pk}


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
