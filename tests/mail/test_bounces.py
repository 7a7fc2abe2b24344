"""Bounces: a mail that did not arrive is known for it, whoever reports it, and nobody is harmed by a forged report."""

import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from network.audit.models import AuditEvent
from network.doors import DomainError
from network.mail.domain.bounces import Bounce, Taken, lift_bounce, take_bounce
from network.mail.enums import Status
from network.mail.imports.reports import signature_of
from network.mail.models import BouncedAddress, OutgoingMail
from tests import places

SECRET = "a secret of the hook"
PAGE = "/mail/bounces/"
SENT_AT = datetime(2024, 11, 20, 9, 0, tzinfo=UTC)
LATER = SENT_AT + timedelta(minutes=3)


def mail(number: int = 1, to: str = "nour@unknown.example", status: str = Status.SENT, **fields) -> OutgoingMail:
    """A mail that went out, as the samples speak of it."""
    return OutgoingMail.objects.create(
        key=f"test:{number}",
        kind="grants.receipt",
        klass="notice",
        to_email=to,
        language="en",
        status=status,
        message_id=f"<mail.{number}@koine.example>",
        sent_at=SENT_AT if status == Status.SENT else None,
        smtp_started_at=SENT_AT,
        **fields,
    )


def report(code: str = "5.1.1", number: int = 1, email: str = "nour@unknown.example", **more) -> Bounce:
    return Bounce(
        f"<mail.{number}@koine.example>", email, code, **{"diagnostic": "550 no such user", "at": LATER, **more}
    )


# --- what becomes of a report -----------------------------------------------------------------------------------------


def test_an_address_that_takes_nothing_fails_the_mail_and_stops_the_next_ones(db):
    row = mail(to="Nour@Unknown.example")
    assert take_bounce(report()) == Taken.FAILED
    row.refresh_from_db()
    assert (row.status, row.error) == (Status.FAILED, "bounced 5.1.1 550 no such user")
    address = BouncedAddress.objects.get()
    assert (address.email, address.code, address.bounced_at) == ("nour@unknown.example", "5.1.1", LATER)


def test_the_same_report_again_changes_nothing(db):
    mail()
    assert [take_bounce(report()) for _ in range(2)] == [Taken.FAILED, Taken.REPEATED]
    assert BouncedAddress.objects.count() == 1
    assert AuditEvent.objects.filter(table="mail_bouncedaddress").count() == 1


@pytest.mark.parametrize("code", ["5.2.2", "5.3.4", "5.6.0", "5.7.1", "5.4.7", "5.1.8"])
def test_what_is_about_the_mail_or_about_us_does_not_stop_the_address(db, code):
    row = mail()
    assert take_bounce(report(code)) == Taken.FAILED
    row.refresh_from_db()
    assert row.status == Status.FAILED
    assert not BouncedAddress.objects.exists()


@pytest.mark.parametrize("code", ["5.0.0", "5.1.1", "5.1.10", "5.2.1", "5.4.1", "5.4.4"])
def test_what_is_about_the_address_stops_it(db, code):
    mail()
    take_bounce(report(code))
    assert BouncedAddress.objects.get().code == code


def test_a_delay_is_noted_and_a_server_that_gave_up_fails_the_mail_alone(db):
    row = mail()
    assert take_bounce(report("4.4.1", diagnostic="connection timed out")) == Taken.NOTED
    assert take_bounce(report("4.4.1", diagnostic="connection timed out")) == Taken.REPEATED
    row.refresh_from_db()
    assert (row.status, row.error) == (Status.SENT, "late 4.4.1 connection timed out")
    assert take_bounce(report("4.4.1", gave_up=True)) == Taken.FAILED
    row.refresh_from_db()
    assert row.status == Status.FAILED
    assert not BouncedAddress.objects.exists()


def test_a_report_about_somebody_elses_address_does_nothing(db):
    row = mail()
    assert take_bounce(report(email="victim@elsewhere.example")) == Taken.FOREIGN
    assert take_bounce(report(number=99)) == Taken.UNKNOWN
    row.refresh_from_db()
    assert (row.status, row.error) == (Status.SENT, "")
    assert not BouncedAddress.objects.exists()


def test_a_domain_in_another_script_is_known_in_both_its_forms(db):
    mail(to="nour@münchen.example")
    assert take_bounce(report(email="NOUR@xn--mnchen-3ya.example")) == Taken.FAILED
    assert BouncedAddress.objects.get().email == "nour@münchen.example"


def test_after_a_person_lifted_it_an_old_report_does_not_come_back(db):
    row = mail()
    take_bounce(report())
    lift_bounce(BouncedAddress.objects.get().pk, reason="address mended", by=places.operator())
    assert take_bounce(report()) == Taken.REPEATED
    OutgoingMail.objects.update(status=Status.SENT, error="", sent_at=SENT_AT + timedelta(days=1))
    assert take_bounce(report()) == Taken.REPEATED
    assert not BouncedAddress.objects.exists()
    assert take_bounce(report(at=SENT_AT + timedelta(days=1, minutes=1))) == Taken.FAILED
    row.refresh_from_db()
    assert row.status == Status.FAILED
    assert BouncedAddress.objects.exists()


def test_a_mail_of_unclear_outcome_keeps_its_state_and_says_what_is_known(db):
    row = mail(status=Status.UNCERTAIN)
    assert take_bounce(report()) == Taken.FAILED
    row.refresh_from_db()
    assert (row.status, row.error) == (Status.UNCERTAIN, "bounced 5.1.1 550 no such user")


def test_a_mail_that_was_never_handed_over_can_not_have_come_back(db):
    row = mail(status=Status.QUEUED)
    OutgoingMail.objects.update(smtp_started_at=None)
    assert take_bounce(report()) == Taken.REPEATED
    row.refresh_from_db()
    assert row.status == Status.QUEUED


@pytest.mark.parametrize("code", ["", "550", "2.0.0", "5.1", "5.1.1 x", "9.1.1"])
def test_a_code_that_is_none_is_a_mistake_of_the_caller(db, code):
    with pytest.raises(ValueError, match="status code"):
        take_bounce(report(code))


@pytest.mark.django_db(transaction=True)
def test_four_reports_at_once_about_two_mails_leave_one_address():
    mail(1)
    mail(2)
    start, outcomes = threading.Barrier(4), []

    def go(number: int) -> None:
        try:
            start.wait(timeout=10)
            outcomes.append(take_bounce(report(number=number)))
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(number,)) for number in (1, 2, 1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sorted(outcomes) == [Taken.FAILED, Taken.FAILED, Taken.REPEATED, Taken.REPEATED]
    assert BouncedAddress.objects.count() == 1


# --- lifting ----------------------------------------------------------------------------------------------------------


def test_only_an_operator_lifts_it_with_a_reason_once(db):
    mail()
    take_bounce(report())
    key, operator = BouncedAddress.objects.get().pk, places.operator()
    for by, reason, code in ((places.person(), "I want to", "denied"), (operator, " ", "reason")):
        with pytest.raises(DomainError) as refusal:
            lift_bounce(key, reason=reason, by=by)
        assert refusal.value.code == code
    assert BouncedAddress.objects.exists()
    lift_bounce(key, reason="They moved back", by=operator)
    event = AuditEvent.objects.filter(table="mail_bouncedaddress").latest("id")
    assert (event.action, event.reason) == ("D", "They moved back")
    assert not {"email", "diagnostic"} & set(event.before)
    with pytest.raises(DomainError) as refusal:
        lift_bounce(key, reason="again", by=operator)
    assert refusal.value.code == "gone"


# --- the provider's hook ----------------------------------------------------------------------------------------------


def post(client, said, *, secret: str = SECRET, at: datetime | None = None, body: bytes | None = None, **headers):
    """A provider's request; `headers` replace its own."""
    body = json.dumps(said).encode() if body is None else body
    timestamp = str(int((at or timezone.now()).timestamp()))
    own = {"X-Koine-Timestamp": timestamp, "X-Koine-Signature": signature_of(secret, timestamp, body), **headers}
    return client.post(PAGE, body, content_type="application/json", headers=own)


@pytest.fixture
def hook(settings, db):
    settings.KOINE_BOUNCE_SECRET = SECRET


TOLD = {
    "message_id": "mail.1@koine.example",
    "email": "nour@unknown.example",
    "code": "5.1.1",
    "diagnostic": "550 5.1.1 no such user",
    "at": "2024-11-20T09:03:00+00:00",
    "provider": "ignored",
}


def test_signed_reports_are_taken_and_counted_and_the_same_again_is_harmless(client, hook):
    row = mail()
    said = [TOLD, {**TOLD, "message_id": "<nothing@ours.example>"}, {**TOLD, "email": "x@y.example"}]
    answer = post(client, said)
    assert (answer.status_code, answer.json()) == (200, {"taken": {"failed": 1, "unknown": 1, "foreign": 1}})
    row.refresh_from_db()
    assert row.status == Status.FAILED
    assert post(client, TOLD).json() == {"taken": {"repeated": 1}}


def test_a_recorded_request_can_not_be_used_later_nor_changed(client, hook):
    mail()
    now = timezone.now()
    for at in (now - timedelta(minutes=6), now + timedelta(minutes=6)):
        answer = post(client, TOLD, at=at)
        assert (answer.status_code, answer.json()["error"]) == (403, "timestamp")
    assert not BouncedAddress.objects.exists()
    assert post(client, TOLD, at=now - timedelta(minutes=4)).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Koine-Signature": ""},
        {"X-Koine-Signature": "sha256=" + "0" * 64},
        {"X-Koine-Signature": "sha256=é"},
        {"X-Koine-Timestamp": ""},
        {"X-Koine-Timestamp": "1"},
        {"X-Koine-Timestamp": "now"},
    ],
)
def test_what_is_not_signed_changes_nothing(client, hook, headers):
    row = mail()
    answer = post(client, TOLD, **headers)
    assert (answer.status_code, answer.json()["error"]) == (403, "signature")
    row.refresh_from_db()
    assert row.status == Status.SENT


def test_another_secret_or_a_changed_body_is_refused(client, hook):
    mail()
    assert post(client, TOLD, secret="another").status_code == 403
    timestamp = str(int(timezone.now().timestamp()))
    signature = signature_of(SECRET, timestamp, json.dumps(TOLD).encode())
    changed = {"X-Koine-Timestamp": timestamp, "X-Koine-Signature": signature}
    assert post(client, {**TOLD, "code": "5.1.0"}, **changed).status_code == 403
    assert not BouncedAddress.objects.exists()


def test_a_signed_timestamp_must_be_one(client, hook):
    odd = "١٢٣"
    body = json.dumps(TOLD).encode()
    answer = post(
        client, TOLD, **{"X-Koine-Timestamp": "soon", "X-Koine-Signature": signature_of(SECRET, "soon", body)}
    )
    assert (answer.status_code, answer.json()["error"]) == (403, "timestamp")
    assert not signature_of(SECRET, odd, body).endswith("soon")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b" ", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "1 to 1000"),
        (b"7", "Report 1 is no object"),
        (json.dumps([TOLD, 7]).encode(), "Report 2 is no object"),
        (json.dumps([TOLD] * 1001).encode(), "1 to 1000"),
        (json.dumps({**TOLD, "code": "550"}).encode(), "code is not"),
        (json.dumps({**TOLD, "code": 5}).encode(), "code is not a text"),
        (json.dumps({**TOLD, "email": ""}).encode(), "email is missing"),
        (json.dumps({**TOLD, "message_id": "x" * 999}).encode(), "message_id is not a text"),
        (json.dumps({**TOLD, "diagnostic": "\ud800"}).encode(), "diagnostic is not a text"),
        (json.dumps({**TOLD, "email": "a\x00@b.example"}).encode(), "email is not a text"),
        (json.dumps({**TOLD, "at": "2024-11-20T09:03:00"}).encode(), "with its offset"),
        (json.dumps({**TOLD, "at": "0001-01-01T00:00:00+14:00"}).encode(), "with its offset"),
        (json.dumps({**TOLD, "gave_up": "yes"}).encode(), "gave_up"),
    ],
)
def test_what_can_not_be_read_is_told_and_none_of_it_is_taken(client, hook, body, words):
    row = mail()
    answer = post(client, None, body=body)
    assert (answer.status_code, answer.json()["error"]) == (400, "malformed")
    assert words in answer.json()["detail"]
    row.refresh_from_db()
    assert row.status == Status.SENT


def test_without_a_secret_nothing_is_there_and_other_requests_are_refused(client, hook, settings):
    assert client.get(PAGE).status_code == 405
    assert post(client, None, body=b" " * (1024 * 1024 + 1)).status_code == 413
    form = {"X-Koine-Timestamp": "1", "X-Koine-Signature": "x"}
    assert client.post(PAGE, {"a": "b"}, headers=form).status_code == 415
    settings.KOINE_BOUNCE_SECRET = ""
    assert post(client, TOLD, secret="").status_code == 404
    assert client.get(PAGE).status_code == 404
