"""What the interface refuses, always in JSON and never with a server error."""

from __future__ import annotations

import pytest
from rest_framework.throttling import SimpleRateThrottle

from tests.api.conftest import LISTS

ELSEWHERE = {"Origin": "https://newsroom.example"}


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        *[(f"{name}/", {"lang": "xx"}) for name in LISTS],
        *[(f"{name}/", {"page": wrong}) for name in LISTS for wrong in ("0", "-1", "two", "", "٣", "1e3", "9" * 40)],
        *[(f"{name}/", {"page_size": wrong}) for name in LISTS for wrong in ("0", "101", "many", "")],
        ("", {"lang": "English"}),
        ("cities/", {"kind": "village"}),
        ("cities/", {"region": "atlantis"}),
        ("networks/", {"kind": "x"}),
        ("memberships/", {"kind": "x"}),
        ("memberships/", {"founding": "perhaps"}),
        *[
            ("memberships/", {"as_of": wrong})
            for wrong in ("yesterday", "", "2026-02-30", "20260101", "2026-W01-1", "0000-01-01")
        ],
        ("practices/", {"maturity": "ripe"}),
        *[("practices/", {name: ""}) for name in ("maturity", "original_language", "readable_in")],
        *[("cities/", {name: ""}) for name in ("kind", "region", "lang")],
        ("practices/", {"original_language": "xx"}),
        ("practices/", {"readable_in": "xx"}),
        ("funds/", {"status": "draft"}),
    ],
)
def test_a_parameter_that_makes_no_sense_is_named_in_a_400(get, db, path, parameters):
    answer = get(path, **parameters)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/json"), answer.content
    assert set(answer.json()) == set(parameters)


@pytest.mark.parametrize(
    "path",
    [
        *[f"{name}/{slug}/" for name in LISTS for slug in ("nowhere", "Ουδαμού", "لا-مكان", "a b", "..", "%ff")],
        "cities/?page=2",
        "nothing/",
        "nothing/at/all/",
        "cities/athens/contacts/",
        "memberships/not-a-uuid/",
    ],
)
def test_what_does_not_exist_is_a_404_in_json(client, db, path):
    answer = client.get(f"/api/v1/{path}", follow=True)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")
    assert set(answer.json()) == {"detail"}


@pytest.mark.parametrize(
    "path",
    [
        "cities/?q=%00",
        "cities/?q=a%00b",
        "cities/?%00=a",
        "cities/a%00b/",
        "cities/?q=%ff",
        "cities/?q=%c3%28",
        "cities/?q=%ed%a0%80",
        "practices/?theme=%00",
        "schema/?lang=%00",
    ],
)
def test_null_bytes_and_broken_utf8_are_a_400_in_json(client, db, path):
    answer = client.get(f"/api/v1/{path}")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/json"), answer.content
    assert set(answer.json()) == {"detail"}


def test_people_get_the_same_refusal_as_a_page(client, db):
    answer = client.get("/en/?q=%ff")
    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_changed_through_the_interface(client, three, method):
    for path in ("cities/", "cities/city-1/", "practices/practice-1/", ""):
        answer = getattr(client, method)(f"/api/v1/{path}", {}, content_type="application/json")
        assert (answer.status_code, answer["Content-Type"]) == (405, "application/json")


def test_too_many_requests_are_asked_to_wait(client, db, monkeypatch):
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"anon": "3/minute"})
    answers = [client.get("/api/v1/networks/") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert set(answers[-1].json()) == {"detail"}
    assert client.get("/api/v1/networks/", REMOTE_ADDR="192.0.2.7").status_code == 200


def test_pages_of_other_sites_may_read_and_nothing_else(client, three):
    read = client.get("/api/v1/cities/", headers=ELSEWHERE)
    assert read["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in read
    asked = client.options("/api/v1/cities/", headers={**ELSEWHERE, "Access-Control-Request-Method": "POST"})
    assert asked["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "Access-Control-Allow-Origin" not in client.get("/healthz", headers=ELSEWHERE)
