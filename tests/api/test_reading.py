"""What a program reads: lists, single things, languages, filters, pages."""

from __future__ import annotations

import datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cities.models import City
from grants.models import Fund
from network.languages import CODES
from network.membership.models import Membership, MembershipDecision, Network
from practices.models import Concept, Practice
from tests.api.conftest import LISTS, SECRET_ADDRESS, SECRET_PHONE, fill, make_city, make_fund, make_practice

SINGLE = ("cities/city-1/", "networks/network-1/", "practices/practice-1/", "funds/fund-1/")


def slugs(response) -> list[str]:
    assert response.status_code == 200, response.content
    return [row["slug"] for row in response.json()["results"]]


def test_the_root_names_every_list_and_each_of_them_answers(get, three):
    answer = get("").json()
    assert sorted(answer) == sorted([*LISTS, "rounds", "schema"])
    for name in LISTS:
        listed = get(f"{name}/")
        assert listed["Content-Type"] == "application/json"
        assert listed.json()["count"] == 3, name
        assert answer[name].endswith(f"/api/v1/{name}/")


@pytest.mark.parametrize("path", SINGLE)
def test_a_single_thing_holds_all_that_its_list_row_holds(get, three, path):
    kind, slug = path.strip("/").split("/")
    listed = next(row for row in get(f"{kind}/").json()["results"] if row["slug"] == slug)
    single = get(path).json()
    assert {key: single[key] for key in listed} == listed


def test_a_membership_is_found_by_its_uuid(get, three):
    listed = get("memberships/").json()["results"][0]
    assert get(f"memberships/{listed['uuid']}/").json() == listed
    assert (listed["city"], listed["network"], listed["region"]) == ("city-1", "network-1", "north")
    assert (listed["joined_on"], listed["status"], listed["act"]) == ("2018-05-01", "current", "A vote")


@pytest.mark.parametrize(
    ("lang", "accept", "expected", "name"),
    [
        ("el", "", "el", "Λιμάνι 1"),
        ("en", "el", "en", "Harbour 1"),
        (None, "el-GR,el;q=0.9,en;q=0.5", "el", "Λιμάνι 1"),
        (None, "xx, *;q=0.1", "en", "Harbour 1"),
        (None, "", "en", "Harbour 1"),
        ("is", "", "is", "Harbour 1"),
    ],
)
def test_the_language_is_the_one_asked_for_then_the_one_accepted_then_english(get, three, lang, accept, expected, name):
    answer = get("cities/city-1/", accept=accept, **({"lang": lang} if lang else {}))
    assert answer["Content-Language"] == expected
    assert answer.json()["name"] == name
    assert answer.json()["url"].startswith(f"/{expected}/")
    assert "accept-language" in answer["Vary"].lower()


def test_a_language_cookie_of_the_website_does_not_change_the_answer(client, three):
    client.cookies["koine_language"] = "el"
    assert client.get("/api/v1/cities/city-1/").json()["name"] == "Harbour 1"


def test_every_language_of_the_portal_can_be_asked_for(get, three):
    for code in CODES:
        for path in (*[f"{name}/" for name in LISTS], *SINGLE):
            assert get(path, lang=code).status_code == 200, (code, path)


def test_a_practice_is_wholly_in_one_language_and_says_which(get, three):
    for lang, shown, title, challenge in (
        ("en", "en", "Title 1", "The challenge"),
        ("el", "el", "Τίτλος 1", "Το πρόβλημα"),
        ("sv", "el", "Τίτλος 1", "Το πρόβλημα"),
    ):
        answer = get("practices/practice-1/", lang=lang).json()
        assert (answer["language"], answer["title"], answer["sections"]["challenge"]) == (shown, title, challenge)
        assert (answer["original_language"], answer["languages"], answer["themes"]) == ("el", ["el", "en"], ["trust"])


def test_filters_narrow_each_list(get, three):
    city = make_city(
        9,
        country="SE",
        region="mena",
        languages=["sv"],
        kind="district",
        name_el=None,
        name_sv="Ängen",
        native_name="Ängen",
    )
    theme = Concept.objects.create(code="safety", label_en="Safety")
    make_practice(9, city, theme, original_language="sv", languages=["sv"], title_sv="T", maturity="good")
    make_fund(9, city, currency="SEK", status="closed")
    for parameters in (
        {"country": "se"},
        {"region": "mena"},
        {"language": "sv"},
        {"kind": "district"},
        {"q": "ängen"},
        {"q": "angen"},
        {"q": "ANGEN harbour"},
    ):
        assert slugs(get("cities/", **parameters)) == ["city-9"], parameters
    assert slugs(get("cities/", q="Λιμάνι")) == slugs(get("cities/", q="limani")) == ["city-1", "city-2", "city-3"]
    for parameters in (
        {"city": "city-9"},
        {"country": "SE"},
        {"theme": "safety"},
        {"maturity": "good"},
        {"original_language": "sv"},
        {"readable_in": "sv"},
    ):
        assert slugs(get("practices/", **parameters)) == ["practice-9"], parameters
    assert slugs(get("funds/", status="closed")) == slugs(get("funds/", currency="sek")) == ["fund-9"]
    assert slugs(get("networks/", kind="national")) == []
    assert get("memberships/", city="city-2").json()["count"] == 1
    assert get("memberships/", founding="true").json()["count"] == 0
    assert get("memberships/", founding="false", network="network-1", country="gr", kind="full").json()["count"] == 1


def test_membership_is_told_as_of_any_date(get, three):
    MembershipDecision.objects.create(
        membership=Membership.objects.get(city__slug="city-1"), kind="withdraw", effective_on=datetime.date(2020, 1, 1)
    )
    MembershipDecision.objects.create(
        membership=Membership.objects.get(city__slug="city-2"), kind="suspend", effective_on=datetime.date(2021, 1, 1)
    )

    def on(day: str) -> dict[str, str]:
        return {row["city"]: row["status"] for row in get("memberships/", as_of=day).json()["results"]}

    assert on("2018-04-30") == {}
    assert on("2019-12-31") == {"city-1": "current", "city-2": "current", "city-3": "current"}
    assert on("2021-01-01") == {"city-2": "suspended", "city-3": "current"}


def test_pages_hold_what_was_asked_for_and_lead_on(get, three):
    first = get("cities/", page_size=2).json()
    assert (len(first["results"]), first["count"], first["previous"]) == (2, 3, None)
    second = get("cities/", page_size=2, page=2).json()
    assert "page=2" in first["next"]
    assert [row["slug"] for row in second["results"]] == ["city-3"]
    assert second["next"] is None


def test_what_is_not_public_is_neither_listed_nor_found(get, three):
    City.objects.filter(slug="city-1").update(archived_at="2026-01-01T00:00Z")
    Network.objects.filter(slug="network-2").update(archived_at="2026-01-01T00:00Z")
    Practice.objects.filter(slug="practice-2").update(state="draft")
    Practice.objects.filter(slug="practice-3").update(state="archived")
    Fund.objects.filter(slug="fund-3").update(status="draft")
    assert slugs(get("cities/")) == ["city-2", "city-3"]
    assert slugs(get("networks/")) == ["network-1", "network-3"]
    assert slugs(get("practices/")) == []
    assert slugs(get("funds/")) == ["fund-1", "fund-2"]
    assert [row["city"] for row in get("memberships/").json()["results"]] == ["city-3"]
    hidden = Membership.objects.get(city__slug="city-1").uuid
    for path in (
        "cities/city-1/",
        "networks/network-2/",
        "practices/practice-1/",
        "practices/practice-2/",
        "practices/practice-3/",
        "funds/fund-3/",
        f"memberships/{hidden}/",
    ):
        assert get(path).status_code == 404, path


def test_a_round_that_is_not_shown_yet_stays_unknown(get, three):
    assert [entry["number"] for entry in get("funds/fund-1/").json()["rounds"]] == [1]


def test_no_answer_holds_an_address_or_telephone_number_of_anybody(get, three):
    membership = Membership.objects.order_by("pk").first()
    swept = [*[f"{name}/" for name in LISTS], *SINGLE, f"memberships/{membership.uuid}/", "", "schema/"]
    for path in swept:
        body = get(path).content.decode()
        for secret in (SECRET_ADDRESS, SECRET_PHONE, "Somebody", "@"):
            assert secret not in body, (path, secret)
    assert len(swept) == 12


# The number of queries of each list, whatever the number of rows: count, page, and one per many-valued field. Of practices:
# the scheme's stamp, the search with its counts, members and names of networks, names of cities, the labels of today, the rows,
# their themes and their labels.
QUERIES = {"cities/": 2, "networks/": 2, "memberships/": 2, "practices/": 9, "funds/": 5}


@pytest.mark.parametrize("path", QUERIES)
def test_a_list_costs_the_same_number_of_queries_with_one_row_and_with_three(get, db, path):
    for rows in ((1, 1), (2, 3)):
        fill(*rows)
        cache.clear()
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert get(path).json()["count"] == rows[1]
        assert len(captured) == QUERIES[path], [query["sql"][:120] for query in captured]
