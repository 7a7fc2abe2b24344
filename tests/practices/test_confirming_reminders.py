"""Reminders of the yearly confirmation: before the day, after it, to the officers of the city, as long as it is true."""

from __future__ import annotations

import datetime
from datetime import UTC

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from network.mail.domain.ticking import plan_all, tick
from network.mail.models import OutgoingMail
from practices.deadlines import verifying as deadlines
from practices.domain import (
    archive_practice,
    confirm_practice,
    publish_practice,
    start_version,
    tell_changed,
    tell_ended,
)
from practices.models import Practice
from tests.practices import builders as build

pytestmark = pytest.mark.django_db
# The day by which it is to be confirmed, and the mornings on which its officers are reminded.
PUBLISHED, DUE = datetime.date(2029, 5, 1), datetime.date(2030, 5, 1)
BEFORE = [DUE - datetime.timedelta(days=days) for days in (60, 30, 7)]
AFTER = [DUE + datetime.timedelta(days=days) for days in (1, 31, 61)]
MINUTE = datetime.timedelta(minutes=1)


def nine(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(9), UTC)


@pytest.fixture
def city():
    with time_machine.travel(nine(PUBLISHED) - 2 * MINUTE, tick=False):
        yield build.city("malmo", sv="Malmö")


@pytest.fixture
def officer(city):
    made = build.officer(city, "Åsa")
    type(made).objects.filter(pk=made.pk).update(preferred_language="sv")
    return made


@pytest.fixture
def practice(city, officer) -> Practice:
    made = build.practice(build.operator(), {"sv": build.version("Broar")}, of=city, published=False)
    return publish_practice(made, by=build.operator())


def ticked(moment: datetime.datetime) -> list[mail.EmailMultiAlternatives]:
    """The mails of the tick at that moment."""
    before = len(mail.outbox)
    with time_machine.travel(moment, tick=False):
        tick(moment)
    return mail.outbox[before:]


def morning(day: datetime.date) -> list[mail.EmailMultiAlternatives]:
    """The mails of nine o'clock on that day; the minute before, nothing was due."""
    assert ticked(nine(day) - MINUTE) == []
    return ticked(nine(day))


def stages() -> list[datetime.date]:
    return [*BEFORE, *AFTER]


def test_officers_hear_two_months_one_month_and_a_week_before_and_thrice_after(practice, officer):
    build.officer(build.city("athens"), "Nikos")
    heard = []
    for day in stages():
        (letter,) = morning(day)
        heard.append(letter.to[0])
        assert ticked(nine(day) + MINUTE) == []
    assert len(heard) == 6
    assert all(officer.email in address for address in heard)
    kinds = list(OutgoingMail.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["practices.confirm_due"] * 3 + ["practices.confirm_late"] * 3
    assert ticked(nine(DUE + datetime.timedelta(days=95))) == []


def test_a_reminder_says_in_ones_language_what_it_is_about_and_leads_to_the_page(practice):
    (letter,) = morning(BEFORE[0])
    html = letter.alternatives[0][0]
    for text in (letter.body, html):
        assert "Broar" in text
        assert f"/sv/practices/{practice.slug}/still-true/" in text
    assert "1 maj 2030" in letter.subject
    assert "1 maj 2029" in letter.body
    (late,) = morning(AFTER[0])
    assert "Broar" in late.subject
    assert "1 maj 2030" in late.body


@pytest.mark.parametrize(
    "happens", ["confirmed", "ended", "archived", "city archived", "officer left", "account closed"]
)
def test_nobody_is_reminded_of_what_needs_nothing_from_them(practice, officer, city, happens):
    day = BEFORE[1]
    ticked(nine(BEFORE[0]))
    with time_machine.travel(nine(day) - MINUTE, tick=False):
        match happens:
            case "confirmed":
                confirm_practice(practice, by=officer)
            case "ended":
                tell_ended(practice, by=officer)
            case "archived":
                archive_practice(practice, by=officer)
            case "city archived":
                type(city).objects.update(archived_at=timezone.now())
            case "officer left":
                officer.roles.update(ends_on=timezone.localdate())
            case "account closed":
                type(officer).objects.filter(pk=officer.pk).update(is_active=False)
    for later in stages()[1:]:
        assert morning(later) == []


def test_there_is_nothing_to_say_of_what_is_confirmed(practice, officer):
    line = practice.verifications.get()
    with time_machine.travel(nine(BEFORE[0]), tick=False):
        assert deadlines.describe_to_confirm(line.pk, officer.pk)["title"] == "Broar"
        confirm_practice(practice, by=officer)
        with pytest.raises(LookupError):
            deadlines.describe_to_confirm(line.pk, officer.pk)


def test_what_is_confirmed_is_asked_again_a_year_later_and_nobody_is_told_that_it_moved(practice, officer):
    ticked(nine(BEFORE[2]))
    with time_machine.travel(nine(DUE), tick=False):
        confirm_practice(practice, by=officer)
    again = DUE + datetime.timedelta(days=365)
    for day in (DUE, *AFTER, again - datetime.timedelta(days=100)):
        assert ticked(nine(day)) == []
    (letter,) = morning(again - datetime.timedelta(days=60))
    assert "1 maj 2031" in letter.subject


def test_a_reminder_that_waits_does_not_go_out_once_it_is_confirmed(practice, officer):
    moment = nine(BEFORE[0])
    with time_machine.travel(moment, tick=False):
        deadlines_before = OutgoingMail.objects.count()
        from_plan = deadlines.to_confirm_rows().count()
        assert (deadlines_before, from_plan) == (0, 1)
    with time_machine.travel(moment, tick=False):
        plan_all(moment)
        assert OutgoingMail.objects.get().status == "queued"
        confirm_practice(practice, by=officer)
    assert ticked(moment + MINUTE) == []
    assert OutgoingMail.objects.get().status == "superseded"


def test_while_a_new_version_is_written_the_reminder_says_so_and_goes_on(practice, officer):
    with time_machine.travel(nine(BEFORE[0]) - MINUTE, tick=False):
        tell_changed(practice, by=officer)
    ticked(nine(BEFORE[0]))
    with time_machine.travel(nine(BEFORE[0]), tick=False):
        told = deadlines.describe_to_confirm(practice.verifications.earliest("id").pk, officer.pk)
    assert told["on_its_way"] is True
    assert "en ny version" in mail.outbox[-1].body.lower()


@pytest.mark.parametrize("number", [1, 3])
def test_planning_takes_the_same_number_of_queries_for_any_number(city, officer, number):
    for n in range(number):
        made = build.practice(build.operator(), {"sv": build.version(f"Broar {n}")}, of=city, published=False)
        publish_practice(made, by=build.operator())
    start_version(made, by=officer)
    with time_machine.travel(nine(BEFORE[0]), tick=False), CaptureQueriesContext(connection) as seen:
        found = [len(rows()) for rows in (deadlines.to_confirm_rows, deadlines.to_confirm_people)]
    assert (found, len(seen)) == ([number, number], 2)
    assert deadlines.name_of_practice(made.verifications.get().pk) == f"Broar {number - 1}, Malmo"
    assert deadlines.name_of_practice(10**9) == ""
