"""Sending: what goes out, what need not, what is tried again, what waits for a person, and who else that holds up."""

from __future__ import annotations

import email
import email.policy
import re
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from network.mail.documents import message_id
from network.mail.domain import sending
from network.mail.domain.claiming import BATCH, DIED, LEASE, TRIES, claim
from network.mail.domain.sending import BOUNCED, RETRY_MINUTES, Run, send_all, send_due
from network.mail.domain.ticking import tick
from network.mail.enums import Status
from network.mail.models import BouncedAddress, MailPause, OutgoingMail
from network.outgoing import KINDS, Addressee, Message, MessageClass, send
from network.people.messages import ACCOUNT_CHANGED, INVITATION

CONTEXT = {"path": "/en/x/", "organisation": "Lamp", "inviter": "Owner", "role": "editor"}
NOUR = Addressee("nour@example.org", "en", "Nour")
SECOND = timedelta(seconds=1)


def queue(key: str = "k", message: Message = INVITATION, to: Addressee = NOUR, **fields) -> OutgoingMail:
    send(message, key=key, to=to, context=CONTEXT)
    if fields:
        OutgoingMail.objects.filter(key=key).update(**fields)
    return OutgoingMail.objects.get(key=key)


def many(count: int, domain: str = "example.org", **fields) -> None:
    fields = {"kind": INVITATION.kind, "klass": "notice", "language": "en", "context": CONTEXT, **fields}
    start = OutgoingMail.objects.count()
    OutgoingMail.objects.bulk_create(
        OutgoingMail(key=str(start + n), to_email=f"m{n}@{domain}", to_domain=domain, **fields) for n in range(count)
    )


def again() -> None:
    """Let the waiting time of every mail be over."""
    OutgoingMail.objects.update(next_try_at=timezone.now())


def states() -> dict[str, str]:
    return dict(OutgoingMail.objects.values_list("key", "status"))


@pytest.fixture
def decision(monkeypatch):
    """The invitation's texts, sent as a decision."""
    kind = Message(INVITATION.kind, INVITATION.title, MessageClass.DECISION, secret=True)
    monkeypatch.setitem(KINDS, kind.kind, kind)
    return kind


# --- what becomes of a mail -----------------------------------------------------------------------------------------------


def test_it_arrives_with_an_id_that_is_its_own_at_every_try(db, sink, settings):
    settings.KOINE_BASE_URL = "https://koine.example"
    sink.script["end"] = ["451 4.7.1 later"]
    row = queue()
    assert send_due() == 0
    row.refresh_from_db()
    assert (row.status, row.attempts, row.error) == ("queued", 1, "end of DATA: 451 4.7.1 later")
    assert 0.8 * 60 - 1 <= (row.next_try_at - timezone.now()).total_seconds() <= 1.2 * 60
    OutgoingMail.objects.update(message_id="")
    again()
    assert send_due() == 1
    message = email.message_from_bytes(sink.taken[0].content, policy=email.policy.default)
    assert message["Message-ID"] == row.message_id == message_id(row)
    assert re.fullmatch(rf"<mail\.{row.pk}\.[0-9a-f]{{20}}@koine\.example>", row.message_id)
    row.refresh_from_db()
    assert (row.status, row.attempts, row.error, row.lease_until) == ("sent", 2, "", None)


def test_secrets_are_wiped_after_sending_and_others_kept(db):
    queue("secret", reply_to="a@example.org")
    send(ACCOUNT_CHANGED, key="open", to=NOUR, context={**CONTEXT, "event": "x", "moment": "", "browser": ""})
    assert send_due() == 2
    kept = {row.key: row for row in OutgoingMail.objects.all()}
    assert (kept["secret"].context, kept["secret"].reply_to) == ({}, "")
    assert kept["secret"].subject
    assert kept["open"].context["event"] == "x"


def test_a_refusal_is_final_and_the_others_go_out_over_the_same_line(db, sink):
    for key in "abc":
        queue(key)
    sink.script["end"] = ["250 taken", "554 5.7.1 looks like spam"]
    assert send_due() == 2
    assert states() == {"a": "sent", "b": "failed", "c": "sent"}
    row = OutgoingMail.objects.get(key="b")
    assert (row.error, row.attempts) == ("end of DATA: 554 5.7.1 looks like spam", 1)
    assert sink.lines == 1
    assert not BouncedAddress.objects.exists()


def test_an_address_that_does_not_exist_gets_no_other_mail_until_a_person_lifts_that(db, sink):
    sink.script["rcpt"] = ["550 5.1.1 nobody here"]
    queue("first")
    assert send_due() == 0
    bounced = BouncedAddress.objects.get()
    assert (bounced.email, bounced.code) == ("nour@example.org", "5.1.1")
    queue("second", to=Addressee("Nour@Example.org", "en"))
    assert send_due() == 0
    assert OutgoingMail.objects.get(key="second").error == BOUNCED
    assert set(states().values()) == {"failed"}
    bounced.delete()
    queue("third")
    assert send_due() == 1


def test_tries_are_spread_over_minutes_and_hours_and_end(db, sink):
    sink.script["rcpt"] = ["450 4.2.0 later"] * 20
    queue()
    waits = []
    for _ in range(TRIES):
        again()
        send_due()
        row = OutgoingMail.objects.get()
        waits.append((row.next_try_at - timezone.now()).total_seconds() / 60)
    for wait, planned in zip(waits[:-1], (*RETRY_MINUTES, 240, 240), strict=True):
        assert 0.79 * planned < wait <= 1.2 * planned
    assert (row.status, row.attempts, row.error) == ("failed", TRIES, "RCPT: 450 4.2.0 later")
    again()
    assert send_due() == 0


def test_a_kind_without_texts_fails_by_itself_and_was_never_begun(db):
    queue("good")
    send(Message("people.nothing", "x"), key="bad", to=NOUR, context={})
    assert send_due() == 1
    row = OutgoingMail.objects.get(key="bad")
    assert (row.status, row.smtp_started_at, row.attempts) == (Status.QUEUED, None, 1)
    assert "TemplateDoesNotExist" in row.error
    for _ in range(TRIES):
        again()
        send_due()
    row.refresh_from_db()
    assert (row.status, row.attempts) == (Status.FAILED, TRIES)


def test_a_text_that_fails_for_one_person_fails_for_that_one_alone(db):
    for n in range(5):
        queue(str(n))
    OutgoingMail.objects.filter(key="2").update(to_email="a@b@\u2028")
    OutgoingMail.objects.filter(key="3").update(context={"organisation": "Lamp"})
    assert send_due() == 3
    assert states() == {"0": "sent", "1": "sent", "2": "queued", "3": "queued", "4": "sent"}


@pytest.mark.parametrize(
    ("script", "status"),
    [
        ({"end": ["drop"]}, "uncertain"),
        ({"end": ["take+drop"]}, "uncertain"),
        ({"end": ["take+stall"]}, "uncertain"),
        ({"data": ["drop"]}, "queued"),
        ({"rcpt": ["stall"]}, "queued"),
        ({"end": ["451 4.7.1 later"]}, "queued"),
        ({"end": ["554 5.7.1 no"]}, "failed"),
    ],
)
def test_a_decision_of_unclear_outcome_waits_instead_of_going_out_twice(db, sink, settings, decision, script, status):
    settings.EMAIL_TIMEOUT = 0.3
    sink.script.update(script)
    row = queue(message=decision)
    assert send_due() == 0
    row.refresh_from_db()
    assert row.status == status
    arrived = len(sink.taken)
    again()
    assert send_due() == (status == "queued")
    assert len(sink.taken) == arrived + (status == "queued")


def test_a_notice_of_unclear_outcome_goes_out_again_with_the_same_id(db, sink):
    sink.script["end"] = ["take+drop"]
    queue()
    assert send_due() == 0
    again()
    assert send_due() == 1
    first, second = sink.taken
    assert first.message_id == second.message_id


def test_an_unknown_failure_of_another_backend_counts_as_unclear(db, monkeypatch, decision):
    def fall_over(backend, messages):
        raise RuntimeError("what is this")

    monkeypatch.setattr(EmailBackend, "send_messages", fall_over)
    queue("decision", decision)
    queue("notice", ACCOUNT_CHANGED)
    OutgoingMail.objects.filter(key="notice").update(context={"event": "x", "moment": "", "browser": ""})
    assert send_due() == 0
    assert states() == {"decision": "uncertain", "notice": "queued"}


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
