"""Wall time to instant: days when clocks change, in zones that change on different days, and quiet hours around them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from network.mail.domain.planning import plan
from network.mail.models import OutgoingMail
from tests.mail.deadlines_for_tests import KIND, meeting, meets, reader, rule, utc  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("meeting")]
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def never_quiet(settings):
    settings.KOINE_QUIET_HOURS = ""


def fires(at: str) -> None:
    """The reminder is due at this moment (UTC) and not a minute before."""
    assert plan(KIND, utc(at) - MINUTE) == 0
    assert plan(KIND, utc(at)) == 1


# The deadline, days before, at what time there, and the moment in UTC. Clocks change in London and Athens on 29 March and
# 25 October 2026, in Cairo on 24 April (at midnight) and 30 October, in Santiago, south of the equator, on 5 April and
# 6 September 2026 (at midnight).
DAYS = [
    pytest.param(
        "2026-03-29T17:00:00 Europe/London", 1, "09:00", "2026-03-28T09:00", id="London, winter before spring"
    ),
    pytest.param("2026-03-29T17:00:00 Europe/London", 0, "09:00", "2026-03-29T08:00", id="London, on the day"),
    pytest.param(
        "2026-03-30T17:00:00 Europe/London", 1, "01:30", "2026-03-29T01:30", id="London, skipped: an hour later"
    ),
    pytest.param("2026-10-26T17:00:00 Europe/London", 1, "01:30", "2026-10-25T01:30", id="London, twice: the second"),
    pytest.param(
        "2026-10-26T17:00:00 Europe/London", 2, "09:00", "2026-10-24T08:00", id="London, summer before autumn"
    ),
    pytest.param("2026-03-30T17:00:00 Europe/Athens", 1, "03:30", "2026-03-29T01:30", id="Athens, skipped"),
    pytest.param("2026-10-26T17:00:00 Europe/Athens", 1, "03:30", "2026-10-25T01:30", id="Athens, twice"),
    pytest.param("2026-10-26T17:00:00 Europe/Athens", 2, "09:00", "2026-10-24T06:00", id="Athens, summer"),
    pytest.param("2026-04-25T17:00:00 Africa/Cairo", 1, "00:30", "2026-04-23T22:30", id="Cairo, skipped at midnight"),
    pytest.param("2026-10-31T12:00:00 Africa/Cairo", 2, "23:30", "2026-10-29T21:30", id="Cairo, twice before midnight"),
    pytest.param("2026-09-07T12:00:00 America/Santiago", 1, "00:30", "2026-09-06T04:30", id="Santiago, skipped"),
    pytest.param("2026-04-05T12:00:00 America/Santiago", 1, "23:30", "2026-04-05T03:30", id="Santiago, twice"),
]
HOURS = [
    pytest.param(
        "2026-03-29T17:00:00 Europe/London", 24, "2026-03-28T16:00", id="London, spring: 24 hours are 24 hours"
    ),
    pytest.param("2026-10-25T17:00:00 Europe/London", 24, "2026-10-24T17:00", id="London, autumn"),
    pytest.param("2026-10-25T17:00:00 Europe/Athens", 24, "2026-10-24T15:00", id="Athens, autumn"),
    pytest.param("2026-04-24T12:00:00 Africa/Cairo", 12, "2026-04-23T21:00", id="Cairo, spring"),
    pytest.param("2026-10-25T01:30:00 Europe/London", 1, "2026-10-25T00:30", id="London, a deadline that comes twice"),
]


@pytest.mark.parametrize(("due", "days", "at", "moment"), DAYS)
def test_days_before_count_on_the_calendar_and_clock_of_the_place(due, days, at, moment):
    meets(due, reader())
    rule(days, at)
    fires(moment)


@pytest.mark.parametrize(("due", "hours", "moment"), HOURS)
def test_hours_before_are_hours_of_time(due, hours, moment):
    meets(due, reader())
    rule(hours=hours)
    fires(moment)


# --- quiet hours ---------------------------------------------------------------------------------------------------------------

# Where the person lives, when it is due (UTC), and when it goes out (UTC). Quiet from nine in the evening to seven.
NIGHTS = [
    pytest.param("Europe/London", "2026-06-10T20:30", "2026-06-11T06:00", id="London, half past nine in the evening"),
    pytest.param("Europe/London", "2026-06-10T19:59", "2026-06-10T19:59", id="London, a minute before nine"),
    pytest.param("Europe/London", "2026-06-11T06:00", "2026-06-11T06:00", id="London, seven"),
    pytest.param("Asia/Tokyo", "2026-06-10T20:30", "2026-06-10T22:00", id="Tokyo, half past five in the morning"),
    pytest.param("America/Santiago", "2026-06-10T20:30", "2026-06-10T20:30", id="Santiago, in the afternoon"),
    pytest.param("Europe/London", "2026-03-28T22:00", "2026-03-29T06:00", id="London, a night that is an hour shorter"),
    pytest.param("Europe/London", "2026-10-24T21:00", "2026-10-25T07:00", id="London, a night that is an hour longer"),
    pytest.param("Mars/Olympus", "2026-06-10T21:30", "2026-06-11T07:00", id="nowhere: as in UTC"),
]


@pytest.mark.parametrize(("zone", "now", "leaves"), NIGHTS)
def test_reminders_wait_for_the_morning_where_the_person_lives(settings, zone, now, leaves):
    settings.KOINE_QUIET_HOURS = "21:00-07:00"
    meets("2026-12-01T17:00:00 Europe/Athens", reader(zone=zone))
    rule(365)
    assert plan(KIND, utc(now)) == 1
    assert OutgoingMail.objects.get().next_try_at == utc(leaves)


@pytest.mark.parametrize(
    ("due", "leaves"),
    [
        ("2026-06-11T06:59:00 Europe/London", "2026-06-10T22:00"),
        ("2026-06-11T07:00:00 Europe/London", "2026-06-10T22:00"),
        ("2026-06-11T07:01:00 Europe/London", "2026-06-11T06:00"),
    ],
)
def test_a_deadline_before_the_morning_does_not_wait(settings, due, leaves):
    settings.KOINE_QUIET_HOURS = "21:00-07:00"
    meets(due, reader(zone="Europe/London"))
    rule(hours=12)
    plan(KIND, utc("2026-06-10T22:00"))
    assert OutgoingMail.objects.get().next_try_at == utc(leaves)


@pytest.mark.parametrize(("now", "leaves"), [("12:59", "12:59"), ("13:00", "15:00"), ("15:00", "15:00")])
def test_quiet_hours_within_one_day(settings, now, leaves):
    settings.KOINE_QUIET_HOURS = "13:00-15:00"
    meets("2026-12-01T17:00:00 UTC", reader())
    rule(365)
    plan(KIND, utc(f"2026-06-10T{now}"))
    assert OutgoingMail.objects.get().next_try_at == utc(f"2026-06-10T{leaves}")
