"""The library's list page."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from practices.domain import set_texts
from practices.queries import spelling
from practices.queries.cards import cards
from practices.views.library import count_text
from tests.practices import builders as build

pytestmark = pytest.mark.django_db
LIST = "/en/practices/"


def test_an_empty_library_says_what_belongs_here(client):
    page = client.get(LIST).content.decode()
    assert "0 practices" in page
    assert "Practices that cities have published stand here." in page


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_queries_for_one_row_and_for_three(
    client, number, django_assert_num_queries, monkeypatch
):
    monkeypatch.setattr(spelling, "FEW", 1)  # where little is found, more is asked: tests/practices/test_spelling.py
    by = build.operator()
    build.theme("housing", by, sv="Boende")
    for _ in range(number):
        build.practice(by, {"en": build.version("Neighbours talk")}, themes=["housing"])
    client.get(LIST + "?q=street")  # what is kept until content changes
    with django_assert_num_queries(2):
        client.get(LIST + "?sort=newest")
    with django_assert_num_queries(2):
        response = client.get(LIST + "?q=neighbour")
    assert response.content.decode().count('class="result"') == number


@pytest.fixture
def library():
    """Four practices that differ in everything one can filter by."""
    by = build.operator()
    build.theme("housing", by, sv="Boende", ar="السكن")
    build.theme("sport", by)
    athens = build.city("athens", country="GR", el="Αθήνα", sv="Aten", ar="أثينا")
    malmo = build.city("malmo", country="SE", en="Malmö")
    return {
        "roof": build.practice(by, {"el": build.version("Στέγη")}, of=athens, themes=["housing"]),
        "ball": build.practice(by, {"sv": build.version("Boll")}, of=malmo, themes=["sport"]),
        "both": build.practice(by, {"sv": build.version("Tak"), "en": build.version("Roof")}, of=malmo, themes=["housing", "sport"]),
        "draft": build.practice(by, of=malmo, themes=["housing"], published=False),
    }  # fmt: skip


def slugs(client, code: str = "en", **query: str) -> set[str]:
    response = client.get(f"/{code}/practices/", query)
    assert response.status_code == 200
    return {row.slug for row in response.context["found"].rows}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, {"roof", "ball", "both"}),
        ({"theme": "housing"}, {"roof", "both"}),
        ({"theme": "housing", "country": "SE"}, {"both"}),
        ({"city": "athens"}, {"roof"}),
        ({"city": "Αθηνα"}, {"roof"}),
        ({"city": "أثينا"}, {"roof"}),
        ({"city": "malmö"}, {"ball", "both"}),
        ({"city": "nowhere"}, set()),
        ({"country": "GR"}, {"roof"}),
        ({"maturity": "emerging"}, {"roof", "ball", "both"}),
        ({"maturity": "good"}, set()),
        ({"original": "sv"}, {"ball", "both"}),
        ({"readable": "on"}, {"both"}),
        ({"q": "tak"}, {"both"}),
        ({"q": "tak", "country": "GR"}, set()),
        ({"q": "tak", "theme": "sport", "sort": "newest"}, {"both"}),
    ],
)
def test_each_filter_takes_what_it_says_and_they_all_hold_together(client, library, query, names):
    assert slugs(client, **query) == {library[name].slug for name in names}


@pytest.mark.parametrize(
    "query",
    [
        {"theme": "nothing"}, {"country": "XX"}, {"maturity": "great"}, {"original": "xx"}, {"sort": "random"},
        {"page": "0"}, {"page": "-1"}, {"page": "1e9"}, {"page": "٣"}, {"page": "999999999999"}, {"page": "9999"},
        {"readable": ""}, {"theme": "'; DROP TABLE practices_practice; --"}, {"unknown": "1"},
    ],
)  # fmt: skip
def test_what_can_not_be_understood_filters_nothing(client, library, query):
    assert len(slugs(client, **query)) == 3


def test_a_page_beyond_the_last_of_a_search_is_a_page(client, library):
    assert slugs(client, q="tak", page="7") == {library["both"].slug}


def test_what_is_chosen_can_be_taken_away_one_by_one(client, library):
    text = client.get("/en/practices/", {"q": "tak", "theme": "housing", "country": "SE"}).content.decode()
    assert "Theme: Housing" in text
    assert "Country: Sweden" in text
    assert 'href="?q=tak&amp;country=SE"' in text
    assert 'href="?q=tak&amp;theme=housing"' in text


def test_an_empty_result_says_what_to_do(client, library):
    text = client.get("/en/practices/", {"q": "nothing like this"}).content.decode()
    assert "Nothing fits all of this." in text
    assert "See all practices" in text


def test_rows_are_shown_in_the_readers_language_else_marked_with_their_own(client, library):
    text = client.get("/ar/practices/").content.decode()
    assert '<html lang="ar" dir="rtl">' in text
    assert 'lang="el" dir="ltr" hreflang="el">Στέγη</a>' in text
    assert "السكن" in text
    assert "أثينا" in text


def test_found_words_are_marked_and_a_hit_in_another_language_is_named(client, library):
    text = client.get("/en/practices/", {"q": "roofs"}).content.decode()
    assert "<mark>Roof</mark>" in text
    text = client.get("/en/practices/", {"q": "tak"}).content.decode()
    assert "<mark>" not in text
    assert "Found in its text in Swedish." in text


def test_htmx_gets_the_results_alone(client, library):
    part = client.get("/en/practices/", {"theme": "sport"}, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="results">')
    assert "<html" not in part
    assert part.count('class="result"') == 2


def test_pages_divide_a_long_list_and_keep_the_filters(client, django_assert_num_queries):
    by, place = build.operator(), build.city("malmo", country="SE")
    build.theme("sport", by)
    made = [build.practice(by, {"en": build.version(f"Number {n}")}, of=place, themes=["sport"]) for n in range(23)]
    first = slugs(client, theme="sport")
    second = slugs(client, theme="sport", page="2")
    assert (len(first), len(second)) == (20, 3)
    assert first | second == {practice.slug for practice in made}
    text = client.get("/en/practices/", {"theme": "sport"}).content.decode()
    assert "23 practices" in text
    assert 'href="?theme=sport&amp;page=2"' in text
    assert slugs(client, q="number", page="2") | slugs(client, q="number") == first | second


def test_a_visitors_page_is_kept_until_something_changes(client, library, django_capture_on_commit_callbacks):
    client.get("/en/practices/")
    assert client.get("/en/practices/")["X-Cache"] == "hit"
    with django_capture_on_commit_callbacks(execute=True):
        set_texts(library["both"], "en", {"title": "A new roof"}, by=build.operator())
    fresh = client.get("/en/practices/")
    assert "X-Cache" not in fresh
    assert "A new roof" in fresh.content.decode()


def test_more_than_can_be_counted_is_said_in_words():
    assert count_text(10_001) == "More than 10,000 practices"
    assert count_text(1) == "1 practice"


def test_a_card_leads_to_the_page_in_the_language_that_is_active(db):
    practice = build.practice(build.operator(), {"en": build.version("Bridges")})
    for active in ("en", "sv", "en"):
        with override(active):
            assert cards([practice.pk], "en")[0].url == f"/{active}/practices/{practice.slug}/"
