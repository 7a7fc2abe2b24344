"""The minute's run: alone or six at once, after a downtime, with a wrong clock, in the middle of a change."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, transaction
from django.db.models import Count
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from network.deadlines import DEADLINES, Audience
from network.mail.domain import sending
from network.mail.domain.digests import fold
from network.mail.domain.outbox import move
from network.mail.domain.planning import plan
from network.mail.domain.sending import send_all
from network.mail.domain.ticking import KEPT_DAYS, USUAL_AT_MOST, plan_all, tick
from network.mail.enums import Status
from network.mail.models import OutgoingMail, ReminderRule, TickLog
from network.people.models import Role, User
from tests.mail.deadlines_for_tests import (
    KIND,
    LAST,
    MOVED,
    SOON,
    in_time,
    mails,
    meeting,  # noqa: F401  (a fixture)
    meets,
    members,
    move_to,
    reader,
    rule,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("meeting")]


@pytest.fixture(autouse=True)
def never_quiet(settings):
    settings.KOINE_QUIET_HOURS = ""


@pytest.fixture
def operator() -> User:
    user = reader("operator", preferred_language="ar")
    Role.objects.create(user=user, kind="operator", scope_kind="portal")
    return user


def in_threads(*works) -> None:
    """Run these at the same time, each on a connection of its own; what one raises is raised."""
    start, raised = threading.Barrier(len(works)), []

    def run(work) -> None:
        try:
            start.wait(timeout=10)
            work()
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert raised == []


def waiting_for_locks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0]


def until(true) -> None:
    for _ in range(500):
        if true():
            return
        threading.Event().wait(0.02)
    raise AssertionError("it never came true")


def test_a_tick_plans_sends_and_tells_by_the_databases_clock():
    meets(in_time(hours=2), reader(), reader("ali"))
    rule(hours=3)
    assert tick() == 2
    assert {message.subject for message in mail.outbox} == {"soon: lamp"}
    pulse = TickLog.objects.get()
    assert (pulse.planned, pulse.held, pulse.sent) == (2, 0, 2)
    assert abs(timezone.now() - pulse.started_at) < timedelta(seconds=30)
    assert tick() == 0
    assert TickLog.objects.count() == 2


def test_the_pulse_is_kept_for_31_days():
    for days in (KEPT_DAYS + 1, KEPT_DAYS - 1, 0):
        TickLog.objects.create(started_at=timezone.now() - timedelta(days=days))
    tick()
    assert TickLog.objects.count() == 3


def test_a_tick_costs_the_same_statements_however_many_deadlines():
    people = [reader(f"p{n}") for n in range(2)]
    rule(hours=3)
    counts = []
    for number in (1, 6):
        for n in range(number):
            meets(in_time(hours=2), *people, slug=f"m{number}-{n}")
        with CaptureQueriesContext(connection) as queries:
            assert plan_all().planned == 2 * number
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_kind_whose_queries_fail_is_told_and_stops_no_other(caplog):
    meets(in_time(hours=2), reader())
    rule(hours=3)
    DEADLINES["a.broken"] = replace(KIND, name="a.broken", rows=lambda: members().filter(nothing=1))
    DEADLINES["b.broken"] = replace(KIND, name="b.broken", rows=lambda: members().extra(where=["1/0 = 1"]))
    assert tick() == 1
    assert "a.broken" in caplog.text
    assert "b.broken" in caplog.text


def test_where_planning_fails_what_is_queued_is_sent_and_the_failure_raised():
    meets(in_time(hours=2), reader())
    rule(hours=3)
    plan(KIND)
    DEADLINES["a.broken"] = replace(KIND, name="a.broken", rules=None)
    with pytest.raises(TypeError):
        tick()
    assert len(mail.outbox) == 1
    assert TickLog.objects.count() == 0


# --- six at once ---------------------------------------------------------------------------------------------------------------

NO_KEY = """
CREATE FUNCTION no_key() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.key := NEW.key || random(); RETURN NEW; END $$;
CREATE TRIGGER no_key BEFORE INSERT ON mail_outgoingmail FOR EACH ROW EXECUTE FUNCTION no_key()"""


@pytest.mark.parametrize("key", [True, False], ids=["the key decides", "without the key they double"])
def test_six_planners_at_the_same_instant_queue_everything_once(key):
    """Without the lock that saves work. All six have begun their statement before one may end it."""
    people = [reader(f"p{n}") for n in range(10)]
    for n in range(5):
        meets(in_time(hours=2), *people, slug=f"m{n}")
    rule(hours=3)
    gated = Audience("Members", lambda: members().extra(where=["pg_advisory_xact_lock_shared(42) IS NOT NULL"]))
    slow = replace(KIND, audiences={"members": gated})
    planned = []

    def work() -> None:
        with transaction.atomic():
            planned.append(plan(slow))
            fold()

    with connection.cursor() as cursor:
        if not key:
            cursor.execute(NO_KEY)
        cursor.execute("SELECT pg_advisory_lock(42)")
    try:
        gate = threading.Thread(target=in_threads, args=[work] * 6)
        gate.start()
        until(lambda: waiting_for_locks() == 6)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(42)")
        gate.join(timeout=30)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER IF EXISTS no_key ON mail_outgoingmail; DROP FUNCTION IF EXISTS no_key")
    reminders = OutgoingMail.objects.filter(deadline=KIND.name)
    doubled = reminders.order_by().values("subject_id", "recipient").annotate(times=Count("pk")).filter(times__gt=1)
    if not key:
        assert doubled.count() == 50
        return
    assert sum(planned) == reminders.count() == 50
    assert not doubled.exists()
    # Five for each person: one digest each, all of it once.
    assert OutgoingMail.objects.filter(kind="mail.digest", status="queued").count() == 10
    assert not reminders.filter(digest=None).exists()


def test_six_tickers_at_once_send_everything_once():
    people = [reader(f"p{n}") for n in range(8)]
    for n in range(2):
        meets(in_time(hours=2), *people, slug=f"m{n}")
    rule(hours=3)
    in_threads(*[tick] * 6)
    tick()
    assert len(mail.outbox) == 16
    assert len({(message.to[0], message.subject) for message in mail.outbox}) == 16
    assert {row.status for row in mails()} == {"sent"}
    assert sum(TickLog.objects.values_list("planned", flat=True)) == 16


# --- downtime and clocks -------------------------------------------------------------------------------------------------------


def last_tick(**ago: float) -> None:
    TickLog.objects.all().delete()
    TickLog.objects.create(started_at=timezone.now() - timedelta(**ago))


def test_after_a_day_of_downtime_the_newest_stage_goes_out_by_itself():
    meets(in_time(hours=2), reader())
    for hours in (24, 12, 3):
        rule(hours=hours)
    last_tick(hours=25)
    assert tick() == 1
    assert OutgoingMail.objects.get().rule.hours_before == 3


@pytest.mark.parametrize("hours", [60, -72], ids=["after 60 hours", "clock set back by three days"])
def test_a_clock_far_from_the_last_ticks_holds_the_newest_stage_for_a_person_and_nothing_comes_twice(operator, hours):
    meets(in_time(hours=2), reader())
    for before in (24, 12, 3):
        rule(hours=before)
    last_tick(hours=hours)
    tick()
    row = OutgoingMail.objects.get(deadline=KIND.name)
    assert (row.status, row.held_for, row.rule.hours_before) == ("held", "clock", 3)
    assert [message.to for message in mail.outbox] == [["Operator <operator@example.org>"]]
    assert tick() == 0
    move(row.pk, Status.QUEUED, reason="the server was away")
    tick()
    assert [message.to for message in mail.outbox[1:]] == [["Nour <nour@example.org>"]]
    assert tick() == 0


def test_a_clock_three_days_ahead_and_back_sends_nothing_twice_and_forgets_nothing(operator):
    meets(in_time(days=5), reader())
    for days in (6, 3):
        rule(hours=24 * days)
    assert tick() == 1
    ahead = timezone.now() + timedelta(days=3)
    tick(now=ahead)
    tick()
    held = OutgoingMail.objects.get(status="held")
    assert (held.held_for, held.rule.hours_before) == ("clock", 72)
    assert TickLog.objects.count() == 3
    move(held.pk, Status.ABORTED, reason="the clock was wrong")
    assert [tick(), tick(now=ahead)] == [0, 0]
    assert len(OutgoingMail.objects.filter(deadline=KIND.name)) == 2


def test_a_quiet_jump_tells_nobody(operator):
    last_tick(hours=60)
    tick()
    assert mail.outbox == []
    assert TickLog.objects.latest("id").held == 0


# --- the circuit breaker -------------------------------------------------------------------------------------------------------


def crowd(number: int) -> list[User]:
    return User.objects.bulk_create(
        User(email=f"c{n}@example.org", display_name=f"C{n}", password="!") for n in range(number)
    )


def test_an_unusual_number_is_held_without_digests_and_operators_are_told_once(operator):
    people = crowd(51)
    for n in range(4):
        meets(in_time(hours=2), *people, slug=f"m{n}")
    rule(hours=3)
    TickLog.objects.create(started_at=timezone.now() - timedelta(minutes=1), planned=(51 * 4 - 1) // 3)
    tick()
    assert OutgoingMail.objects.filter(status="held", held_for="volume").count() == 204 > USUAL_AT_MOST
    assert not OutgoingMail.objects.filter(kind="mail.digest").exists()
    pulse = TickLog.objects.latest("id")
    assert (pulse.planned, pulse.held) == (0, 204)
    (told,) = mail.outbox
    assert told.to == ["Operator <operator@example.org>"]
    assert "/ar/" in told.body
    assert "?ask=held" in told.body
    assert OutgoingMail.objects.get(kind="mail.held").context["number"] == 204
    tick()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(("number", "most", "held"), [(200, 0, False), (201, 67, False), (202, 67, True)])
def test_usual_is_up_to_200_and_up_to_three_times_the_most_of_thirty_days(number, most, held):
    meets(in_time(hours=2), *crowd(number))
    rule(hours=3)
    TickLog.objects.create(started_at=timezone.now() - timedelta(days=29), planned=most)
    TickLog.objects.create(started_at=timezone.now() - timedelta(days=30, minutes=1), planned=1000)
    TickLog.objects.create(started_at=timezone.now() - timedelta(minutes=1))
    pulse = plan_all()
    assert (pulse.planned, pulse.held) == ((0, number) if held else (number, 0))
    assert set(OutgoingMail.objects.values_list("status", flat=True)) == {"held" if held else "queued"}


# --- in the middle of a tick ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lock", [True, False], ids=["the lock decides", "without the lock a stale one goes out"])
@pytest.mark.parametrize("hours", [1, 9], ids=["earlier", "later"])
def test_a_deadline_that_moves_between_planning_and_sending_is_never_told_as_it_was(monkeypatch, lock, hours):
    before, after = in_time(hours=2), in_time(hours=hours)
    lamp = meets(before, reader())
    rule(hours=3)
    plan_all()
    if not lock:
        monkeypatch.setattr(sending, "lock_subjects", lambda rows: None)
    sender = threading.Thread(target=in_threads, args=[send_all])
    with transaction.atomic():
        move_to(lamp, after)
        sender.start()
        until((lambda: waiting_for_locks() == 1) if lock else (lambda: mail.outbox))
    sender.join(timeout=30)
    if not lock:
        assert before in mail.outbox[0].body
        return
    assert mail.outbox == []
    assert mails()[0].error == "no longer true"
    assert tick() == (1 if hours == 1 else 0)
    assert [after in message.body for message in mail.outbox] == [True] * len(mail.outbox)
    move_to(lamp, before)
    # Who was told is told of the change, and the reminder that was given up comes after all.
    tick()
    assert before in mail.outbox[-1].body
    assert [row.kind for row in mails()[-2:]] == ([MOVED.kind, SOON.kind] if hours == 1 else [SOON.kind, SOON.kind])
    sent = len(mail.outbox)
    tick()
    assert len(mail.outbox) == sent


def test_from_here_to_there_and_back_end_to_end():
    before, after = in_time(hours=2), in_time(hours=9)
    lamp = meets(before, reader())
    rule(hours=3)
    for due in (before, after, before, after):
        move_to(lamp, due)
        assert [tick(), tick()] == [1, 0]
    assert [message.subject for message in mail.outbox] == ["soon: lamp", *["moved: lamp"] * 3]
    assert {row.kind for row in mails()} == {SOON.kind, MOVED.kind}


def test_a_recipient_deleted_between_planning_and_sending_stops_nobody():
    gone = reader("gone")
    meets(in_time(hours=2), gone, reader())
    rule(hours=3)
    plan_all()
    gone.delete()
    assert tick() == 1
    assert {(row.to_name, row.status) for row in mails()} == {("Gone", "superseded"), ("Nour", "sent")}


def test_four_at_once_arrive_as_one_mail_that_names_them():
    nour = reader()
    for n in range(4):
        meets(in_time(hours=2), nour, slug=f"lamp-{n}")
    rule(hours=3)
    assert tick() == 1
    (message,) = mail.outbox
    assert all(f"lamp-{n}" in message.body for n in range(4))


# --- rules ---------------------------------------------------------------------------------------------------------------------


def test_a_tick_gives_a_kind_its_first_rules_and_two_at_once_give_them_once():
    meets(in_time(hours=2), reader())
    in_threads(tick, tick)
    assert ReminderRule.objects.count() == 2
    assert {row.kind for row in mails()} == {LAST.kind}
