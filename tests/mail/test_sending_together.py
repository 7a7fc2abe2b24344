"""Sending beside others: leases, a server or a database that is away, pauses, and the pace of each domain."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from network.mail.domain import sending
from network.mail.domain.claiming import BATCH, DIED, LEASE, TRIES, claim
from network.mail.domain.sending import Run, send_all, send_due
from network.mail.domain.ticking import tick
from network.mail.enums import Status
from network.mail.models import MailPause, OutgoingMail
from network.outgoing import KINDS, Message, MessageClass
from network.people.messages import INVITATION
from tests.mail.queueing import CONTEXT, again, queue, states

SECOND = timedelta(seconds=1)


def many(count: int, domain: str = "example.org", **fields) -> None:
    fields = {"kind": INVITATION.kind, "klass": "notice", "language": "en", "context": CONTEXT, **fields}
    start = OutgoingMail.objects.count()
    OutgoingMail.objects.bulk_create(
        OutgoingMail(key=str(start + n), to_email=f"m{n}@{domain}", to_domain=domain, **fields) for n in range(count)
    )


@pytest.fixture
def decision(monkeypatch):
    """The invitation's texts, sent as a decision."""
    kind = Message(INVITATION.kind, INVITATION.title, MessageClass.DECISION, secret=True)
    monkeypatch.setitem(KINDS, kind.kind, kind)
    return kind


# --- leases ---------------------------------------------------------------------------------------------------------------


def test_a_claimed_mail_is_not_claimed_again_before_its_lease_is_over(db):
    row = queue()
    assert claim() == [row]
    assert claim() == []
    OutgoingMail.objects.update(lease_until=timezone.now() - SECOND)
    assert claim() == [row]


def test_a_worker_that_died_during_the_hand_over_leaves_a_decision_uncertain_and_a_notice_to_be_repeated(db, decision):
    for key, message in (("decision", decision), ("notice", INVITATION)):
        queue(key, message)
    assert len(claim()) == 2
    past = timezone.now() - LEASE
    OutgoingMail.objects.update(smtp_started_at=past, lease_until=past)
    OutgoingMail.objects.filter(key="notice").update(klass="notice")
    assert send_all() == 1
    assert states() == {"decision": "uncertain", "notice": "sent"}


def test_a_worker_that_died_before_the_hand_over_leaves_all_to_be_sent(db, decision):
    queue("decision", decision)
    assert claim()
    OutgoingMail.objects.update(lease_until=timezone.now() - SECOND)
    assert send_all() == 1


def test_a_mail_that_kills_its_worker_takes_no_other_with_it_and_ends_as_failed(db):
    poison = queue("poison", next_try_at=timezone.now() - SECOND)
    many(5)
    assert len(claim()) == 6
    for deaths in range(1, TRIES + 1):
        OutgoingMail.objects.filter(status="inflight").update(lease_until=timezone.now() - SECOND)
        alone = claim()
        if deaths < TRIES:
            assert alone == [poison]
    poison.refresh_from_db()
    assert (poison.status, poison.error, poison.attempts) == ("failed", DIED, TRIES)
    assert len(alone) == 1
    OutgoingMail.objects.filter(status="inflight").update(lease_until=timezone.now() - SECOND)
    assert send_all() == 5


def test_who_lost_the_lease_sends_nothing_and_notes_nothing(db):
    row = queue()
    (slow,) = claim()
    OutgoingMail.objects.update(lease_until=timezone.now() - SECOND)
    (quick,) = claim()
    run = Run()
    run.send(slow)
    assert (run.sent, mail.outbox) == (0, [])
    run.send(quick)
    assert (run.sent, len(mail.outbox)) == (1, 1)
    run.send(quick)
    row.refresh_from_db()
    # The lease that ran out counts as a try.
    assert (row.status, row.attempts, len(mail.outbox)) == ("sent", 2, 1)


def test_sending_a_mail_that_was_stopped_meanwhile_does_nothing(db):
    queue()
    (row,) = claim()
    OutgoingMail.objects.update(status=Status.ABORTED)
    Run().send(row)
    assert mail.outbox == []
    assert states() == {"k": "aborted"}


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_send_each_mail_once():
    with transaction.atomic():
        many(60)
    start = threading.Barrier(4)

    def work() -> None:
        try:
            start.wait(timeout=10)
            while send_due(limit=3):
                pass
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    send_all()
    assert len(mail.outbox) == len({message.to[0] for message in mail.outbox}) == 60
    assert {row.attempts for row in OutgoingMail.objects.all()} == {1}


# --- the server is away, the database is away, all is paused -------------------------------------------------------------


def test_a_server_that_is_away_costs_no_try(db, sink):
    sink.script["hello"] = ["421 busy"] * 20
    queue()
    for _ in range(TRIES + 3):
        again()
        assert tick() == 0
    row = OutgoingMail.objects.get()
    assert (row.status, row.attempts, row.lease_until) == (Status.QUEUED, 0, None)
    assert row.next_try_at > timezone.now() + timedelta(seconds=50)
    sink.script["hello"] = []
    again()
    assert tick() == 1


def test_a_server_that_keeps_dropping_the_line_is_left_alone_for_a_minute(db, sink):
    sink.script["data"] = ["drop"] * 20
    many(10)
    assert send_all() == 0
    assert sorted(OutgoingMail.objects.values_list("attempts", flat=True)) == [0] * 7 + [1] * 3
    assert not OutgoingMail.objects.filter(next_try_at__lt=timezone.now() + timedelta(seconds=40)).exists()


def test_a_run_sends_all_there_is_over_one_line_and_ends_in_time(db, sink, settings):
    settings.KOINE_MAIL_PER_DOMAIN = 0
    many(BATCH * 2 + 5)
    assert send_all(seconds=0) == 0
    assert set(states().values()) == {"queued"}
    lines = sink.lines
    assert send_all() == BATCH * 2 + 5
    assert sink.lines == lines + 1
    assert not OutgoingMail.objects.exclude(status="sent", attempts=1).exists()


def test_while_all_mail_is_paused_nothing_is_claimed_and_what_was_claimed_waits(db):
    queue()
    claimed = claim()
    pause = MailPause.objects.create(reason="a wrong date")
    with pytest.raises(sending.Stopped, match="paused"):
        Run().send(claimed[0])
    OutgoingMail.objects.update(status="queued", lease_until=None)
    assert send_all() == 0
    MailPause.objects.filter(pk=pause.pk).update(ended_at=timezone.now())
    assert send_all() == 1


@pytest.mark.django_db(transaction=True)
def test_a_pause_in_the_middle_of_a_batch_stops_the_rest_of_it(monkeypatch):
    with transaction.atomic():
        many(5)
    deliver = EmailBackend.send_messages

    def deliver_and_pause(backend, messages):
        if len(mail.outbox) == 1:
            MailPause.objects.create(reason="stop")
        return deliver(backend, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", deliver_and_pause)
    assert send_all() == 2
    assert sorted(states().values()) == ["queued"] * 3 + ["sent"] * 2
    assert not OutgoingMail.objects.exclude(lease_until=None).exists()


@pytest.mark.django_db(transaction=True)
def test_a_database_that_goes_away_ends_the_run_with_a_warning_and_no_half_state(monkeypatch, caplog):
    with transaction.atomic():
        many(4)
    begin, begun = sending.begin, []

    def begin_until_the_end(row):
        begun.append(row)
        if len(begun) == 3:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return begin(row)

    monkeypatch.setattr(sending, "begin", begin_until_the_end)
    assert send_all() == 2
    assert "the database went away" in caplog.text
    OutgoingMail.objects.filter(status="inflight").update(lease_until=timezone.now() - SECOND)
    assert send_all() == 2
    assert len({message.to[0] for message in mail.outbox}) == len(mail.outbox) == 4


@pytest.mark.django_db(transaction=True)
def test_what_the_mail_server_took_is_noted_although_the_database_was_away_at_that_moment(monkeypatch):
    with transaction.atomic():
        many(1)
    deliver = EmailBackend.send_messages

    def deliver_and_cut(backend, messages):
        with pytest.raises(OperationalError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return deliver(backend, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", deliver_and_cut)
    assert send_all() == 1
    assert states() == {"0": "sent"}


# --- no domain gets too many, and none waits for another -----------------------------------------------------------------


def test_a_domain_gets_so_many_a_minute_and_holds_nobody_else_up(db, settings):
    settings.KOINE_MAIL_PER_DOMAIN = 5
    early = timezone.now() - timedelta(hours=1)
    many(200, "big.example", next_try_at=early)
    many(3, "small.example")
    assert send_all() == 5 + 3
    assert send_all() == 0
    began = OutgoingMail.objects.filter(status="sent", to_domain="big.example").order_by("pk")
    began.filter(pk__in=list(began.values_list("pk", flat=True)[:2])).update(
        smtp_started_at=timezone.now() - timedelta(seconds=61)
    )
    assert send_all() == 2
    settings.KOINE_MAIL_PER_DOMAIN = 0
    assert send_all() == 193


def test_what_another_worker_has_leased_counts_for_its_domain(db, settings):
    settings.KOINE_MAIL_PER_DOMAIN = 5
    many(30)
    assert [len(claim(limit=3)) for _ in range(3)] == [3, 2, 0]


def test_a_mail_that_was_tried_counts_for_its_domain_though_it_waits_again(db, sink, settings):
    settings.KOINE_MAIL_PER_DOMAIN = 2
    sink.script["rcpt"] = ["450 4.2.0 later"] * 2
    many(4)
    assert send_all() == 0
    assert sorted(OutgoingMail.objects.values_list("attempts", flat=True)) == [0, 0, 1, 1]


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_keep_to_the_number_too(settings):
    settings.KOINE_MAIL_PER_DOMAIN = 7
    with transaction.atomic():
        many(60)
        many(9, "other.example")
    start, taken = threading.Barrier(4), []

    def work() -> None:
        try:
            start.wait(timeout=10)
            while found := claim(limit=2):
                taken.extend(row.to_domain for row in found)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    while found := claim(limit=2):
        taken.extend(row.to_domain for row in found)
    assert sorted(taken) == ["example.org"] * 7 + ["other.example"] * 7
