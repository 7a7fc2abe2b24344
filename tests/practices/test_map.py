"""The results on a map: the same practices as the list, city by city."""

from __future__ import annotations

import html
import json
import re

import pytest
from django.core.cache import cache

from cities.models import City
from practices.domain import archive_practice
from practices.queries import places as reading, spelling
from practices.queries.listing import Wanted, find
from practices.queries.matching import parse
from tests.practices import builders as build

pytestmark = pytest.mark.django_db
LIST = "/en/practices/"


def place(slug: str, latitude: float | None = 55.6, longitude: float | None = 13.0, **names: str) -> City:
    city = build.city(slug, **names)
    City.objects.filter(pk=city.pk).update(latitude=latitude, longitude=longitude)
    return city


@pytest.fixture
def library():
    """Athens with three practices, Malmö with one, and a place that nobody knows the coordinates of with two."""
    by = build.operator()
    build.theme("housing", by, ar="السكن")
    build.theme("sport", by)
    athens = place("athens", 37.98, 23.73, country="GR", native="Αθήνα", native_language="el", ar="أثينا")
    malmo = place("malmo", 55.6, 13.0, country="SE", ar="مالمو")
    nowhere = place("nowhere", None, None, country="SE", ar="مكان")
    for n in range(3):
        build.practice(by, {"en": build.version(f"Roof {n}")}, of=athens, themes=["housing"])
    build.practice(by, {"en": build.version("Ball")}, of=malmo, themes=["sport"])
    build.practice(by, {"en": build.version("Roof and ball")}, of=nowhere, themes=["housing", "sport"])
    build.practice(by, {"en": build.version("Match")}, of=nowhere, themes=["sport"])
    build.practice(by, of=malmo, published=False)
    archive_practice(build.practice(by, of=malmo), by=by)
    return by


def text_of(client, code: str = "en", **query: str) -> str:
    answer = client.get(f"/{code}/practices/", {"view": "map", **query})
    assert answer.status_code == 200
    return answer.content.decode()


def points(text: str) -> dict[str, dict]:
    data = re.search(r'<script type="application/json">(.*?)</script>', text, re.DOTALL)
    return {point["name"]: point for point in json.loads(data[1])} if data else {}


def test_map_and_list_beside_it_say_the_same_and_lead_to_the_citys_practices_in_this_search(client, library):
    text = text_of(client, theme="housing")
    found = points(text)
    assert set(found) == {"Athens"}
    athens = found["Athens"]
    assert (athens["lat"], athens["lon"], athens["native"], athens["country"], athens["note"]) == (
        37.98, 23.73, "Αθήνα", "Greece", "3 practices",
    )  # fmt: skip
    assert athens["url"] == "?theme=housing&city=athens"
    assert f'href="{html.escape(athens["url"])}"' in text.split('id="results-cities"')[1]
    assert len(client.get(LIST + athens["url"]).context["found"].rows) == 3
    assert "4 practices" in text


def test_a_city_whose_place_nobody_recorded_is_named_under_the_map(client, library):
    text = text_of(client)
    assert set(points(text)) == {"Athens", "Malmo"}
    assert "nobody has recorded where they lie" in text
    assert '<a href="?city=nowhere"><bdi>Nowhere</bdi></a> (2 practices)' in text
    alone = text_of(client, city="nowhere")
    assert "data-map" not in alone
    assert "Nowhere" in alone


def test_the_cities_with_most_practices_come_first_and_the_rest_is_told(client, library, monkeypatch):
    assert list(points(text_of(client))) == ["Athens", "Malmo"]
    monkeypatch.setattr(reading, "MOST_CITIES", 1)
    cache.clear()
    text = text_of(client)
    assert set(points(text)) == {"Athens"}
    assert "Shown are the 1 cities with most of these practices. Choose more filters to see the others." in text
    assert "6 practices" in text


@pytest.mark.parametrize(
    ("typed", "filters"),
    [
        ("", {}),
        ("roof", {}),
        ("housing", {}),
        ("", {"theme": "sport", "country": "SE"}),
        ("ball", {"theme": "housing"}),
        ("the of", {}),
        ("& |", {}),
    ],
)
def test_the_map_counts_what_the_list_finds(library, typed, filters):
    wanted = Wanted(query=parse(typed), **filters)
    found = find(wanted, "en", 100, 0)
    counted = reading.places(wanted, "en")
    assert sum(one.practices for one in (*counted.placed, *counted.unplaced)) == found.total


def test_filters_keep_the_map_and_the_tabs_keep_the_filters(client, library):
    text = text_of(client, theme="sport", country="SE")
    assert '<input type="hidden" name="view" value="map">' in text
    assert 'href="?theme=sport&amp;country=SE"' in text
    assert 'href="?theme=sport&amp;country=SE&amp;view=map" aria-current="page"' in text
    assert 'href="?view=map&amp;country=SE"' in text
    assert (
        'href="?theme=sport&amp;country=SE&amp;view=map"'
        in client.get(f"{LIST}?theme=sport&country=SE").content.decode()
    )


def test_the_list_loads_no_map_and_another_view_is_the_list(client, library):
    for query in ("", "?view=list", "?view=globe"):
        text = client.get(LIST + query).content.decode()
        assert "js/map.js" not in text
        assert 'class="result"' in text
    assert "js/map.js" in text_of(client)


def test_nothing_found_says_so_on_the_map_too(client, library):
    text = text_of(client, q="nothing like this")
    assert "Nothing fits all of this." in text
    assert "data-map" not in text


def test_htmx_gets_the_map_alone(client, library):
    part = client.get(LIST, {"view": "map"}, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="results">')
    assert "data-map" in part


def test_the_map_speaks_the_readers_language(client, library):
    text = text_of(client, "ar")
    assert set(points(text)) == {"أثينا", "مالمو"}


@pytest.mark.parametrize("number", [1, 3])
def test_the_map_costs_the_same_queries_for_one_city_and_for_three(
    client, number, django_assert_num_queries, monkeypatch
):
    monkeypatch.setattr(spelling, "FEW", 1)
    by = build.operator()
    for n in range(number):
        build.practice(by, {"en": build.version("Neighbours talk")}, of=place(f"city{n}"))
    client.get(LIST + "?q=street")  # what is kept until content changes
    with django_assert_num_queries(4):
        assert len(points(text_of(client))) == number
    with django_assert_num_queries(4):
        assert len(points(text_of(client, q="neighbours"))) == number


def test_where_more_is_found_than_is_counted_the_map_says_of_what_it_tells(client, library, monkeypatch):
    assert "Numbers count the newest" not in text_of(client)
    cache.clear()
    monkeypatch.setattr("practices.queries.listing.COUNTED", 2)
    text = text_of(client)
    assert "Numbers count the newest of these practices." in text.split('id="results"')[1]
