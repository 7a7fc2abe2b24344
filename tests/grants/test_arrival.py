"""What counts is when a request came to the proxy in front, where that may be believed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import RequestFactory
from django.utils import timezone

from grants.models import Application
from network.limits import LONGEST_WAIT
from network.middleware import arrived_at
from tests.grants.browsing import at

SECOND = timedelta(seconds=1)


def stamp(moment: datetime) -> str:
    return f"t={int(moment.timestamp() * 1000)}"


@pytest.fixture
def closing(client, applicant, ready):
    """The application, and a clock that stands a minute before its deadline."""
    closes = ready.round.closes_at
    with time_machine.travel(closes - timedelta(minutes=1), tick=False) as clock:
        client.force_login(applicant)
        yield ready, clock, closes


@pytest.mark.parametrize(("believed", "state"), [(True, "submitted"), (False, "draft")])
def test_who_pressed_in_time_and_had_to_wait_is_in_time(client, settings, closing, believed, state):
    settings.KOINE_ARRIVAL_STAMPED = believed
    ready, clock, closes = closing
    clock.move_to(closes + 5 * SECOND)
    client.post(at("submit", ready.opaque_id), {}, headers={"x-request-start": stamp(closes - SECOND)})
    ready = Application.objects.select_related("current_version").get()
    assert ready.state == state
    if believed:
        assert (ready.current_version.received_at, ready.current_version.in_grace) == (closes - SECOND, False)


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_the_second_of_the_stamp_decides(client, settings, closing, seconds):
    settings.KOINE_ARRIVAL_STAMPED = True
    ready, clock, closes = closing
    clock.move_to(closes + 5 * SECOND)
    client.post(at("submit", ready.opaque_id), {}, headers={"x-request-start": stamp(closes + seconds * SECOND)})
    assert Application.objects.get().state == ("submitted" if seconds < 0 else "draft")


@pytest.mark.parametrize(
    "said", ["", "now", "t=", "t=12", "t=99999999999999", "t=1e12", "1700000000000", "t=٣٣٣٣٣٣٣٣٣٣٣٣٣"]
)
def test_what_is_no_time_is_not_believed(settings, said):
    settings.KOINE_ARRIVAL_STAMPED = True
    before = timezone.now()
    assert before <= arrived_at(RequestFactory().get("/", headers={"x-request-start": said})) <= timezone.now()


@pytest.mark.parametrize("shift", [SECOND, -LONGEST_WAIT - SECOND, timedelta(days=-30)])
def test_a_clock_that_is_wrong_opens_nothing_again(settings, shift):
    settings.KOINE_ARRIVAL_STAMPED = True
    with time_machine.travel(timezone.now().replace(microsecond=0), tick=False):
        request = RequestFactory().get("/", headers={"x-request-start": stamp(timezone.now() + shift)})
        assert arrived_at(request) == timezone.now()
