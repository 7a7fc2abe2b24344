"""Labels as programs and paper tell them: the interface, the page's JSON-LD, the fact sheet."""

from __future__ import annotations

import datetime
import json
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from network.frame.moments import day_text
from practices.documents.fact_sheet import fact_sheet, fingerprint, sheet_data
from practices.domain.labels import Grounds, withdraw_label
from practices.models import Practice
from practices.queries.detail import detail
from tests.practices.labelling import Labelled, labelled

pytestmark = pytest.mark.django_db
ORIGIN = "https://koine.example"


@pytest.fixture
def it() -> Labelled:
    return labelled()


def told(path: str) -> dict:
    cache.clear()
    answer = Client().get(f"/api/v1/practices/{path}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_the_interface_tells_points_days_and_state_in_the_list_and_of_one(it):
    label = it.award(grounds=Grounds("Bridges that hold.", "en"))
    expected = {
        "label": "proven-practice",
        "name": "Proven practice",
        "network": it.town.network.slug,
        "network_name": "Bridges",
        "state": "valid",
        "awarded_on": label.awarded_on.isoformat(),
        "valid_from": label.valid_from.isoformat(),
        "valid_until": label.valid_until.isoformat(),
        "withdrawn_on": None,
        "points": dict.fromkeys(("relevance", "participation", "impact", "transferability"), "4.00"),
        "reviews": 2,
        "reviewed_on": label.reviewed_on.isoformat(),
        "grounds": {"text": "Bridges that hold.", "language": "en"},
    }
    assert told("")["results"][0]["labels"] == [expected]
    assert told(f"{it.practice.slug}/")["labels"] == [expected]
    assert told(f"{it.practice.slug}/?lang=el")["labels"][0]["name"] == "Αποδεδειγμένη πρακτική"


def test_the_interface_tells_what_expired_and_what_was_withdrawn(it):
    it.award_ending_in(-1)
    it.review_anew()
    withdraw_label(it.award(), reason="Closed.", by=it.town.decider)
    labels = told("")["results"][0]["labels"]
    assert [row["state"] for row in labels] == ["withdrawn", "expired"]
    assert "Closed." not in json.dumps(labels)


def test_programs_filter_by_a_label_and_hear_nothing_of_an_unknown_one(it):
    it.award()
    assert told("?label=proven-practice")["count"] == 1
    assert told("?label=unheard-of")["count"] == 0


def test_the_list_costs_the_same_with_one_label_and_with_three(it):
    def cost() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as seen:
            Client().get("/api/v1/practices/")
        return len(seen)

    it.award_ending_in(-1)
    one = cost()
    it.review_anew()
    withdraw_label(it.award(), reason="Closed.", by=it.town.decider)
    it.award()
    assert cost() == one


def test_the_pages_json_ld_names_a_valid_label_as_an_award_and_no_other(it):
    def awards() -> list[str]:
        cache.clear()
        page = Client().get(f"/en/practices/{it.practice.slug}/").content.decode()
        found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
        assert found is not None
        return json.loads(found[1]).get("award", [])

    assert awards() == []
    label = it.award_ending_in(5)
    assert awards() == [f"Proven practice (Bridges), valid until {day_text(label.valid_until)}"]
    label.valid_until -= datetime.timedelta(days=6)
    label.save(update_fields=["valid_until"])
    assert awards() == []


@pytest.mark.parametrize("code", ["en", "ar"])
def test_the_fact_sheet_carries_a_valid_label_and_is_another_one_without_it(it, code):
    def sheet() -> dict:
        found = detail(Practice.objects.visible_to(None), it.practice.slug, code)
        assert found is not None
        return sheet_data(found, ORIGIN)

    with translation.override(code):
        before = sheet()
        label = it.award()
        data = sheet()
        (value,) = [row["value"] for row in data["facts"]["rows"] if row not in before["facts"]["rows"]]
        assert day_text(label.valid_until) in value
        assert fingerprint(data) != fingerprint(before)
        assert fact_sheet(data).startswith(b"%PDF")
        withdraw_label(label, reason="Closed.", by=it.town.decider)
        assert fingerprint(sheet()) == fingerprint(before)
