"""The directory of cities: the list and the map say the same, whatever is asked."""

import itertools
import json

import pytest

from cities.domain import archive_city
from tests import places

pytestmark = pytest.mark.django_db
LIST, POINTS = "/en/cities/", "/en/map/cities.json"


@pytest.fixture
def world():
    """Three cities, two of them in a network."""
    network = places.network("Lamp", abbreviation="LMP")
    athens = places.athens(latitude=38, longitude=24)
    malmo = places.malmo(latitude=55, longitude=13)
    tunis = places.city("Tunis", country="TN", region="mena", languages=("ar", "fr"))
    places.member(network, athens)
    places.member(network, malmo)
    return {"network": network, "athens": athens, "malmo": malmo, "tunis": tunis}


def names(client, path: str = LIST, **query: str) -> list[str]:
    """The cities of the list in their order."""
    response = client.get(path, query)
    assert response.status_code == 200
    return [city.shown_name for city in response.context["found"].rows]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["Athens", "Malmö", "Tunis"]),
        ({"network": "lamp"}, ["Athens", "Malmö"]),
        ({"country": "TN"}, ["Tunis"]),
        ({"region": "europe"}, ["Athens", "Malmö"]),
        ({"language": "fr"}, ["Tunis"]),
        ({"q": "athina"}, ["Athens"]),
        ({"q": "أثينا", "network": "lamp"}, ["Athens"]),
        ({"network": "lamp", "country": "SE", "region": "europe", "language": "sv", "q": "malmo"}, ["Malmö"]),
        ({"network": "lamp", "country": "TN"}, []),
    ],
)
def test_filters_narrow_the_list_and_the_map_alike(client, world, query, found):
    assert names(client, **query) == found
    points = json.loads(client.get(POINTS, query).content)["points"]
    assert [point["name"] for point in points] == [name for name in found if name != "Tunis"]


BAD = ["", "x" * 300, "'", "%", "<script>", "999", "-1", "٣", "null", "🏙", "a/b", "\u202e"]


@pytest.mark.parametrize("value", BAD)
def test_no_value_breaks_the_page(client, world, value):
    for name in ("q", "network", "country", "region", "language", "page", "sort"):
        for path in (LIST, POINTS):
            assert client.get(path, {name: value}).status_code == 200
    assert (
        client.get(LIST, dict.fromkeys(("q", "network", "country", "region", "language", "page"), value)).status_code
        == 200
    )


def test_every_pair_of_filters_works(client, world):
    asked = {"q": "a", "network": "lamp", "country": "GR", "region": "europe", "language": "el"}
    pairs = list(itertools.combinations(asked, 2))
    assert len(pairs) == 10
    for pair in pairs:
        assert names(client, **{name: asked[name] for name in pair}) in (["Athens"], ["Athens", "Malmö"])


def test_a_value_on_no_list_is_told_and_ignored(client, world):
    response = client.get(LIST, {"country": "XX"})
    assert response.context["found"].cities == 3
    assert "XX" in response.content.decode()


def test_nothing_found_says_what_to_do(client, world):
    html = client.get(LIST, {"q": "Sparta"}).content.decode()
    assert "No city matches all of these filters" in html
    assert "data-map" not in html


def test_an_empty_portal_says_what_belongs_here(client):
    assert "Cities stand here once" in client.get(LIST).content.decode()


def test_names_stand_in_the_readers_alphabet(client):
    for name in ("Örebro", "Zagreb", "Ålborg", "Aten"):
        places.city(names={"en": name, "sv": name})
    assert names(client) == ["Ålborg", "Aten", "Örebro", "Zagreb"]
    assert names(client, "/sv/cities/") == ["Aten", "Zagreb", "Ålborg", "Örebro"]


def test_a_city_without_a_name_in_the_readers_language_is_shown_by_another(client):
    places.city(names={"el": "Τρίκαλα"}, native_name="Τρίκαλα", native_language="el", slug="trikala")
    assert names(client, "/ar/cities/") == ["Τρίκαλα"]


def test_archived_cities_are_nowhere(client, world):
    archive_city(world["athens"], by=places.operator(), reason="Merged")
    assert names(client) == ["Malmö", "Tunis"]
    assert "Athens" not in client.get(POINTS).content.decode()
    assert names(client, q="athina") == []


def test_pages_hold_24_and_keep_the_filters(client):
    for number in range(25):
        places.city(f"City {number:02}")
    assert len(names(client)) == 24
    assert names(client, page="2") == ["City 24"]
    assert names(client, page="77") == ["City 24"]
    assert "?region=europe&amp;page=2" in client.get(LIST, {"region": "europe"}).content.decode()


def test_the_points_are_sent_again_only_when_they_changed(client, world):
    first = client.get(POINTS, {"a": "1"})
    assert client.get(POINTS, {"a": "2"}, headers={"If-None-Match": first["ETag"]}).status_code == 304
    places.city("Zagreb", country="HR", latitude=45, longitude=15)
    assert client.get(POINTS, {"a": "3"}, headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_directory_takes_a_fixed_number_of_queries(client, rows, django_assert_num_queries):
    network = places.network()
    for _ in range(rows):
        places.member(network, places.city(latitude=1, longitude=1))
    with django_assert_num_queries(6):
        client.get(LIST)
    # What the filters offer and find is kept from now on.
    with django_assert_num_queries(2):
        client.get(LIST, {"page": 1})
    with django_assert_num_queries(1):
        client.get(POINTS)
