"""When a round is open: to the second, in the zone that decided it."""

from datetime import UTC, datetime, timedelta

import pytest

from grants.domain import rounds as verbs
from grants.domain.walls import at_local
from grants.enums import Moment
from grants.models import Round
from grants.rules.rounds import can_start_in, moment_of
from network.doors import DomainError
from tests.grants import builders

CLOSES = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "grace", "expected"),
    [
        (-1, 0, Moment.OPEN),
        (0, 0, Moment.CLOSED),
        (1, 0, Moment.CLOSED),
        (-1, 180, Moment.OPEN),
        (0, 180, Moment.GRACE),
        (179, 180, Moment.GRACE),
        (180, 180, Moment.CLOSED),
        (181, 180, Moment.CLOSED),
    ],
)
def test_the_deadline_is_half_open_to_the_second(seconds, grace, expected):
    made = Round(opens_at=CLOSES - timedelta(days=1), closes_at=CLOSES, grace_seconds=grace)
    assert moment_of(made, CLOSES + timedelta(seconds=seconds)) == expected


def test_it_opens_at_the_second_of_opening():
    made = Round(opens_at=CLOSES, closes_at=CLOSES + timedelta(days=1))
    assert moment_of(made, CLOSES - timedelta(microseconds=1)) == Moment.UPCOMING
    assert moment_of(made, CLOSES) == Moment.OPEN


@pytest.mark.parametrize(
    ("wall", "zone", "utc"),
    [
        ("2026-11-30T17:00", "Europe/London", "2026-11-30T17:00"),
        ("2026-06-30T17:00", "Europe/London", "2026-06-30T16:00"),
        ("2026-03-29T00:59", "Europe/London", "2026-03-29T00:59"),
        ("2026-03-29T02:00", "Europe/London", "2026-03-29T01:00"),
        ("2026-10-25T00:59", "Europe/London", "2026-10-24T23:59"),
        ("2026-10-25T02:00", "Europe/London", "2026-10-25T02:00"),
    ],
)
def test_wall_times_become_moments_on_both_sides_of_the_change_of_clocks(wall, zone, utc):
    assert at_local(datetime.fromisoformat(wall), zone) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("wall", "zone", "code"),
    [
        ("2026-03-29T01:30", "Europe/London", "imaginary"),
        ("2026-10-25T01:30", "Europe/London", "doubled"),
        ("2026-03-29T00:30", "Asia/Beirut", "imaginary"),
        ("2026-11-30T17:00", "Europe/Londinium", "zone"),
        ("2026-11-30T17:00+00:00", "Europe/London", "wall"),
    ],
)
def test_wall_times_that_do_not_exist_or_occur_twice_are_refused(wall, zone, code):
    with pytest.raises(DomainError) as refusal:
        at_local(datetime.fromisoformat(wall), zone)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"grace_seconds": 301}, "grace"),
        ({"closes": datetime(2026, 1, 1, 9, 0)}, "order"),  # noqa: DTZ001  (a wall time)
        ({"max_per_organisation": 0}, "max"),
        ({"closes": datetime(2026, 3, 29, 1, 30)}, "imaginary"),  # noqa: DTZ001
    ],
)
def test_a_round_that_makes_no_sense_is_refused(db, changes, code):
    values = {"opens": datetime(2026, 2, 1, 9, 0), "closes": datetime(2026, 6, 1, 9, 0), **changes}  # noqa: DTZ001
    with pytest.raises(DomainError) as refusal:
        verbs.open_round(
            builders.fund(), verbs.NewRound(title={"en": "R"}, zone="Europe/London", **values), by=builders.operator()
        )
    assert refusal.value.code == code
    assert not Round.objects.exists()


def test_two_rounds_of_one_fund_never_overlap(open_round):
    with pytest.raises(DomainError) as refusal:
        builders.round_of(open_round.fund)
    assert refusal.value.code == "overlap"


def test_only_officers_of_the_owner_set_up_a_round(open_round, applicant):
    with pytest.raises(DomainError) as refusal:
        verbs.publish_form(open_round, builders.SECTIONS, by=applicant)
    assert refusal.value.code == "denied"
    assert verbs.publish_form(open_round, builders.SECTIONS, by=builders.operator()).number == 2


@pytest.mark.parametrize(
    ("sections", "code"),
    [
        ([], "empty"),
        ([{"key": "a", "title": {"en": "A"}, "fields": []}], "empty"),
        ([{"key": "a"}], "shape"),
        ([{"key": "a", "title": {}, "fields": [{"key": "x", "kind": "riddle", "label": {"en": "X"}}]}], "shape"),
        ([{"key": "a", "title": {}, "fields": [{"key": "x", "kind": "choice", "label": {"en": "X"}}]}], "options"),
        ([{"key": "a", "title": {}, "fields": [{"key": "x", "kind": "number", "label": {}}]}], "label"),
        ([builders.SECTIONS[0], builders.SECTIONS[0]], "key"),
    ],
)
def test_a_form_that_can_not_be_answered_is_not_published(open_round, sections, code):
    with pytest.raises(DomainError) as refusal:
        verbs.publish_form(open_round, sections, by=builders.operator())
    assert refusal.value.code == code


def test_nobody_starts_in_the_grace_or_in_an_unpublished_round(open_round):
    open_round.grace_seconds = 180
    assert can_start_in(open_round, open_round.closes_at - timedelta(seconds=1))
    assert not can_start_in(open_round, open_round.closes_at + timedelta(seconds=1))
    open_round.published = False
    assert not can_start_in(open_round, open_round.closes_at - timedelta(seconds=1))
