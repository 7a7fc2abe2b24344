"""Addresses: the same page in another language, the same list with another parameter."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.test import RequestFactory
from django.utils import translation

from network.frame import links
from network.languages import CODES


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("/en/practices/?q=x&page=2", "/el/practices/?q=x&page=2"),
        ("/ar/", "/el/"),
        ("/en", "/el/"),
        ("/admin/", "/el/"),
        ("/en/cities/αθήνα/", "/el/cities/αθήνα/"),
    ],
)
def test_another_language_keeps_page_and_parameters(path: str, there: str):
    assert links.in_language(path, "el") == there


def test_an_address_of_two_slashes_stays_on_this_host():
    assert links.in_language("//evil.example/x", "el") == "/el/"


def test_the_switcher_lists_every_language_and_marks_the_present_one():
    request = RequestFactory().get("/sv/cities/?country=GR")
    with translation.override("sv"):
        told = links.language_links(request)
    assert [link["code"] for link in told] == list(CODES)
    assert [link["code"] for link in told if link["current"]] == ["sv"]
    assert {link["url"].partition("/cities/")[2] for link in told} == {"?country=GR"}


def test_the_switcher_can_list_only_what_exists_but_never_loses_the_reader():
    request = RequestFactory().get("/fi/practices/x/")
    with translation.override("fi"):
        assert [link["code"] for link in links.language_links(request, ["el", "en"])] == ["en", "el", "fi"]


def test_a_changed_filter_leaves_the_page_of_results():
    query = QueryDict("q=a b&theme=1&theme=2&page=4")
    assert links.query_with(query, {"sort": "new"}) == "?q=a+b&theme=1&theme=2&sort=new"
    assert links.query_with(query, {"page": 5}) == "?q=a+b&theme=1&theme=2&page=5"
    assert links.query_with(query, {"q": None, "theme": None}) == "?"
    assert links.query_without(query, "theme", 1) == "?q=a+b&theme=2"


@pytest.mark.parametrize(
    ("path", "place"), [("/en/funds/x/", "funds"), ("/en/", ""), ("/admin/funds/", ""), ("/xx/funds/", "")]
)
def test_navigation_knows_where_one_is(path: str, place: str):
    assert links.place_of(path) == place
