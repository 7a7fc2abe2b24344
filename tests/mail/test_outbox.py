"""The outbox: queued with its cause, once per key, moved by people along the table only."""

import threading
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone

from network.audit.models import AuditEvent
from network.doors import DomainError
from network.mail.domain.outbox import move
from network.mail.domain.ticking import tick
from network.mail.enums import NEXT, Status
from network.mail.models import OutgoingMail
from network.outgoing import KINDS, Addressee, Message, send
from network.people.messages import INVITATION

CONTEXT = {"path": "/en/x/", "organisation": "Lamp", "inviter": "Owner", "role": "editor"}
NOUR = Addressee("nour@example.org", "en", "Nour")


def queue(key: str = "k", message: Message = INVITATION, to: Addressee = NOUR) -> OutgoingMail:
    send(message, key=key, to=to, context=CONTEXT)
    return OutgoingMail.objects.get(key=key)


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


@pytest.mark.parametrize(
    ("address", "domain"),
    [("nour@Example.ORG", "example.org"), ("nour@bücher.example", "xn--bcher-kva.example"), ("none", "")],
)
def test_a_mail_is_counted_under_its_domain_in_ascii(db, address, domain):
    assert queue(to=Addressee(address, "en")).to_domain == domain


def test_an_unknown_language_falls_back_to_english(db):
    assert queue(to=Addressee("a@example.org", "xx")).language == "en"


# --- a person's levers -----------------------------------------------------------------------------------------------------------


def test_a_person_moves_a_mail_only_along_the_table_and_with_a_reason(db):
    row = queue()
    for state in Status:
        OutgoingMail.objects.update(status=state, context=CONTEXT)
        for target in Status:
            if target in NEXT[state]:
                assert move(row.pk, target, reason="asked by phone").status == target
            else:
                with pytest.raises(DomainError):
                    move(row.pk, target, reason="asked by phone")
            OutgoingMail.objects.update(status=state, context=CONTEXT)
    OutgoingMail.objects.update(status=Status.FAILED)
    with pytest.raises(DomainError):
        move(row.pk, Status.QUEUED, reason=" ")
    move(row.pk, Status.QUEUED, reason="address corrected")
    event = AuditEvent.objects.filter(table="mail_outgoingmail").latest("id")
    assert event.reason == "address corrected"
    assert not {"to_email", "context", "to_name"} & set(event.after)


def test_what_has_no_text_any_more_is_not_sent_again(db):
    row = queue()
    OutgoingMail.objects.update(status=Status.FAILED, context={})
    with pytest.raises(DomainError) as refusal:
        move(row.pk, Status.QUEUED, reason="asked by phone")
    assert refusal.value.code == "gone"
    assert OutgoingMail.objects.get().status == Status.FAILED
    assert move(row.pk, Status.ABORTED, reason="asked by phone").status == Status.ABORTED


def test_what_is_let_go_is_held_no_more_and_what_a_person_ends_keeps_no_secret(db):
    row = queue()
    OutgoingMail.objects.update(status=Status.HELD, held_for="volume", reply_to="a@example.org")
    released = move(row.pk, Status.QUEUED, reason="expected")
    assert (released.held_for, released.context) == ("", CONTEXT)
    stopped = move(row.pk, Status.ABORTED, reason="asked by phone")
    assert (stopped.context, stopped.reply_to) == ({}, "")
    OutgoingMail.objects.update(status=Status.UNCERTAIN, smtp_started_at=timezone.now(), context=CONTEXT)
    arrived = move(row.pk, Status.SENT, reason="they have it")
    assert (arrived.sent_at, arrived.context) == (arrived.smtp_started_at, {})


# --- every kind ------------------------------------------------------------------------------------------------------------------


def test_every_kind_of_message_has_its_three_texts_and_a_title():
    folder = Path(django_settings.BASE_DIR) / "templates" / "mail"
    assert len(KINDS) >= 6
    for kind, message in KINDS.items():
        for ending in (".subject.txt", ".txt", ".html"):
            assert (folder / f"{kind}{ending}").is_file(), f"{kind}{ending}"
        assert str(message.title)
