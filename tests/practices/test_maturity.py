"""Maturity follows the evidence, step by step, and says why."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from network.precision import Precision
from practices.domain import (
    EvidenceFields,
    ResultFields,
    Scores,
    add_adoption,
    add_evidence,
    add_peer_review,
    add_result,
)
from practices.domain.maturity import refresh_emerging
from practices.enums import Maturity
from practices.models import Practice
from practices.rules.maturity import Facts, explain, maturity_of
from tests.practices import builders as build

TODAY = datetime.date(2026, 11, 20)
AGES_AGO = datetime.date(2020, 1, 15)
FINE = Decimal("3.5")


@pytest.mark.parametrize(
    ("facts", "level"),
    [
        (Facts(), "emerging"),
        (
            Facts(measured=3, settings=5, evaluated=True, reviews=2, score=FINE, adoptions=4),
            "emerging",
        ),  # start unknown
        (Facts(AGES_AGO), "emerging"),  # nothing measured
        (Facts(datetime.date(2025, 11, 21), measured=1), "emerging"),  # a day short of 12 months
        (Facts(datetime.date(2025, 11, 20), measured=1), "promising"),
        (Facts(AGES_AGO, ended_on=datetime.date(2020, 9, 1), measured=1), "emerging"),  # ran eight months
        (Facts(AGES_AGO, ended_on=datetime.date(2021, 1, 15), measured=1), "promising"),
        (Facts(datetime.date(2025, 1, 1), Precision.YEAR, measured=1), "emerging"),  # may have begun in December
        (Facts(datetime.date(2024, 1, 1), Precision.YEAR, measured=1), "promising"),
        (Facts(datetime.date(2025, 11, 1), Precision.MONTH, measured=1), "emerging"),
        (Facts(datetime.date(2025, 10, 1), Precision.MONTH, measured=1), "promising"),
        (
            Facts(AGES_AGO, measured=1, reviews=1, score=FINE, reviewed_on=TODAY),
            "promising",
        ),  # neither evaluated nor in a second place
        (Facts(AGES_AGO, measured=1, settings=2), "promising"),  # no peer review
        (Facts(AGES_AGO, measured=1, evaluated=True), "promising"),
        (Facts(AGES_AGO, measured=1, settings=2, reviews=1, score=FINE, reviewed_on=TODAY), "good"),
        (Facts(AGES_AGO, measured=1, evaluated=True, reviews=1, score=FINE, reviewed_on=TODAY), "good"),
        (Facts(AGES_AGO, measured=1, adoptions=3), "promising"),  # adopted, but not good
        (Facts(AGES_AGO, settings=2, reviews=1, score=FINE, reviewed_on=TODAY, adoptions=1), "emerging"),
        (Facts(AGES_AGO, measured=1, settings=2, reviews=1, score=FINE, reviewed_on=TODAY, adoptions=1), "transferred"),
    ],
)
def test_each_step_needs_what_the_table_says(facts, level):
    assert maturity_of(facts, TODAY) == level
    assert explain(facts, TODAY).level == level


def test_twelve_months_from_a_leap_day_end_on_the_last_of_february():
    started = Facts(datetime.date(2024, 2, 29), measured=1)
    assert maturity_of(started, datetime.date(2025, 2, 27)) == "emerging"
    assert maturity_of(started, datetime.date(2025, 2, 28)) == "promising"


def test_the_explanation_names_what_is_there_and_what_the_next_step_needs():
    found = explain(Facts(AGES_AGO, measured=2, settings=3), TODAY)
    assert [reason.text for reason in found.because] == [
        "It has run for 12 months or longer, since 15 January 2020.",
        "2 results are measured before and after.",
        "It ran in 3 places.",
    ]
    assert [reason.text for reason in found.needs] == [
        "To become good it needs a review by peers on the four criteria."
    ]


def test_the_highest_level_needs_nothing_more():
    assert (
        explain(
            Facts(AGES_AGO, measured=1, settings=2, reviews=1, score=FINE, reviewed_on=TODAY, adoptions=1), TODAY
        ).needs
        == ()
    )


@pytest.mark.django_db
def test_evidence_carries_a_practice_from_step_to_step():
    by = build.operator()
    practice = build.practice(by, started_on=build.LONG_AGO)
    levels = []

    def note() -> None:
        levels.append(Practice.objects.get(pk=practice.pk).maturity)

    note()
    add_result(practice, ResultFields({"en": "Call-outs"}, Decimal(27)), by=by)
    note()  # without a baseline nothing is measured
    add_result(practice, ResultFields({"en": "Call-outs"}, Decimal(27), Decimal(61)), by=by)
    note()
    add_evidence(practice, EvidenceFields("external_evaluation", {"en": "By friends"}), by=by)
    add_peer_review(practice, Scores(4, 5, 4, 4), by=by)
    note()  # the evaluation was not independent
    add_evidence(practice, EvidenceFields("academic_study", {"en": "Study"}, independent=True), by=by)
    note()
    add_adoption(practice, build.city(), 2024, by=by)
    note()
    assert levels == ["emerging", "emerging", "promising", "promising", "good", "transferred"]


@pytest.mark.django_db
def test_time_alone_lifts_a_practice_out_of_emerging():
    by = build.operator()
    today = timezone.localdate()
    practice = build.practice(by, started_on=today - datetime.timedelta(days=300))
    add_result(practice, ResultFields({"en": "Share"}, Decimal(2), Decimal(1)), by=by)
    assert refresh_emerging() == 0
    Practice.objects.filter(pk=practice.pk).update(started_on=today - datetime.timedelta(days=400))
    assert refresh_emerging() == 1
    assert Practice.objects.get(pk=practice.pk).maturity == Maturity.PROMISING
