"""What the outbox forgets, and what it must not."""

import itertools
from datetime import timedelta

import pytest
from celery import current_app
from django.utils import timezone

from network.mail.domain import sweeping
from network.mail.domain.sweeping import sweep
from network.mail.enums import Status
from network.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db
_numbers = itertools.count(1)
OLD, YOUNG = 401, 399


def mail(status: str = Status.SENT, days: float = OLD, kind: str = "grants.receipt", **fields) -> OutgoingMail:
    """A mail that was queued, and where it was sent sent, so many days ago."""
    then = timezone.now() - timedelta(days=days)
    known = {"created_at": then, "next_try_at": then, "sent_at": then if status == Status.SENT else None, **fields}
    return OutgoingMail.objects.create(
        key=f"test:{next(_numbers)}", kind=kind, klass="notice", to_email="a@b.example", language="en", status=status,
        **known,
    )  # fmt: skip


def left() -> set[int]:
    sweep(timezone.now())
    return set(OutgoingMail.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("status", [Status.SENT, Status.SUPERSEDED, Status.ABORTED, Status.FAILED])
def test_what_ended_400_days_ago_goes_and_what_is_younger_stays(status):
    mail(status)
    kept = mail(status, YOUNG)
    assert left() == {kept.pk}


@pytest.mark.parametrize("status", [Status.QUEUED, Status.HELD, Status.INFLIGHT, Status.UNCERTAIN])
def test_what_still_waits_for_somebody_stays_however_old(status):
    kept = mail(status)
    assert left() == {kept.pk}


def test_what_was_queued_long_ago_and_sent_lately_stays():
    kept = [mail(sent_at=timezone.now()), mail(Status.FAILED, next_try_at=timezone.now())]
    assert left() == {one.pk for one in kept}


def test_a_reminder_of_a_deadline_that_is_still_ahead_stays_so_that_nobody_is_reminded_twice():
    ahead = f"{timezone.now() + timedelta(days=30):%Y-%m-%dT%H:%M:%S} Europe/London"
    passed = f"{timezone.now() - timedelta(days=30):%Y-%m-%dT%H:%M:%S} Europe/London"
    kept = mail(deadline="tests.meeting", subject_id=1, due=ahead)
    mail(deadline="tests.meeting", subject_id=1, due=passed)
    assert left() == {kept.pk}


def test_it_goes_on_through_many_and_past_those_that_stay(monkeypatch):
    monkeypatch.setattr(sweeping, "BATCH", 2)
    kept = [mail(Status.HELD) for _n in range(2)]
    for _n in range(5):
        mail()
    kept.append(mail(days=YOUNG))
    assert sweep(timezone.now())["removed"] == 5
    assert left() == {one.pk for one in kept}


SECRET = {"context": {"path": "/en/accounts/password/reset/key/x/"}, "reply_to": "sam@example.org"}


@pytest.mark.parametrize("kind", ["people.reset_password", "cities.contact", "former.kind"])
@pytest.mark.parametrize("status", [Status.SENT, Status.SUPERSEDED, Status.ABORTED])
def test_secrets_of_a_mail_that_ended_go_within_the_hour(kind, status):
    row = mail(status, days=0, kind=kind, **SECRET)
    assert sweep(timezone.now())["wiped"] == 1
    row.refresh_from_db()
    assert (row.context, row.reply_to) == ({}, "")
    assert sweep(timezone.now()) == {"wiped": 0, "removed": 0}


@pytest.mark.parametrize("status", [Status.FAILED, Status.UNCERTAIN, Status.HELD])
def test_secrets_that_wait_for_a_person_wait_thirty_days(status):
    mail(status, days=31, kind="people.invitation", **SECRET)
    kept = mail(status, days=29, kind="people.invitation", **SECRET)
    assert left() == {kept.pk}
    kept.refresh_from_db()
    assert kept.context == SECRET["context"]


def test_other_mails_keep_what_they_said_but_no_strangers_address():
    row = mail(days=1, context={"reference": "K-001001"}, reply_to="sam@example.org")
    waiting = mail(Status.QUEUED, days=1, kind="cities.contact", **SECRET)
    sweep(timezone.now())
    row.refresh_from_db()
    waiting.refresh_from_db()
    assert (row.context, row.reply_to) == ({"reference": "K-001001"}, "")
    assert (waiting.context, waiting.reply_to) == (SECRET["context"], SECRET["reply_to"])


def test_the_hours_job_sweeps():
    mail()
    assert current_app.tasks["mail.sweep"]() == {"wiped": 0, "removed": 1}
