"""A record is shown wholly in one language, and names fall back one by one."""

from __future__ import annotations

import pytest

from cities.models import City
from network.languages import CODES
from network.translation.models import Shown, column, text_in
from practices.models import Practice
from tests.practices import builders as build

pytestmark = pytest.mark.django_db


def shown(code: str, **more: str) -> tuple[str, str, str, str]:
    row = Practice.objects.for_language(code).get()
    return row.shown_language, row.shown_title, row.shown_strapline, row.shown_summary


def test_a_half_translated_record_is_never_mixed():
    by = build.operator()
    half = {**build.version("Broar", "Kort"), "actions": ""}
    build.practice(by, {"el": build.version("Γέφυρες", "Σύντομα"), "sv": half, "en": build.version("Bridges", "Short")})
    assert shown("sv") == ("el", "Γέφυρες", "", "Σύντομα")
    assert shown("en") == ("en", "Bridges", "", "Short")
    assert shown("el") == ("el", "Γέφυρες", "", "Σύντομα")


def test_every_language_can_be_asked_for_and_answers_with_the_original():
    by = build.operator()
    build.practice(by, {"is": build.version("Heitt vatn")})
    for code in CODES:
        assert shown(code)[:2] == ("is", "Heitt vatn")


def test_a_list_reads_no_text_column_it_does_not_show(django_assert_num_queries):
    build.practice(build.operator(), {"en": build.version("One")})
    with django_assert_num_queries(1) as asked:
        row = Practice.objects.for_language("sv", "title").get()
        assert row.shown_title == "One"
    selected = asked.captured_queries[0]["sql"].split(" FROM ")[0]
    assert '"summary' not in selected
    assert f'AS "{column("title", "sv")}"' not in selected
    assert row.get_deferred_fields() >= {column("summary", code) for code in CODES} | {"title", "summary"}


def test_names_fall_back_to_english_then_the_native_name_then_any():
    build.city("one", sv="Ett")
    City.objects.create(slug="two", country="IS", region="europe", native_name="Tveir", name_fi="Kaksi")
    City.objects.create(slug="three", country="FI", region="europe", name_fi="Kolme", name_sv="")

    def names(code: str) -> list[str]:
        return [city.shown_name for city in City.objects.for_language(code, "name").order_by("pk")]

    assert names("sv") == ["Ett", "Tveir", "Kolme"]
    assert names("en") == ["One", "Tveir", "Kolme"]
    assert names("fi") == ["One", "Kaksi", "Kolme"]


def test_a_name_is_read_through_a_relation_in_the_same_query(django_assert_num_queries):
    build.practice(build.operator(), of=build.city("malmo", sv="Malmö"))
    with django_assert_num_queries(1):
        named = Practice.objects.annotate(city_name=Shown(City, "name", "sv", "city__slug"))
        assert list(named.values_list("city_name", flat=True)) == ["Malmö"]


def test_unknown_languages_are_programming_errors():
    with pytest.raises(ValueError, match="not a language"):
        Practice.objects.for_language("xx")
    with pytest.raises(ValueError, match="not a language"):
        text_in(Practice(), "title", "xx'); --")
