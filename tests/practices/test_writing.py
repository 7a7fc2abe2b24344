"""What is typed into a record: kept as it is, judged in words, and understood."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from network.precision import Precision
from practices.rules.sections import BY_KEY, SECTIONS, Kind
from practices.rules.writing import all_faults, as_typed, clean_section, fault_of, faults_of, meaning, written_rows


def field(section: str, key: str):
    return next(one for one in (*BY_KEY[section].fields, *BY_KEY[section].rows) if one.key == key)


@pytest.mark.parametrize(
    ("section", "key", "typed", "code"),
    [
        ("about", "title", "word " * 15, None),
        ("about", "title", "word " * 16, "words"),
        ("about", "started_on", "9 2019", None),
        ("about", "started_on", "2019", None),
        ("about", "started_on", "13 2019", "date"),
        ("about", "ended_on", "2019", "date"),
        ("about", "running", "perhaps", "choice"),
        ("about", "settings_count", "0", "min"),
        ("about", "settings_count", "٣", None),
        ("about", "source", "x" * 301, "characters"),
        ("resources", "total_cost", "12.345,50", None),
        ("resources", "total_cost", "-1", "min"),
        ("resources", "total_cost", "many", "number"),
        ("resources", "price_year", "1899", "min"),
        ("resources", "staff", "1.25", None),
        ("resources", "staff", "1.2555", "number"),
        ("results", "value", "-3,5", None),
        ("evidence", "url", "javascript:alert(1)", "link"),
        ("evidence", "url", "https://", "link"),
        ("evidence", "url", "https://a.example/b", None),
        ("classification", "themes", ["t"] * 13, "max"),
    ],
)
def test_a_fault_is_found_and_named_or_there_is_none(section, key, typed, code):
    found = fault_of(field(section, key), typed)
    assert (found and found[0]) == code


def test_what_is_typed_is_kept_even_where_it_is_wrong_and_rows_have_keys():
    typed = {"rows": [{"indicator": " Trust\u202e ", "value": "many"}, {"key": "no key", "value": "1"}]}
    data = clean_section(BY_KEY["results"], typed)
    assert [row["indicator"] for row in data["rows"]] == ["Trust", ""]
    assert data["rows"][0]["value"] == "many"
    assert len({row["key"] for row in data["rows"]}) == 2
    again = clean_section(BY_KEY["results"], data)
    assert again == data


def test_a_key_that_comes_twice_is_made_anew():
    key = "7f3d0a0e-5a1f-4a3f-8c36-1f6b2a3c4d5e"
    rows = clean_section(BY_KEY["lessons"], {"rows": [{"key": key, "text": "a"}, {"key": key, "text": "b"}]})["rows"]
    assert rows[0]["key"] == key != rows[1]["key"]


def test_an_empty_row_is_no_row_and_a_choice_alone_writes_nothing():
    data = clean_section(BY_KEY["lessons"], {"rows": [{"kind": "worked"}, {"kind": "failed", "text": "Posters."}]})
    assert [row["text"] for row in written_rows(BY_KEY["lessons"], data)] == ["Posters."]
    assert faults_of(BY_KEY["lessons"], data, everything=True) == []


def test_a_fault_in_a_row_names_the_row_as_people_count():
    data = clean_section(BY_KEY["results"], {"rows": [{}, {"indicator": "Trust"}]})
    (fault,) = faults_of(BY_KEY["results"], data, everything=True)
    assert (fault.field, fault.row, fault.code) == ("value", 2, "missing")


def test_nothing_is_missing_while_writing_and_all_that_is_needed_is_when_submitting():
    assert all(not faults_of(section, {}) for section in SECTIONS)
    missing = {(fault.section, fault.field) for fault in all_faults({})}
    assert missing == {(section.key, one.key) for section in SECTIONS for one in section.fields if one.needed}


def test_an_end_before_the_start_and_a_cost_without_currency_are_seen():
    about = {"started_on": "3 2020", "ended_on": "1 2 2020"}
    assert [fault.code for fault in faults_of(BY_KEY["about"], about)] == ["dates"]
    assert [fault.code for fault in faults_of(BY_KEY["resources"], {"total_cost": "5"})] == ["currency"]


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("about", "started_on", (datetime.date(2019, 9, 1), Precision.MONTH)),
        ("about", "started_on", (datetime.date(2019, 9, 2), Precision.DAY)),
        ("about", "started_on", (datetime.date(2019, 1, 1), Precision.YEAR)),
        ("about", "ended_on", datetime.date(2021, 12, 31)),
        ("resources", "total_cost", Decimal("1200")),
        ("resources", "total_cost", Decimal("1234.50")),
        ("resources", "staff", Decimal("1.5")),
        ("results", "value", Decimal("0.25")),
        ("about", "settings_count", 3),
        ("evidence", "independent", True),
    ],
)
def test_what_is_stored_is_read_again_as_it_was(section, key, value):
    one = field(section, key)
    assert meaning(one, as_typed(one, value)) == value


def test_every_choice_of_a_field_is_a_choice_of_the_column():
    for section in SECTIONS:
        for one in (*section.fields, *section.rows):
            assert bool(one.choices) == (one.kind == Kind.CHOICE), one.key
