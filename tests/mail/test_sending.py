"""Sending: what goes out, what need not, what is tried again, what waits for a person, and who else that holds up."""

from __future__ import annotations

import email
import email.policy
import re

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from network.mail.documents import message_id
from network.mail.domain.claiming import TRIES
from network.mail.domain.sending import BOUNCED, RETRY_MINUTES, send_due
from network.mail.enums import Status
from network.mail.models import BouncedAddress, OutgoingMail
from network.outgoing import KINDS, Addressee, Message, MessageClass, send
from network.people.messages import ACCOUNT_CHANGED, INVITATION
from tests.mail.queueing import CONTEXT, NOUR, again, queue, states


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
