"""Digests: more than three reminders for one moment come as one mail."""

from __future__ import annotations

from datetime import timedelta

import pytest

from network.mail.domain.digests import MOST_ALONE, fold
from network.mail.domain.planning import plan
from network.mail.models import OutgoingMail, ReminderRule
from tests.mail.deadlines_for_tests import KIND, mails, meeting, meets, reader, rule, utc  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("meeting")]
DUE, NOW = "2030-01-14T17:00:00 Europe/London", utc("2030-01-07T09:00")


def planned(number: int, *people, at=NOW) -> None:
    """So many meetings of these people are reminded of."""
    if not ReminderRule.objects.exists():
        rule(7)
    for n in range(number):
        meets(DUE, *people, slug=f"m{OutgoingMail.objects.count()}-{n}")
    plan(KIND, at)


def test_three_come_one_by_one_and_four_as_one():
    nour, ali = reader("nour", preferred_language="ar"), reader("ali")
    planned(MOST_ALONE, nour, ali)
    assert fold(NOW) == (0, 0)
    planned(1, nour)
    assert fold(NOW) == (1, 4)
    digest = OutgoingMail.objects.get(kind="mail.digest")
    parts = mails(recipient=nour, deadline=KIND.name)
    assert digest.key == f"digest:u{nour.pk}:{parts[0].pk}"
    assert (digest.recipient, digest.to_email, digest.to_domain, digest.language) == (
        nour,
        nour.email,
        "example.org",
        "ar",
    )
    assert (digest.status, digest.next_try_at, digest.not_after) == ("queued", NOW, parts[0].not_after)
    assert {(part.status, part.digest_id) for part in parts} == {("superseded", digest.pk)}
    assert {part.status for part in mails(recipient=ali)} == {"queued"}
    assert fold(NOW) == (0, 0)
    assert plan(KIND, NOW) == 0


def test_what_waits_for_the_same_end_of_the_night_is_one_digest_for_that_moment(settings):
    settings.KOINE_QUIET_HOURS = "21:00-07:00"
    nour = reader("nour", zone="Asia/Tokyo")  # where it is six in the evening at nine in London
    planned(2, nour, at=NOW + timedelta(hours=4))
    planned(2, nour, at=NOW + timedelta(hours=8))
    assert fold(NOW + timedelta(hours=8)) == (1, 4)
    assert OutgoingMail.objects.get(kind="mail.digest").next_try_at == utc("2030-01-07T22:00")


def test_what_is_held_with_a_sender_or_tried_already_stays_alone():
    nour = reader()
    planned(7, nour)
    first, second, third, *others = mails()
    OutgoingMail.objects.filter(pk=first.pk).update(status="held", held_for="volume")
    OutgoingMail.objects.filter(pk=second.pk).update(status="inflight")
    OutgoingMail.objects.filter(pk=third.pk).update(attempts=1)
    assert fold(NOW) == (1, 4)
    assert {part.pk for part in mails(digest__isnull=False)} == {row.pk for row in others}


def test_notices_and_reminders_for_other_moments_are_not_counted():
    nour = reader()
    planned(3, nour)
    planned(1, nour)
    OutgoingMail.objects.filter(pk=mails()[0].pk).update(next_try_at=NOW + timedelta(hours=1))
    assert fold(NOW) == (0, 0)
    OutgoingMail.objects.update(next_try_at=NOW)
    OutgoingMail.objects.filter(pk=mails()[0].pk).update(rule=None, klass="notice")
    assert fold(NOW) == (0, 0)


def test_a_closed_account_gets_none():
    nour = reader()
    planned(4, nour)
    type(nour).objects.update(is_active=False)
    assert fold(NOW) == (0, 0)
    assert {mail.status for mail in mails()} == {"queued"}
