"""A mail that waited says nothing that ceased to be true meanwhile."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone

from network.deadlines import DEADLINES
from network.mail.domain.planning import plan, tell_moved
from network.mail.domain.sending import begin, claim, send_all
from network.mail.domain.truth import ACCOUNT_CLOSED, NEWER, NOTHING_TO_SAY, RECIPIENT_GONE, TOO_LATE
from network.mail.models import MailChoice, OutgoingMail, ReminderRule
from network.mail.queries.due import NO_LONGER_TRUE, SWITCHED_OFF
from network.outgoing import KINDS, Addressee, Message, send
from network.people.messages import ACCOUNT_CHANGED
from network.people.models import Organisation, OrganisationMember, User
from tests.mail.deadlines_for_tests import (
    KIND,
    LAST,
    MOVED,
    SOON,
    in_time,
    mails,
    meeting,  # noqa: F401  (a fixture)
    meets,
    move_to,
    reader,
    rule,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("meeting")]


@pytest.fixture
def nour():
    return reader()


@pytest.fixture
def lamp(nour):
    """It meets in three hours, and nour's reminder waits to be sent."""
    made = meets(in_time(hours=3), nour)
    rule(hours=24)
    assert plan(KIND) == 1
    return made


def after(change) -> OutgoingMail:
    """What became of the reminder that waited while this happened."""
    change()
    send_all()
    return mails()[0]


def test_what_is_still_true_goes_out_and_keeps_what_it_said(lamp, nour):
    row = after(lambda: None)
    assert (row.status, row.error) == ("sent", "")
    assert row.context["url"] == "https://koine.example/lamp/"
    assert row.subject in mail.outbox[0].subject


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda: Organisation.objects.update(archived_at=timezone.now()), NO_LONGER_TRUE),
        (lambda: Organisation.objects.update(source=in_time(hours=5)), NO_LONGER_TRUE),
        (lambda: Organisation.objects.update(source=in_time("Europe/Rome", hours=3)), NO_LONGER_TRUE),
        (lambda: Organisation.objects.update(source="2030-01-01T00:00:00 Mars/Olympus"), NO_LONGER_TRUE),
        (lambda: OrganisationMember.objects.all().delete(), NO_LONGER_TRUE),
        (lambda: Organisation.objects.all().delete(), NO_LONGER_TRUE),
        (lambda: ReminderRule.objects.update(active=False), NO_LONGER_TRUE),
        (lambda: ReminderRule.objects.all().delete(), NO_LONGER_TRUE),
        (lambda: ReminderRule.objects.update(audience="owners"), NO_LONGER_TRUE),
        (lambda: ReminderRule.objects.update(audience="of former times"), NO_LONGER_TRUE),
        (lambda: DEADLINES.clear(), NO_LONGER_TRUE),
        (lambda: User.objects.update(is_active=False), NO_LONGER_TRUE),
        (lambda: User.objects.all().delete(), RECIPIENT_GONE),
        (lambda: OutgoingMail.objects.update(not_after=timezone.now()), TOO_LATE),
        (lambda: MailChoice.objects.create(user=User.objects.get(), kind=SOON.kind, by_mail=False), SWITCHED_OFF),
    ],
)
def test_what_is_not_true_any_more_is_superseded_and_says_why(lamp, change, why):
    row = after(change)
    assert (row.status, row.error, row.lease_until) == ("superseded", why, None)
    assert (row.attempts, mail.outbox) == (0, [])


@pytest.mark.parametrize(
    "change",
    [
        lambda: MailChoice.objects.create(user=User.objects.get(), kind=SOON.kind, by_mail=True),
        lambda: MailChoice.objects.create(user=User.objects.get(), kind=LAST.kind, by_mail=False),
        lambda: ReminderRule.objects.update(version=2),
        lambda: OutgoingMail.objects.update(not_after=timezone.now() + timedelta(minutes=1)),
    ],
)
def test_what_changed_beside_it_holds_nothing_back(lamp, change):
    assert after(change).status == "sent"


def test_a_deadline_that_has_passed_is_not_reminded_of_though_nothing_says_until_when(lamp):
    OutgoingMail.objects.update(not_after=None, due=Organisation.objects.get().source)
    passed = in_time(seconds=-5)
    Organisation.objects.update(source=passed)
    assert after(lambda: OutgoingMail.objects.update(due=passed)).error == NO_LONGER_TRUE


def test_an_app_with_nothing_to_say_is_heard_and_one_that_fails_is_asked_again(lamp):
    def nothing(subject_id, user_id):
        raise LookupError

    def broken(subject_id, user_id):
        return {}["title"]

    kept = KIND.describe
    object.__setattr__(KIND, "describe", broken)
    try:
        assert after(lambda: None).status == "queued"
        object.__setattr__(KIND, "describe", nothing)
        row = after(lambda: OutgoingMail.objects.update(next_try_at=timezone.now()))
    finally:
        object.__setattr__(KIND, "describe", kept)
    assert (row.status, row.error) == ("superseded", NOTHING_TO_SAY)


def test_only_the_newest_stage_goes_out_where_two_wait(lamp):
    last = rule(hours=4, message=LAST.kind)
    assert plan(KIND) == 1
    send_all()
    first, second = mails()
    assert (first.status, first.error) == ("superseded", NEWER)
    assert (second.status, second.rule) == ("sent", last)


def test_a_notice_of_a_move_goes_out_while_that_is_true_and_not_after_the_next_move(lamp):
    send_all()
    move_to(lamp, in_time(hours=6))
    assert tell_moved(KIND) == 1
    move_to(lamp, in_time(hours=9))
    send_all()
    assert tell_moved(KIND) == 1
    ReminderRule.objects.update(active=False)
    send_all()
    assert [(row.kind, row.status) for row in mails()] == [
        (SOON.kind, "sent"),
        (MOVED.kind, "superseded"),
        (MOVED.kind, "sent"),
    ]


def test_an_account_that_was_closed_gets_nothing_and_one_that_was_removed_only_what_was_to_its_address(nour):
    for key, user in (("closed", reader("closed", is_active=False)), ("gone", nour)):
        to = Addressee(user.email, "en", "", user.pk)
        send(ACCOUNT_CHANGED, key=key, to=to, context={"event": "x", "moment": "", "browser": "", "path": "/en/"})
    nour.delete()
    send_all()
    assert {row.key: (row.status, row.error) for row in mails()} == {
        "closed": ("superseded", ACCOUNT_CLOSED),
        "gone": ("sent", ""),
    }


def test_a_choice_speaks_only_where_there_is_one(nour, monkeypatch):
    MailChoice.objects.create(user=nour, kind=ACCOUNT_CHANGED.kind, by_mail=False)
    to = Addressee(nour.email, "en", "", nour.pk)
    context = {"event": "x", "moment": "", "browser": "", "path": "/en/"}
    send(ACCOUNT_CHANGED, key="mandatory", to=to, context=context)
    send_all()
    optional = Message(ACCOUNT_CHANGED.kind, "x", mandatory=False, about="Sometimes.")
    monkeypatch.setitem(KINDS, optional.kind, optional)
    send(optional, key="optional", to=to, context=context)
    send_all()
    assert [(row.status, row.error) for row in mails()] == [("sent", ""), ("superseded", SWITCHED_OFF)]


# --- digests --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def digest(nour):
    """Four reminders of nour's in one mail."""
    rule(hours=24)
    for number in range(4):
        meets(in_time(hours=3 + number), nour, slug=f"lamp-{number}")
    assert plan(KIND) == 4
    made = OutgoingMail.objects.create(
        key="digest", kind="mail.digest", klass="reminder", recipient=nour, to_email=nour.email, language="en"
    )
    OutgoingMail.objects.exclude(pk=made.pk).update(status="superseded", digest=made)
    return made


def test_a_digest_tells_each_part_that_is_still_true(digest):
    Organisation.objects.filter(slug="lamp-1").update(archived_at=timezone.now())
    Organisation.objects.filter(slug="lamp-2").update(source=in_time(hours=30))
    send_all()
    digest.refresh_from_db()
    assert digest.status == "sent"
    assert [part["title"] for part in digest.context["parts"]] == ["lamp-0", "lamp-3"]
    body = mail.outbox[0].body
    assert "https://koine.example/lamp-0/" in body
    assert "lamp-1" not in body + mail.outbox[0].alternatives[0].content
    assert mail.outbox[0].subject == "2 reminders: lamp-0 and others"


def test_what_a_digest_could_not_say_is_planned_anew_where_it_is_true_again(digest):
    lamp = Organisation.objects.get(slug="lamp-1")
    Organisation.objects.filter(pk=lamp.pk).update(archived_at=timezone.now())
    send_all()
    (left,) = [row for row in mails() if row.subject_id == lamp.pk]
    assert (left.digest_id, left.error) == (None, NO_LONGER_TRUE)
    assert plan(KIND) == 0
    Organisation.objects.filter(pk=lamp.pk).update(archived_at=None)
    assert (plan(KIND), plan(KIND)) == (1, 0)
    send_all()
    assert [message.subject for message in mail.outbox][1:] == ["soon: lamp-1"]


def test_a_digest_without_a_true_part_is_superseded(digest):
    Organisation.objects.update(archived_at=timezone.now())
    send_all()
    digest.refresh_from_db()
    assert (digest.status, digest.error, mail.outbox) == ("superseded", NOTHING_TO_SAY, [])


def test_a_digest_leaves_out_what_was_switched_off(digest, nour):
    MailChoice.objects.create(user=nour, kind=SOON.kind, by_mail=False)
    send_all()
    digest.refresh_from_db()
    assert (digest.status, digest.error) == ("superseded", NOTHING_TO_SAY)


# --- in the middle of it ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_deadline_cannot_move_between_the_question_and_the_note_that_it_goes_out():
    """The move waits for the lock of the one who asks; without that lock it would be over first."""
    lamp = meets(in_time(hours=3), reader())
    rule(hours=24)
    plan(KIND)
    (row,) = claim()
    moved, order = threading.Event(), []

    def move() -> None:
        try:
            move_to(lamp, in_time(hours=9))
            order.append("moved")
        finally:
            moved.set()
            connection.close()

    thread = threading.Thread(target=move)
    with transaction.atomic():
        assert begin(row) is not None
        thread.start()
        assert not moved.wait(0.3)
        order.append("noted")
    thread.join(timeout=10)
    assert order == ["noted", "moved"]


@pytest.mark.django_db(transaction=True)
def test_a_move_that_came_first_is_seen_by_the_one_who_waited_for_it():
    lamp = meets(in_time(hours=3), reader())
    rule(hours=24)
    plan(KIND)
    (row,) = claim()
    begun: list[object] = []

    def ask() -> None:
        try:
            begun.append(begin(row))
        finally:
            connection.close()

    thread = threading.Thread(target=ask)
    with transaction.atomic():
        move_to(lamp, in_time(hours=9))
        thread.start()
        thread.join(timeout=0.3)
        assert thread.is_alive()
    thread.join(timeout=10)
    assert begun == [None]
    assert [(one.status, one.error) for one in mails()] == [("superseded", NO_LONGER_TRUE)]
