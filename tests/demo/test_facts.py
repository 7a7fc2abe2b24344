"""The files against the facts they were made from, where those are at hand."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from typing import Any

import pytest

from network.embedded.places import ROOT
from network.portal.demo.content import practices, read

FACTS = ROOT.parent / "shared" / "data" / "demo_facts.json"
pytestmark = pytest.mark.skipif(not FACTS.exists(), reason="the facts (../shared/data/demo_facts.json) are not here")


@cache
def facts() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FACTS.read_text(encoding="utf-8"))
    return found


def test_cities_are_those_of_the_facts_with_their_figures():
    ours = {city["slug"]: city for city in read("cities")}
    assert len(ours) == len(facts()["cities"])
    for told in facts()["cities"]:
        city = ours[told["id"]]
        for here, there in {
            "native_name": "native_name",
            "country": "iso3166_1",
            "latitude": "lat",
            "longitude": "lon",
            "population": "population_approx",
            "population_year": "population_year",
            "population_source": "population_source",
            "languages": "languages_bcp47",
            "wikidata": "wikidata",
            "source": "source",
        }.items():
            assert city[here] == told.get(there), (told["id"], here)


def test_memberships_are_those_of_the_facts():
    programmes = {told["id"]: told["network"] for told in read("memberships", "programmes")}
    expected = Counter(
        (city["id"], programmes.get(tie["network"], tie["network"]), tie["source"])
        for city in facts()["cities"]
        for tie in city["memberships"]
    )
    ours = Counter((told["city"], told["network"], told["source"]) for told in read("memberships"))
    assert ours == expected
    assert sum(ours.values()) == 123


def test_a_start_that_is_shown_is_the_one_of_the_facts():
    known = {
        (city["id"], tie["source"], tie["since"])
        for city in facts()["cities"]
        for tie in city["memberships"]
        if tie["since"]
    }
    shown = [told for told in read("memberships") if told["since"]]
    assert len(shown) > 30
    for told in shown:
        assert (told["city"], told["source"], _as_told(told["since"])) in known, told


def _as_told(day: dict[str, str] | None) -> str | None:
    lengths = {"year": 4, "month": 7, "day": 10}
    return day["date"][: lengths[day["precision"]]] if day else None


def test_networks_organisations_and_the_fund_are_those_of_the_facts():
    networks = {network["id"]: network for network in read("networks")}
    assert set(networks) == {told["id"] for told in facts()["networks"]}
    for told in facts()["networks"]:
        assert networks[told["id"]]["names"]["en"] == told["name"]
        assert networks[told["id"]]["source"] == told["source"]
    organisations = {one["slug"]: one for one in read("organisations")}
    for told in facts()["organisations"]:
        assert told["name"].startswith(organisations[told["id"]]["names"]["en"])
        assert organisations[told["id"]]["country"] == told.get("country")
    assert len(organisations) == len(facts()["organisations"]) == 26
    fund, told = read("funds")[0], facts()["funds"][0]
    assert float(fund["budget"]) == told["total"]
    assert {(c["funder"], float(c["amount"])) for c in fund["contributions"]} == {
        (funder["org"], funder["amount"]) for funder in told["funders"]
    }
    assert float(fund["award_max"]) == told["max_grant"]


def test_no_practice_is_presented_as_real_whose_title_is_unknown():
    titled = {
        item["id"]: item
        for item in facts()["practices"]["items"]
        if item["title_el" if "title_el" in item else "title"]
    }
    real = {told["slug"]: told for told in practices() if not told["demo"]}
    assert set(real) == set(titled)
    for slug, told in real.items():
        assert told["texts"]["el"]["title"].casefold().startswith(titled[slug]["title_el"].casefold())
        assert told["city"] == titled[slug]["municipality"]


def test_office_holders_are_as_of_the_date_of_the_facts():
    known = {person["name"]: person for person in facts()["people_in_seeds"]}
    for contact in read("contacts"):
        assert contact["as_of"] == known[contact["name"]]["as_of"]
        assert contact["source"] == known[contact["name"]]["source"]
