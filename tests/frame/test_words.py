"""Numbers, money, names and moments, as readers of each language find them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from network.frame import moments, names
from network.languages import CODES

CLOSES = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize("code", CODES)
def test_digits_are_latin_in_every_language(code: str):
    with translation.override(code):
        told = " ".join(
            [
                names.number_text(1234567),
                names.percent_text(0.5),
                names.money_text(Decimal("50000.50"), "EUR"),
                names.size_text(2_345_678),
                moments.day_text(date(2026, 11, 30)),
                moments.moment_text(CLOSES, "Europe/London"),
                moments.left_text(timedelta(days=10)),
            ]
        )
    assert all(character in "0123456789" for character in told if character.isdigit())
    assert "2026" in told


@pytest.mark.parametrize("code", CODES)
def test_the_month_stands_in_words_and_the_year_is_gregorian(code: str):
    with translation.override(code):
        told = moments.day_text(date(2026, 3, 4))
    assert "2026" in told
    assert "03" not in told
    assert sum(character.isalpha() for character in told) >= 4


@pytest.mark.parametrize(
    ("code", "amount", "told"),
    [
        ("en", 800000, "£800,000"),
        ("en", "12.5", "£12.50"),
        ("ar", 800000, "£800,000"),
        ("it", 800000, "800.000\u00a0£"),
    ],
)
def test_money_is_written_in_the_readers_way(code: str, amount, told: str):
    with translation.override(code):
        assert names.money_text(Decimal(amount), "GBP") == told


def test_countries_and_languages_have_names_in_the_readers_language():
    with translation.override("el"):
        assert names.country_name("GR") == "Ελλάδα"
        assert names.country_name("XX-unknown") == "XX-unknown"
    with translation.override("sv"):
        assert names.language_name("el") == "grekiska"
        assert names.country_name("") == ""


def test_a_moment_is_told_in_its_zone_with_the_city():
    assert moments.moment_text(CLOSES, "Europe/London") == "Mon 30 Nov 2026, 17:00 London"
    assert moments.moment_text(CLOSES, "Nowhere/Atlantis").endswith("UTC")
    with translation.override("ar"):
        assert "لندن" in moments.moment_text(CLOSES, "Europe/London")


def test_the_readers_own_hour_is_told_only_where_it_differs():
    assert moments.yours_text(CLOSES, "Europe/London", "Europe/Athens") == "19:00 your time"
    assert moments.yours_text(CLOSES, "Europe/London", "Europe/Lisbon") == ""
    assert moments.yours_text(CLOSES, "Europe/London", "Pacific/Auckland").startswith("Tue 1 Dec 2026, 06:00")


@pytest.mark.parametrize(
    ("left", "told"),
    [
        (timedelta(days=10, hours=23), "10 days to go"),
        (timedelta(hours=72), "3 days to go"),
        (timedelta(hours=71, minutes=59), "71 hours to go"),
        (timedelta(minutes=60), "1 hour to go"),
        (timedelta(minutes=59, seconds=59), "59 minutes to go"),
        (timedelta(seconds=59), "less than a minute to go"),
    ],
)
def test_time_to_go_is_never_told_longer_than_it_is(left: timedelta, told: str):
    assert moments.left_text(left) == told


@pytest.mark.parametrize(
    ("before", "state"),
    [(timedelta(hours=72), "open"), (timedelta(hours=71), "soon"), (timedelta(seconds=1), "soon"), (timedelta(0), "closed"), (-timedelta(days=1), "closed")],
)  # fmt: skip
def test_a_deadline_is_half_open(before: timedelta, state: str):
    assert moments.deadline_words(CLOSES, "Europe/London", now=CLOSES - before).state == state


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("left", [timedelta(days=5), timedelta(hours=5), timedelta(minutes=5)])
def test_what_is_left_is_told_in_words_in_every_language(code: str, left: timedelta):
    with translation.override(code):
        told = moments.left_text(left)
    assert "5" in told
    assert "duration" not in told
