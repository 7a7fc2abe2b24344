"""The way in: the home page, the root, and the small pages."""

import pytest

from network.languages import CODES
from tests import places

pytestmark = pytest.mark.django_db


def test_an_empty_portal_still_says_what_it_is(client):
    html = client.get("/en/").content.decode()
    assert "Koine is where networks of cities keep what works" in html
    assert 'action="/en/practices/"' in html
    assert "None is open today" in html


def test_the_home_page_counts_what_there_is(client):
    places.member(places.network("Lamp"), places.athens())
    html = client.get("/en/").content.decode()
    assert "Lamp" in html
    assert "1 member city" in html


@pytest.mark.parametrize(
    ("headers", "cookie", "language"),
    [
        ({}, "", "en"),
        ({"Accept-Language": "sv-SE,sv;q=0.9"}, "", "sv"),
        ({"Accept-Language": "zz"}, "", "en"),
        ({"Accept-Language": "sv"}, "ar", "ar"),
        ({"Accept-Language": "sv"}, "klingon", "sv"),
    ],
)
def test_the_root_leads_to_the_readers_language(client, headers, cookie, language):
    client.cookies["koine_language"] = cookie
    response = client.get("/", headers=headers)
    assert (response.status_code, response["Location"]) == (302, f"/{language}/")
    assert "Accept-Language" in response["Vary"]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("place", ["", "about/", "accessibility/", "pages/", "cities/", "networks/"])
def test_every_page_renders_in_every_language(client, code, place):
    places.member(places.network(), places.athens())
    response = client.get(f"/{code}/{place}")
    assert response.status_code == 200
    assert f'<html lang="{code}"' in response.content.decode()


def test_the_statement_is_dated_and_says_whom_to_tell(client, settings):
    settings.KOINE_FEEDBACK_ADDRESS = "tell@koine.example"
    html = client.get("/en/accessibility/").content.decode()
    assert "20 November 2026" in html
    assert "tell@koine.example" in html


def test_the_sitemap_lists_every_page_in_every_language(client):
    places.member(places.network("Lamp"), places.athens())
    index = client.get("/sitemap.xml").content.decode()
    assert "/sitemap-cities.xml" in index
    cities = client.get("/sitemap-cities.xml").content.decode()
    assert cities.count("<url>") == len(CODES)
    assert "/ar/cities/athens/" in cities
    assert 'hreflang="x-default"' in cities
    assert "/en/networks/lamp/" in client.get("/sitemap-networks.xml").content.decode()
    for part in ("pages", "practices", "funds"):
        assert client.get(f"/sitemap-{part}.xml").status_code == 200


def test_robots_are_kept_out_of_private_places(client):
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /admin/" in text
    assert "/sitemap.xml" in text


def test_a_visitors_home_page_is_kept_and_a_change_shows_at_once(
    client, django_assert_num_queries, django_capture_on_commit_callbacks
):
    client.get("/en/")
    with django_assert_num_queries(0):
        assert client.get("/en/")["X-Cache"] == "hit"
    with django_capture_on_commit_callbacks(execute=True):
        places.network("Lantern")
    assert "Lantern" in client.get("/en/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_home_page_takes_a_fixed_number_of_queries(client, rows, django_assert_num_queries):
    for _ in range(rows):
        places.member(places.network(), places.city())
    with django_assert_num_queries(6):
        client.get("/en/")
