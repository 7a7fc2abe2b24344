"""Where nothing fits all the words: what fits some of them, said to be just that."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from practices.queries.matching import parse
from practices.queries.near import near
from practices.queries.wanted import Wanted
from tests.practices import builders as build

pytestmark = pytest.mark.django_db


@pytest.fixture
def bridges():
    by = build.operator()
    build.practice(by, {"en": build.version("Bridges", "Evenings in the library")})
    build.practice(by, {"en": build.version("Libraries", "Books about bridges and libraries")})
    return by


def test_what_fits_most_words_comes_first_and_what_fits_none_does_not_come(bridges):
    build.practice(bridges, {"en": build.version("Gardens")})
    found = near(Wanted(query=parse("bridges libraries zebras")), "en", 0)
    assert [strip_tags(card.title) for card in found] == ["Libraries", "Bridges"]


@pytest.mark.parametrize(("typed", "total"), [("bridges libraries", 2), ("zebras", 0), ("", 0)])
def test_nothing_is_asked_where_something_was_found_or_there_is_one_word(bridges, typed, total):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert near(Wanted(query=parse(typed)), "en", total) == []
    assert len(asked) == 0


def test_filters_stay_in_force(bridges):
    assert near(Wanted(query=parse("bridges zebras"), country=("FR",)), "en", 0) == []


def test_the_page_tells_them_from_what_was_asked_for(client, bridges):
    page = client.get("/en/practices/", {"q": "bridges zebras"}).content.decode()
    assert "0 practices" in page
    nothing, _title, some = page.partition("These fit some of the words")
    assert 'class="result"' not in nothing
    assert some.count('class="result"') == 2
    assert "These fit" not in client.get("/en/practices/", {"q": "bridges"}).content.decode()
