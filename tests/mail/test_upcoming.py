"""The view ahead: which rules fire, for how many, and what waits already; nothing is written."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from network.mail.domain.planning import plan
from network.mail.models import MailChoice, OutgoingMail
from network.mail.queries import upcoming as queries
from network.mail.queries.upcoming import upcoming
from network.people.models import OrganisationMember, User
from tests.mail.deadlines_for_tests import KIND, LAST, SOON, meeting, meets, reader, rule, utc  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("meeting")]
NOW = utc("2030-01-07T08:59")
DUE = "2030-01-14T17:00:00 Europe/London"


def test_what_fires_when_and_for_whom():
    lamp = meets(DUE, reader(), reader("ali"))
    week, day = rule(7), rule(hours=24, message=LAST.kind)
    rule(6, active=False)
    first, second = upcoming(7, NOW).firings
    assert (first.kind, first.subject_id, first.name) == (KIND, lamp.pk, f"meeting {lamp.pk}")
    assert (first.rule_id, first.message, first.fires_at) == (week.pk, SOON.kind, utc("2030-01-07T09:00"))
    assert (first.due, first.due_at) == (DUE, utc("2030-01-14T17:00"))
    assert (first.recipients, [name for _, name in first.people]) == (2, ["Ali", "Nour"])
    assert (second.rule_id, second.fires_at) == (day.pk, utc("2030-01-13T17:00"))
    assert len(upcoming(6, NOW).firings) == 1
    assert OutgoingMail.objects.count() == 0


def test_it_tells_what_planning_then_does():
    people = [reader(f"p{n}") for n in range(4)]
    meets(DUE, *people)
    rule(7)
    rule(6)
    User.objects.filter(pk=people[0].pk).update(is_active=False)
    MailChoice.objects.create(user=people[1], kind=SOON.kind, by_mail=False)
    for firing in upcoming(7, NOW).firings:
        assert firing.recipients == plan(KIND, firing.fires_at) == 2
    assert upcoming(7, NOW).firings[0].recipients == 0


def test_names_end_at_twenty_and_stages_at_a_hundred(monkeypatch):
    monkeypatch.setattr(queries, "STAGES", 3)
    people = User.objects.bulk_create(
        User(email=f"c{n}@example.org", display_name=f"C{n:02}", password="!") for n in range(25)
    )
    rule(7)
    for n in range(5):
        made = meets(DUE, slug=f"m{n}")
        OrganisationMember.objects.bulk_create(OrganisationMember(organisation=made, user=user) for user in people)
    found = upcoming(7, NOW)
    assert [(len(one.people), one.recipients) for one in found.firings] == [(20, 25)] * 3
    assert found.left_off == 2
    with CaptureQueriesContext(connection) as asked:
        upcoming(7, NOW)
    assert len(asked) == 1


def test_mails_that_wait_are_there_with_their_next_try():
    meets(DUE, *[reader(f"p{n}") for n in range(3)])
    rule(7)
    plan(KIND, NOW + timedelta(minutes=1))
    held, later, _ = OutgoingMail.objects.order_by("id")
    OutgoingMail.objects.filter(pk=held.pk).update(status="held")
    OutgoingMail.objects.filter(pk=later.pk).update(next_try_at=NOW + timedelta(days=8))
    assert {row.status for row in upcoming(7, NOW).waiting} == {"queued", "held"}
    assert upcoming(7, NOW).waiting.count() == 2
    assert upcoming(7).waiting.count() == 0


def test_without_deadlines_there_is_nothing():
    rule(7)
    assert upcoming(7, NOW).firings == []
