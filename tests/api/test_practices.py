"""Practices for programs: the same filters, order and counts as the page, read strictly, with all that a record holds."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from practices.domain import ResultFields, add_adoption, add_lesson, add_result, index_practice, tell_ended
from practices.forms.filters import MOST_VALUES, UNDERSTOOD
from practices.models import Practice
from practices.queries import finding
from practices.rules.verifying import GOOD_FOR
from tests.api.conftest import make_city, make_practice
from tests.practices import builders as build


@pytest.fixture
def library(db):
    """Four practices of two cities: bridges and schools."""
    by = build.operator()
    for code in ("housing", "food"):
        build.theme(code, by, el={"housing": "Στέγαση", "food": "Τροφή"}[code])
    athens, malmo = build.city("athens", country="GR"), build.city("malmo", country="SE")
    return [
        build.practice(by, {"en": build.version("Bridges one")}, of=athens, themes=["housing"], started_on=build.LONG_AGO),
        build.practice(by, {"el": build.version("Γέφυρες"), "en": build.version("Bridges two")}, of=athens, themes=["food"]),
        build.practice(by, {"sv": build.version("Skolor")}, of=malmo, themes=["housing", "food"]),
        build.practice(by, {"en": build.version("Schools")}, of=malmo),
    ]  # fmt: skip


def found(get, **parameters) -> list[str]:
    answer = get("practices/", **parameters)
    assert answer.status_code == 200, answer.content
    data = answer.json()
    assert data["count"] == len(data["results"])
    return [row["title"] for row in data["results"]]


@pytest.mark.parametrize(
    ("parameters", "titles"),
    [
        ({"q": "bridges"}, {"Bridges one", "Bridges two"}),
        ({"q": "γεφυρες"}, {"Bridges two"}),
        ({"theme": "housing"}, {"Bridges one", "Skolor"}),
        ({"theme": ["housing", "food"]}, {"Bridges one", "Bridges two", "Skolor"}),
        ({"country": "se"}, {"Skolor", "Schools"}),
        ({"city": "athens", "theme": "food"}, {"Bridges two"}),
        ({"year": "2020"}, {"Bridges one"}),
        ({"original": "sv"}, {"Skolor"}),
        ({"original_language": "el"}, {"Bridges two"}),
        ({"readable": "true", "lang": "sv"}, {"Skolor"}),
        ({"readable_in": "el"}, {"Bridges two"}),
        ({"readable": "false"}, {"Bridges one", "Bridges two", "Skolor", "Schools"}),
        ({"maturity": ["good", "emerging"]}, {"Bridges one", "Bridges two", "Skolor", "Schools"}),
        ({"q": "the of and"}, {"Bridges one", "Bridges two", "Skolor", "Schools"}),
        ({"q": "'bridges' & | ! :* <->"}, {"Bridges one", "Bridges two"}),
        ({"theme": "nonsense"}, set()),
        ({"city": "nowhere"}, set()),
        ({"country": "XX"}, set()),
        ({"network": "none"}, set()),
    ],
)
def test_filters_find_what_the_page_finds(get, client, library, parameters, titles):
    assert set(found(get, **parameters)) == titles
    if titles and not {"original_language", "readable_in", "readable", "country", "lang"} & set(parameters):
        shown = client.get("/en/practices/", parameters).context["found"].rows
        listed = [row["uuid"] for row in get("practices/", **parameters).json()["results"]]
        assert [str(Practice.objects.get(pk=row.id).uuid) for row in shown] == listed


def test_facets_say_what_each_choice_would_leave_in_the_language_asked_for(get, library):
    facets = get("practices/", lang="el", theme="housing").json()["facets"]
    assert set(facets) == {*UNDERSTOOD, "readable"}
    themes = {one["value"]: (one["label"], one["count"], one["chosen"]) for one in facets["theme"]}
    assert themes == {"housing": ("Στέγαση", 2, True), "food": ("Τροφή", 2, False)}
    assert {one["value"]: one["count"] for one in facets["country"]} == {"GR": 1, "SE": 1}
    assert get("practices/", facets="false").json()["facets"] is None


def test_orders_are_those_of_the_page(get, library):
    newest = [practice.title_en or practice.title_sv for practice in reversed(library)]
    assert found(get) == found(get, sort="newest") == newest
    assert found(get, q="bridges", sort="newest") == ["Bridges two", "Bridges one"]
    assert set(found(get, sort="reused")) == set(newest)


def test_pages_lead_on_and_end_where_counting_ends(get, library, monkeypatch):
    first = get("practices/", page_size=2, theme="housing", sort="newest").json()
    assert (first["count"], first["more"], first["next"], first["previous"]) == (2, False, None, None)
    first = get("practices/", page_size=3).json()
    assert "page=2" in first["next"]
    second = get("practices/", page_size=3, page=2).json()
    assert (len(second["results"]), second["next"]) == (1, None)
    assert "page=1" in second["previous"]
    assert get("practices/", page_size=3, page=3).status_code == 404
    assert get("practices/", page=10**8).status_code == 404
    monkeypatch.setattr(finding, "COUNTED", 2)
    monkeypatch.setattr("practices.api.reading.COUNTED", 2)
    capped = get("practices/", page_size=100).json()
    assert (capped["count"], capped["more"], len(capped["results"])) == (2, True, 2)
    assert get("practices/", page_size=2, page=2).status_code == 404


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({"maturity": "ripe"}, {"maturity"}),
        ({"maturity": ["good", "ripe"]}, {"maturity"}),
        ({"cost": "a lot"}, {"cost"}),
        ({"year": "20"}, {"year"}),
        ({"country": "Wonderland"}, {"country"}),
        ({"country": "ΕΛ"}, {"country"}),
        ({"year": "٢٠٢٠"}, {"year"}),
        ({"sort": "best"}, {"sort"}),
        ({"sort": ""}, {"sort"}),
        ({"readable": "perhaps"}, {"readable"}),
        ({"facets": ""}, {"facets"}),
        ({"original": "xx", "original_language": "en"}, {"original"}),
        ({"theme": [str(number) for number in range(MOST_VALUES + 1)]}, {"theme"}),
    ],
)
def test_what_cannot_be_is_refused_by_name(get, db, parameters, named):
    answer = get("practices/", **parameters)
    assert answer.status_code == 400
    assert set(answer.json()) == named


def test_a_single_practice_holds_its_rows_and_adoptions_with_the_language_of_each_text(get, library):
    by, practice = build.operator(), library[1]
    add_result(practice, ResultFields({"el": "Εμπιστοσύνη"}, value=Decimal("58.5")), by=by)
    add_lesson(practice, {"el": "Αφίσες", "en": "Posters"}, kind="failed", by=by)
    add_adoption(practice, library[2].city, 2024, by=by)
    data = get(f"practices/{practice.slug}/", lang="en").json()
    (result,), (lesson,), (adoption,) = data["rows"]["results"], data["rows"]["lessons"], data["adoptions"]
    assert (result["indicator"], result["value"]) == ({"text": "Εμπιστοσύνη", "language": "el"}, "58.50")
    assert (lesson["kind"], lesson["text"]) == ("failed", {"text": "Posters", "language": "en"})
    assert (adoption["city"], adoption["confirmed"]) == ("malmo", True)
    assert data["short_link"] == f"http://127.0.0.1:8000/p/{practice.pk}"
    assert data["licence"] is None


@pytest.mark.parametrize("path", ["practices/", "practices/practice-1/", "cities/", ""])
def test_whoever_has_an_answer_is_not_sent_it_again(client: Client, three, path):
    address = f"/api/v1/{path}"
    first = client.get(address)
    assert first["ETag"]
    assert first["Cache-Control"] == "no-cache"
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    if path:
        assert client.get(address, {"lang": "el"}, headers={"If-None-Match": first["ETag"]}).status_code == 200
    city = make_city(9)
    make_practice(9, city, Practice.objects.first().themes.first())
    Practice.objects.filter(slug="practice-1").update(title_en="Changed")
    index_practice(Practice.objects.get(slug="practice-1"))
    changed = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == (304 if path == "" else 200)


def test_programs_read_when_it_was_last_verified_and_by_when_it_is_to_be_confirmed_again(get, library):
    today = timezone.localdate()
    officer = build.officer(library[0].city)
    tell_ended(library[0], by=officer)
    running, over = library[1], library[0]
    listed = {row["slug"]: row for row in get("practices/").json()["results"]}
    for one, due in ((running, (today + GOOD_FOR).isoformat()), (over, None)):
        for told in (listed[one.slug], get(f"practices/{one.slug}/").json()):
            assert (told["last_verified"], told["review_due"]) == (today.isoformat(), due)
