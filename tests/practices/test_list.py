"""The library's list page."""

from __future__ import annotations

import pytest

from tests.practices import builders as build

pytestmark = pytest.mark.django_db
LIST = "/en/practices/"


def test_an_empty_library_says_what_belongs_here(client):
    page = client.get(LIST).content.decode()
    assert "0 practices" in page
    assert "Practices that cities have published stand here." in page


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_queries_for_one_row_and_for_three(client, number, django_assert_num_queries):
    by = build.operator()
    build.theme("housing", by, sv="Boende")
    for _ in range(number):
        build.practice(by, {"en": build.version("Neighbours talk")}, themes=["housing"])
    client.get(LIST)
    with django_assert_num_queries(6):
        client.get(LIST + "?sort=newest")
    with django_assert_num_queries(5):
        response = client.get(LIST + "?q=neighbour")
    assert response.content.decode().count('class="result"') == number
