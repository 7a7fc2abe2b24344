"""The outbox: queued with its cause, sent once after commit, kept when the server is away, mute about secrets."""

import smtplib
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction
from django.utils import timezone

from network.audit.models import AuditEvent
from network.doors import DomainError
from network.mail.domain.outbox import move
from network.mail.domain.sending import LEASE, RETRY_MINUTES, claim, send_due, send_one
from network.mail.domain.ticking import tick
from network.mail.enums import NEXT, Status
from network.mail.models import OutgoingMail, TickLog
from network.outgoing import KINDS, Addressee, Message, MessageClass, send
from network.people.messages import ACCOUNT_CHANGED, INVITATION

CONTEXT = {"path": "/en/x/", "organisation": "Lamp", "inviter": "Owner", "role": "editor"}
NOUR = Addressee("nour@example.org", "en", "Nour")


def queue(key: str = "k", message: Message = INVITATION, to: Addressee = NOUR) -> OutgoingMail:
    send(message, key=key, to=to, context=CONTEXT)
    return OutgoingMail.objects.get(key=key)


def again() -> None:
    """Let the waiting time of every mail be over."""
    OutgoingMail.objects.update(next_try_at=timezone.now())


@pytest.fixture
def decision(monkeypatch):
    """The invitation's texts, sent as a decision."""
    kind = Message(INVITATION.kind, INVITATION.title, MessageClass.DECISION, secret=True)
    monkeypatch.setitem(KINDS, kind.kind, kind)
    return kind


class Server:
    """A mail server as a test wants it: `failures` are raised one by one, then mails are taken."""

    def __init__(self, monkeypatch, *failures, away: bool = False) -> None:
        self.failures, self.away = list(failures), away
        deliver = EmailBackend.send_messages

        def send_messages(backend, messages):
            if self.failures and (failure := self.failures.pop(0)):
                raise failure
            return deliver(backend, messages)

        def connect(backend):
            if self.away:
                raise ConnectionRefusedError("nobody listens")

        monkeypatch.setattr(EmailBackend, "send_messages", send_messages)
        monkeypatch.setattr(EmailBackend, "open", connect)


# --- with its cause ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_it_goes_out_after_the_commit_and_not_before():
    with transaction.atomic():
        queue()
        assert mail.outbox == []
    assert [message.to for message in mail.outbox] == [["Nour <nour@example.org>"]]
    assert OutgoingMail.objects.get().status == Status.SENT


@pytest.mark.django_db(transaction=True)
def test_a_cause_that_is_rolled_back_sends_nothing():
    with transaction.atomic():
        queue()
        transaction.set_rollback(True)
    assert OutgoingMail.objects.count() == 0
    assert tick() == 0
    assert mail.outbox == []


def test_the_same_key_is_queued_once(db):
    for _ in range(2):
        queue()
    assert OutgoingMail.objects.count() == 1


def test_long_keys_stay_two(db):
    for end in "12":
        send(INVITATION, key="a" * 300 + end, to=NOUR, context=CONTEXT)
    assert OutgoingMail.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_transactions_with_one_key_both_go_on_and_one_mail_goes_out():
    start, outcomes = threading.Barrier(2), []

    def go() -> None:
        try:
            start.wait(timeout=10)
            with transaction.atomic():
                send(INVITATION, key="same", to=NOUR, context=CONTEXT)
            outcomes.append("committed")
        finally:
            connection.close()

    threads = [threading.Thread(target=go) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    tick()
    assert outcomes == ["committed"] * 2
    assert len(mail.outbox) == 1


def test_an_unknown_language_falls_back_to_english(db):
    assert queue(to=Addressee("a@example.org", "xx")).language == "en"


# --- sending -----------------------------------------------------------------------------------------------------------------


def test_secrets_are_wiped_after_sending_and_others_kept(db):
    queue("secret")
    send(ACCOUNT_CHANGED, key="open", to=NOUR, context={**CONTEXT, "event": "x", "moment": "", "browser": ""})
    assert send_due() == 2
    contexts = dict(OutgoingMail.objects.values_list("key", "context"))
    assert contexts["secret"] == {}
    assert contexts["open"]["event"] == "x"


def test_a_claimed_mail_is_not_claimed_again_before_its_lease_is_over(db):
    row = queue()
    assert claim() == [row.pk]
    assert claim() == []
    OutgoingMail.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert claim() == [row.pk]


def test_a_server_that_is_away_costs_no_try(db, monkeypatch):
    server = Server(monkeypatch, away=True)
    queue()
    for _ in range(len(RETRY_MINUTES) + 3):
        again()
        assert tick() == 0
    row = OutgoingMail.objects.get()
    assert (row.status, row.attempts) == (Status.QUEUED, 0)
    assert TickLog.objects.count() == len(RETRY_MINUTES) + 3
    server.away = False
    again()
    assert tick() == 1


def test_one_failing_mail_does_not_stop_the_others_and_is_tried_again_with_the_same_id(db, monkeypatch):
    Server(monkeypatch, smtplib.SMTPDataError(451, b"later"))
    for key in ("first", "second"):
        queue(key)
    assert send_due() == 1
    row = OutgoingMail.objects.get(key="first")
    assert (row.status, row.attempts) == (Status.QUEUED, 1)
    assert row.next_try_at > timezone.now() + timedelta(seconds=40)
    message_id = row.message_id
    again()
    assert send_due() == 1
    assert mail.outbox[-1].extra_headers["Message-ID"] == message_id


def test_after_the_last_try_it_waits_for_a_person(db, monkeypatch):
    Server(monkeypatch, *[smtplib.SMTPDataError(550, b"no")] * 9)
    queue()
    for _ in range(len(RETRY_MINUTES) + 1):
        again()
        send_due()
    row = OutgoingMail.objects.get()
    assert (row.status, row.attempts) == (Status.FAILED, len(RETRY_MINUTES) + 1)
    assert "550" in row.error


def test_a_kind_without_texts_fails_by_itself(db):
    queue("good")
    send(Message("people.nothing", "x"), key="bad", to=NOUR, context={})
    assert send_due() == 1
    row = OutgoingMail.objects.get(key="bad")
    assert (row.status, row.smtp_started_at) == (Status.QUEUED, None)
    assert "TemplateDoesNotExist" in row.error


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (smtplib.SMTPServerDisconnected("line broke"), Status.UNCERTAIN),
        (TimeoutError(), Status.UNCERTAIN),
        (smtplib.SMTPRecipientsRefused({}), Status.QUEUED),
        (smtplib.SMTPDataError(554, b"no"), Status.QUEUED),
    ],
)
def test_a_decision_of_unclear_outcome_waits_instead_of_going_out_twice(db, monkeypatch, decision, failure, status):
    Server(monkeypatch, failure)
    row = queue(message=decision)
    send_due()
    row.refresh_from_db()
    assert row.status == status
    again()
    send_due()
    assert len(mail.outbox) == (0 if status == Status.UNCERTAIN else 1)


def test_a_worker_that_died_during_the_hand_over_leaves_a_decision_uncertain_and_a_notice_to_be_repeated(db, decision):
    for key, message in (("decision", decision), ("notice", INVITATION)):
        queue(key, message)
    claim()
    past = timezone.now() - LEASE
    OutgoingMail.objects.update(smtp_started_at=past, lease_until=past)
    assert send_due() == 1
    assert dict(OutgoingMail.objects.values_list("key", "status")) == {"decision": "uncertain", "notice": "sent"}


def test_what_is_too_late_is_not_sent(db):
    queue()
    OutgoingMail.objects.update(not_after=timezone.now())
    assert send_due() == 0
    assert OutgoingMail.objects.get().status == Status.SUPERSEDED


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_mail_once():
    with transaction.atomic():
        for n in range(12):
            OutgoingMail.objects.create(
                key=str(n),
                kind=INVITATION.kind,
                klass="notice",
                to_email="a@example.org",
                language="en",
                context=CONTEXT,
            )
    start = threading.Barrier(3)

    def work() -> None:
        try:
            start.wait(timeout=10)
            while send_due(limit=3):
                pass
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(mail.outbox) == 12
    assert {row.attempts for row in OutgoingMail.objects.all()} == {1}


# --- a person's levers -----------------------------------------------------------------------------------------------------------


def test_a_person_moves_a_mail_only_along_the_table_and_with_a_reason(db):
    row = queue()
    for state in Status:
        OutgoingMail.objects.update(status=state)
        for target in Status:
            if target in NEXT[state]:
                assert move(row.pk, target, reason="asked by phone").status == target
            else:
                with pytest.raises(DomainError):
                    move(row.pk, target, reason="asked by phone")
            OutgoingMail.objects.update(status=state)
    OutgoingMail.objects.update(status=Status.FAILED)
    with pytest.raises(DomainError):
        move(row.pk, Status.QUEUED, reason=" ")
    move(row.pk, Status.QUEUED, reason="address corrected")
    event = AuditEvent.objects.filter(table="mail_outgoingmail").latest("id")
    assert event.reason == "address corrected"
    assert not {"to_email", "context", "to_name"} & set(event.after)


def test_sending_a_mail_that_was_stopped_meanwhile_does_nothing(db):
    row = queue()
    OutgoingMail.objects.update(status=Status.ABORTED)
    assert send_one(row.pk, mail.get_connection()) is False
    assert mail.outbox == []


# --- every kind ------------------------------------------------------------------------------------------------------------------


def test_every_kind_of_message_has_its_three_texts_and_a_title():
    folder = Path(django_settings.BASE_DIR) / "templates" / "mail"
    assert len(KINDS) >= 6
    for kind, message in KINDS.items():
        for ending in (".subject.txt", ".txt", ".html"):
            assert (folder / f"{kind}{ending}").is_file(), f"{kind}{ending}"
        assert str(message.title)
