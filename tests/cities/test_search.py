"""A city is found by any of its names, in any script and spelling."""

from dataclasses import replace

import pytest

from cities.domain import details_of, update_city
from cities.models import City
from tests import places

pytestmark = pytest.mark.django_db


@pytest.fixture
def cities():
    return {
        "athens": places.athens(),
        "malmo": places.malmo(),
        "mexico": places.city(
            names={"en": "Mexico City", "es": "Ciudad de México", "ar": "مكسيكو سيتي"},
            country="MX",
            region="latin_america",
        ),
    }


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        *[
            (q, "athens")
            for q in ("Αθήνα", "αθηνα", "ΑΘΗΝΑ", "athina", "atina", "Атина", "أثينا", "اثينا", "Atene", "آتن")
        ],
        *[(q, "malmo") for q in ("Malmö", "malmo", "MALMO", "مالمو", "Μάλμε")],
        *[(q, "mexico-city") for q in ("ciudad de mexico", "México ciudad", "mexico city", "مكسيكو")],
    ],
)
def test_a_city_is_found_in_every_script_and_spelling(cities, query, slug):
    assert [city.slug for city in City.objects.matching(query)] == [slug]


@pytest.mark.parametrize("query", ["Sparta", "%", "_", "athens malmo", "'; drop table", "\\"])
def test_what_is_no_name_finds_nothing(cities, query):
    assert not City.objects.matching(query).exists()


def test_the_search_text_follows_a_change_of_name(cities):

    city = cities["athens"]
    update_city(
        city,
        replace(details_of(city), names={"en": "Sparta"}, native_name="", also_known_as=()),
        version=1,
        by=places.operator(),
    )
    assert not City.objects.matching("athens").exists()
    assert City.objects.matching("sparta").get() == city
