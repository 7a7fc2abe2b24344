"""A city's page shows what is known, in the reader's language, and nothing else."""

import datetime

import pytest

from cities.domain import ContactDetails, add_contact
from network.membership.domain import apply_for_city, decide
from network.membership.domain.memberships import Admission
from network.membership.enums import DecisionKind
from tests import places

pytestmark = pytest.mark.django_db
PAGE = "/en/cities/athens/"


def page(client, path: str = PAGE) -> str:
    """The page's HTML."""
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_a_city_of_which_little_is_known_shows_little(client):
    places.city("Athens")
    html = page(client)
    for part in (
        'id="memberships"',
        'id="funds"',
        'id="contacts"',
        ">Sources<",
        ">Population<",
        ">Website<",
        "data-map",
    ):
        assert part not in html
    assert "can stand here" in html


def test_facts_carry_their_year_doubt_and_source(client):
    places.athens(
        population=643000, population_year=2021, population_approximate=True, population_source="Census", source="Seed",
        website="https://www.athens.example/", identifiers={"wikidata": "Q1524"}, latitude=38, longitude=24,
    )  # fmt: skip
    html = page(client)
    for words in (
        "about 643,000 (2021)",
        "Population: Census",
        "www.athens.example<",
        "https://www.wikidata.org/wiki/Q1524",
        "Greek",
        "data-map",
    ):
        assert words in html


def test_the_native_name_stands_beside_the_readers_with_its_language(client):
    places.athens()
    assert '<bdi lang="el" dir="ltr">Αθήνα</bdi>' in page(client)
    arabic = page(client, "/ar/cities/athens/")
    assert "<h1><bdi>أثينا</bdi></h1>" in arabic
    assert '<bdi lang="el"' not in page(client, "/el/cities/athens/")


def test_a_profile_in_another_language_says_so(client):
    places.athens(profile={"el": "Μια πόλη."})
    html = page(client, "/sv/cities/athens/")
    assert 'lang="el" dir="ltr"><p>Μια πόλη.' in html
    assert "grekiska" in html


def test_memberships_stand_in_time_as_exactly_as_they_are_known(client):
    city = places.athens()
    networks = [places.network(name) for name in ("Alpha", "Beta", "Gamma", "Delta", "Epsilon")]
    places.member(networks[0], city, joined_on=datetime.date(2018, 1, 1), joined_precision="month", founding=True)
    ended = places.member(
        networks[1],
        city,
        joined_on=datetime.date(2017, 2, 1),
        joined_precision="year",
        kind="partner",
        programme="Lamps",
    )
    decide(
        ended,
        DecisionKind.END,
        by=places.operator(),
        reason="x",
        effective_on=datetime.date(2019, 2, 1),
        precision="month",
    )
    places.member(networks[2], city, known_on=datetime.date(2021, 1, 1), known_precision="year", confirmed=False)
    places.member(networks[3], city)
    apply_for_city(networks[4], city, Admission(), by=places.operator())
    html = page(client)
    order = [html.index(words) for words in (
        "2017 to February 2019", "Since January 2018", "Documented in 2021; the joining date is not known", ">The joining date is not known",
    )]  # fmt: skip
    assert order == sorted(order)
    assert "Founding member" in html
    assert "Lamps" in html
    assert "Not confirmed" in html
    assert "Epsilon" not in html


def test_contacts_are_as_of_their_day_and_only_public_ones_are_shown(client):
    city, operator = places.athens(), places.operator()
    add_contact(
        city,
        ContactDetails(name="M. Mayor", kind="political", roles={"en": "Mayor"}, public=True, as_of="2015-09"),
        by=operator,
    )
    add_contact(city, ContactDetails(name="Hidden Person", email="h@a.example"), by=operator)
    html = page(client)
    assert "M. Mayor" in html
    assert "as of September 2015" in html
    assert "Hidden Person" not in html
    assert "Write to the city" in html


@pytest.mark.parametrize("slug", ["nothing", "αθήνα", "أثينا", "%00", "..%2f..", "a" * 500])
def test_an_unknown_city_is_not_there(client, slug):
    assert client.get(f"/en/cities/{slug}/").status_code in {400, 404}


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_a_fixed_number_of_queries(client, rows, django_assert_num_queries):
    city, operator = places.athens(), places.operator()
    for _ in range(rows):
        places.member(places.network(), city)
        add_contact(city, ContactDetails(name="Desk", public=True, email="d@a.example"), by=operator)
    with django_assert_num_queries(QUERIES):
        client.get(PAGE)


QUERIES = 11
