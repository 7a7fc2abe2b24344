"""Numbers, days and limits as people write them."""

from datetime import date
from decimal import Decimal

import pytest

from grants.models.questions import Question, Section
from grants.rules.answers import clean_answer, faults_in, final_answer, section_faults
from network.numbers import read_date, read_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12500", "12500"),
        ("12,500", "12500"),
        ("12.500", "12500"),
        ("12 500", "12500"),
        ("12\u202f500,50", "12500.50"),
        ("12'500.50", "12500.50"),
        ("1.234.567,89", "1234567.89"),
        ("1,234,567.89", "1234567.89"),
        ("٥٠٬٠٠٠٫٥٠", "50000.50"),
        ("۱۲۵۰۰", "12500"),
        ("£12,500", "12500"),
        ("12 500 GBP", "12500"),
        ("GBP 12500", "12500"),
        ("12,5", "12.5"),
        ("-3", "-3"),
        ("\u200e12500", "12500"),
        ("0,500", "0.500"),
    ],
)
def test_amounts_are_read_in_every_habit_of_writing(text, value):
    assert read_number(text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["", "about ten", "12,50,00.1.2", "1e9", "NaN", "12k", "Infinity", "1" * 41, "--5", "1.2.3", "½"]
)
def test_what_is_no_number_is_not_guessed(text):
    assert read_number(text) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("27 3 2027", date(2027, 3, 27)),
        ("27/03/2027", date(2027, 3, 27)),
        ("27.3.2027", date(2027, 3, 27)),
        ("2027-03-27", date(2027, 3, 27)),
        ("٢٧ ٣ ٢٠٢٧", date(2027, 3, 27)),
        ("29 2 2028", date(2028, 2, 29)),
        ("31 2 2027", None),
        ("3 27 2027", None),
        ("27 3 27", None),
        ("soon", None),
        ("27 3 99999", None),
    ],
)
def test_days_are_read_or_refused(text, day):
    assert read_date(text) == day


def question(kind: str, **fields) -> Question:
    return Question.read({"key": "x", "kind": kind, "label": {"en": "Summary"}, **fields})


@pytest.mark.parametrize(
    ("asked", "answer", "code"),
    [
        (question("long_text", max_words=3), "one two three", None),
        (question("long_text", max_words=3), "one two three four", "words"),
        (question("long_text", max_words=3), "واحد اثنان ثلاثة – !", None),
        (question("money", max="50000"), "50.000", None),
        (question("money", max="50000"), "50.000,01", "max"),
        (question("money"), "12.345", None),
        (question("money"), "12,3456", "number"),
        (question("number", min=1), "0", "min"),
        (question("number"), "2,5", "number"),
        (question("number"), "many", "number"),
        (question("date"), "31 2 2027", "date"),
        (question("choice", options=[{"value": "a", "label": {"en": "A"}}]), "b", "choice"),
        (question("choice", options=[{"value": "a", "label": {"en": "A"}}]), "a", None),
        (question("date"), "", None),
    ],
)
def test_a_fault_is_found_and_named_or_there_is_none(asked, answer, code):
    found = faults_in(asked, clean_answer(asked, answer))
    assert [one for one, _text in found] == ([code] if code else [])
    assert all("Summary" in text for _code, text in found)


def test_answers_are_sent_in_one_form_whatever_was_typed():
    assert final_answer(question("money"), "٥٠٬٠٠٠") == "50000"
    assert final_answer(question("date"), "27/3/2027") == "2027-03-27"
    assert final_answer(question("long_text"), "as typed") == "as typed"


def test_controls_and_overrides_are_dropped_and_line_breaks_stay_only_in_long_texts():
    assert clean_answer(question("short_text"), "A\r\nB\u202eC\x00") == "A BC"
    assert clean_answer(question("long_text"), "A\r\n\r\nB\x07") == "A\n\nB"
    assert clean_answer(question("declaration"), "on") is True
    assert clean_answer(question("declaration"), "") is False


def test_a_draft_has_faults_but_nothing_is_missing_from_it():
    section = Section.read(
        {
            "key": "s",
            "title": {"en": "S"},
            "fields": [
                {"key": "a", "kind": "short_text", "label": {"en": "A"}, "required": True},
                {"key": "b", "kind": "number", "label": {"en": "B"}, "required": True},
            ],
        }
    )
    assert section_faults(section, {"a": "", "b": "ten"}).keys() == {"b"}
