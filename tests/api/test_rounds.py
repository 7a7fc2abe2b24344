"""Calls for applications as JSON and as a feed: what is open now, in the reader's language, and nothing that is not shown."""

from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from grants.enums import Moment
from grants.models import Round
from grants.rules.rounds import standing_in, standing_of
from tests.api.conftest import make_city, make_fund
from tests.grants import builders

ATOM = "{http://www.w3.org/2005/Atom}"
PATH = "rounds/"


@pytest.fixture
def call(db) -> Round:
    """An open round of a public fund, with criteria, sizes and questions; a second one of the same fund is not shown."""
    city = make_city(1)
    fund = make_fund(1, city)
    shown = fund.rounds.get(published=True)
    shown.tiers.create(minimum=10_000, maximum=25_000, match=50)
    shown.criteria.create(name_en="Need", name_el="Ανάγκη", guidance_en="Is it there?", weight=40)
    shown.eligibility.create(key="based", question_en="Are you based here?", accepted={"answer": True})
    return shown


def test_a_call_is_told_whole_and_one_that_is_not_shown_is_not_told(get, call):
    (row,) = get(PATH, lang="el").json()["results"]
    assert row["uuid"] == str(call.uuid)
    assert row["state"] == "open"
    assert row["fund"]["slug"] == "fund-1"
    assert row["sizes"] == [{"minimum": "10000.00", "maximum": "25000.00", "match": 50}]
    assert row["criteria"] == [{"name": "Ανάγκη", "guidance": "Is it there?", "weight": 40, "minimum": 0, "maximum": 5}]
    assert row["eligibility"] == [
        {"key": "based", "kind": "yes_no", "question": "Are you based here?", "blocking": True}
    ]
    assert row["call"].endswith("/el/funds/fund-1/call.pdf")
    assert get(f"{PATH}{call.uuid}/").json()["title"] == "Round 1"
    hidden = call.fund.rounds.get(published=False)
    assert get(f"{PATH}{hidden.uuid}/").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "open"}, True),
        ({"state": "upcoming"}, False),
        ({"state": "closed"}, False),
        ({"fund": "fund-1", "currency": "eur"}, True),
        ({"fund": "nowhere"}, False),
    ],
)
def test_calls_are_filtered(get, call, query, found):
    assert get(PATH, **query).json()["count"] == int(found)


@pytest.mark.parametrize("query", [{"state": "grace"}, {"state": ""}, {"lang": "xx"}])
def test_a_filter_that_makes_no_sense_is_named(get, call, query):
    answer = get(PATH, **query)
    assert answer.status_code == 400
    assert set(answer.json()) == set(query)


def test_many_calls_cost_no_more_statements_than_one(get, call):
    with CaptureQueriesContext(connection) as one:
        get(PATH)
    for number in range(2, 5):
        make_fund(number, call.fund.owner_city)
    with CaptureQueriesContext(connection) as many:
        assert get(PATH).json()["count"] == 4
    assert len(many) <= len(one)


@pytest.mark.django_db
@pytest.mark.parametrize("grace", [0, 120])
@pytest.mark.parametrize("status", ["open", "closed"])
def test_where_a_round_stands_is_the_same_in_sql(grace, status):
    round_ = builders.round_of(builders.fund(), grace_seconds=grace)
    round_.fund.status = status
    round_.fund.save()
    second = timedelta(seconds=1)
    edges = [round_.opens_at, round_.closes_at, round_.closes_at + timedelta(seconds=grace)]
    for at in [edge + shift for edge in edges for shift in (-second, timedelta(0), second)]:
        told = standing_of(round_, at)
        wanted = Moment.CLOSED if told == Moment.GRACE else told
        stands = [one for one in (Moment.UPCOMING, Moment.OPEN, Moment.CLOSED) if _in(round_, one, at)]
        assert stands == [wanted], at


def _in(round_: Round, standing: Moment, at) -> bool:
    return Round.objects.filter(standing_in(standing, at), pk=round_.pk).exists()


# --- the feed ---------------------------------------------------------------------------------------------------------


def entries(client, code: str = "en"):
    answer = client.get(f"/{code}/funds/feed.atom")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(answer.content), answer


def test_the_feed_tells_open_and_coming_calls_and_no_others(client, call):
    soon = call.fund.rounds.get(published=False)
    soon.published, soon.opens_at = True, timezone.now() + timedelta(days=3)
    soon.title_en = "Soon \x0b and loud"
    soon.save()
    past = make_fund(2, call.fund.owner_city).rounds.get(published=True)
    past.opens_at, past.closes_at = timezone.now() - timedelta(days=9), timezone.now() - timedelta(days=1)
    past.save()
    root, answer = entries(client)
    found = [(one.find(f"{ATOM}id").text, one.find(f"{ATOM}category").get("term")) for one in root.iter(f"{ATOM}entry")]
    assert found == [(call.uuid.urn, "open"), (soon.uuid.urn, "upcoming")]
    assert client.get("/en/funds/feed.atom", headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_the_feed_speaks_the_readers_language_and_stands_empty(client, db):
    root, _answer = entries(client, "sv")
    assert root.find(f"{ATOM}title").text == "Utlysningar"
    assert not list(root.iter(f"{ATOM}entry"))
