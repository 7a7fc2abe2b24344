"""The outbox: what the recipient sees and nobody else may, what a list finds, and what a person can do with a mail."""

import threading
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from network.audit.models import AuditEvent
from network.doors import DomainError
from network.mail.domain.held import move_held
from network.mail.domain.outbox import move
from network.mail.enums import HeldFor, Status
from network.mail.messages import DIGEST
from network.mail.models import OutgoingMail
from network.outgoing import KINDS
from network.people.models import Organisation
from tests.admin import things
from tests.mail import deadlines_for_tests as meetings
from tests.mail.deadlines_for_tests import meeting  # noqa: F401  (a fixture of this file too)

pytestmark = pytest.mark.django_db
LIST = "/admin/mail/outgoingmail/"
CONFIRM = "people.account_changed"
CONTEXT = {"event": "password_changed", "path": "/en/accounts/"}


def page_of(browser, mail) -> str:
    answer = browser.get(reverse("admin:mail_outgoingmail_change", args=[mail.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def found(browser, **asked) -> set[int]:
    page = browser.get(LIST, asked)
    assert page.status_code == 200
    return set(page.context["cl"].queryset.values_list("pk", flat=True))


def act(browser, mail, lever, reason="The server is back"):
    return browser.post(reverse("admin:mail_outgoingmail_act", args=[mail.pk, lever]), {"reason": reason}, follow=True)


def planned(to, organisation, **fields) -> OutgoingMail:
    """A reminder of a meeting, as the planner writes it."""
    told = {"recipient": to, "to_email": to.email, "to_name": to.display_name, "language": to.preferred_language}
    about = {"deadline": "tests.meeting", "subject_id": organisation.pk, "due": organisation.source}
    reminder = {"status": Status.QUEUED, "kind": "tests.soon", "klass": "reminder"}
    return things.mail(**{**reminder, **told, **about, **fields})


@pytest.fixture
def nour(meeting):  # noqa: F811
    """Somebody who reads Arabic and meets in a week."""
    reader = meetings.reader(preferred_language="ar")
    meetings.meets(meetings.in_time("Europe/London", days=7), reader)
    return reader


@pytest.fixture
def assembly(nour):
    return Organisation.objects.get(slug="lamp")


# --- what is shown ----------------------------------------------------------------------------------------------------


def test_a_message_with_a_secret_link_is_never_shown(operator, enter):
    secrets = [kind for kind, message in KINDS.items() if message.secret]
    assert secrets
    for kind in secrets:
        mail = things.mail(kind=kind, context={"url": "https://koine.example/secret-token-123"})
        told = page_of(enter(operator), mail)
        assert "secret-token-123" not in told
        assert "for the recipient alone" in told
        assert enter(operator).get(reverse("admin:mail_outgoingmail_letter", args=[mail.pk])).status_code == 404


def test_a_message_that_cannot_be_made_says_so_and_hides_nothing_else(operator, enter):
    broken = things.mail(kind="grants.receipt", error="450 4.2.0 later")
    told = page_of(enter(operator), broken)
    assert "It can’t be shown" in told
    assert "450 4.2.0 later" in told
    former = things.mail(kind="old.kind", context={"x": "zyxwv"})
    told = page_of(enter(operator), former)
    assert "zyxwv" not in told
    assert "no longer sends this kind of message" in told


def test_a_planned_mail_is_read_in_its_readers_language_and_direction(operator, enter, nour, assembly):
    mail = planned(nour, assembly)
    browser = enter(operator)
    told = page_of(browser, mail)
    assert '<div class="letter" lang="ar" dir="rtl">' in told
    assert f'src="/admin/mail/outgoingmail/{mail.pk}/letter/" sandbox' in told
    for header in ("From", "To", "Message-ID", "List-Unsubscribe"):
        assert f'<dt lang="en" dir="ltr">{header}</dt>' in told
    assert "nour@example.org" in told
    assert "A meeting: <bdi>meeting" in told
    assert "London" in told
    letter = browser.get(f"/admin/mail/outgoingmail/{mail.pk}/letter/")
    assert letter.content.decode().startswith("<p>lamp ")


def test_a_planned_mail_without_anything_left_to_tell_says_so(operator, enter, nour, assembly):
    mail = planned(nour, assembly)
    type(assembly).objects.filter(pk=assembly.pk).update(archived_at=timezone.now())
    told = page_of(enter(operator), mail)
    assert "is over or gone" in told
    assert "<iframe" not in told


def test_the_frame_can_do_nothing_and_only_the_admin_frames_it(operator, enter, nour, assembly):
    mail = planned(nour, assembly)
    browser = enter(operator)
    letter = browser.get(f"/admin/mail/outgoingmail/{mail.pk}/letter/")
    assert letter.status_code == 200
    assert letter["X-Frame-Options"] == "SAMEORIGIN"
    policy = dict(part.strip().partition(" ")[::2] for part in letter["Content-Security-Policy"].split(";"))
    assert policy == {
        "default-src": "'none'", "style-src": "'unsafe-inline'", "base-uri": "'none'", "form-action": "'none'",
        "frame-ancestors": "'self'", "sandbox": "",
    }  # fmt: skip
    assert letter["Cache-Control"] == "private, no-store"
    page = browser.get(f"/admin/mail/outgoingmail/{mail.pk}/change/")
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"
    assert "frame-src" not in browser.get(LIST)["Content-Security-Policy"]


def test_a_digest_and_its_parts_lead_to_each_other(operator, enter, nour, assembly):
    digest = things.mail(Status.QUEUED, DIGEST.kind, klass="reminder", recipient=nour, to_email=nour.email)
    parts = [planned(nour, assembly, status=Status.SUPERSEDED, digest=digest) for _n in range(2)]
    browser = enter(operator)
    told = page_of(browser, digest)
    for part in parts:
        assert f'href="/admin/mail/outgoingmail/{part.pk}/change/"' in told
    assert told.count("meeting") >= 2
    assert "<iframe" in told
    assert f'href="/admin/mail/outgoingmail/{digest.pk}/change/"' in page_of(browser, parts[0])
    assert found(browser, ask="digests") == {digest.pk}


def test_what_became_of_a_mail_is_told_in_words(operator, enter, nour, assembly):
    browser = enter(operator)
    moment = timezone.now()
    held = planned(nour, assembly, status=Status.HELD, held_for=HeldFor.VOLUME)
    assert "unusually many at once" in page_of(browser, held)
    nobodys = things.mail(recipient_id=10**9, rule_id=10**9)
    assert "Nobody with an account" in page_of(browser, nobodys)
    inflight = things.mail(Status.INFLIGHT, lease_until=moment, smtp_started_at=moment)
    assert "A worker has it until" in page_of(browser, inflight)
    assert "Handed over on" in page_of(browser, inflight)
    off = things.mail(Status.SUPERSEDED, error="switched off")
    assert "The person switched this message off" in page_of(browser, off)
    gone = things.bounced(email="amina@people.example")
    bounced = things.mail(Status.FAILED, error="bounced 5.1.1 unknown", sent_at=moment)
    assert f'href="/admin/mail/bouncedaddress/{gone.pk}/change/"' in page_of(browser, bounced)
    assert 'chip--stop">bounced' in page_of(browser, bounced)
    assert found(browser, ask="bounced") == {bounced.pk}


# --- the list ---------------------------------------------------------------------------------------------------------


def test_each_filter_narrows_the_list(operator, enter, nour, assembly):
    now = timezone.now()
    old = things.mail(Status.SENT, CONFIRM, context=CONTEXT, created_at=now - timedelta(days=40))
    older = things.mail(Status.FAILED, created_at=now - timedelta(days=10))
    reminder = planned(nour, assembly)
    browser = enter(operator)
    everything = {old.pk, older.pk, reminder.pk}
    assert found(browser) == everything
    for asked, expected in (
        ({"status": "sent"}, {old.pk}),
        ({"kind": "tests.soon"}, {reminder.pk}),
        ({"klass": "reminder"}, {reminder.pk}),
        ({"language": "ar"}, {reminder.pk}),
        ({"deadline": "any"}, {reminder.pk}),
        ({"deadline": "tests.meeting"}, {reminder.pk}),
        ({"queued": "1"}, {reminder.pk}),
        ({"queued": "7"}, {reminder.pk}),
        ({"queued": "30"}, {reminder.pk, older.pk}),
        ({"queued": "a while"}, everything),
        ({"q": "@example.org"}, {reminder.pk}),
        ({"q": "nour@"}, {reminder.pk}),
        ({"q": "Amina"}, {old.pk, older.pk}),
        ({"ask": "failed"}, {older.pk}),
        ({"ask": "queued", "language": "en"}, set()),
    ):
        assert found(browser, **asked) == expected, asked


def test_a_mail_costs_the_same_queries_however_many_parts_it_has(operator, enter, nour, assembly):
    browser, cost = enter(operator), []
    for number in (1, 3):
        digest = things.mail(Status.QUEUED, DIGEST.kind, klass="reminder", to_email=nour.email)
        for _n in range(number):
            things.mail(Status.SUPERSEDED, digest=digest)
        with CaptureQueriesContext(connection) as seen:
            page_of(browser, digest)
        cost.append(len(seen))
    assert cost[0] == cost[1]


def test_only_operators_and_auditors_read_a_mail(operator, auditor, lamp, enter, nour, assembly, client):
    mail = planned(nour, assembly)
    address = f"/admin/mail/outgoingmail/{mail.pk}/letter/"
    for person, expected in ((operator, 200), (auditor, 200), (lamp.officer, 403), (lamp.manager, 403), (nour, 403)):
        assert enter(person).get(address).status_code == expected, person
    assert client.get(address).status_code == 302
    assert enter(operator).get("/admin/mail/outgoingmail/987654/letter/").status_code == 404


# --- one mail ---------------------------------------------------------------------------------------------------------


def test_a_mail_of_unclear_outcome_has_two_ways_on_each_with_its_reason_in_the_history(operator, enter):
    browser = enter(operator)
    handed_over = timezone.now() - timedelta(hours=2)
    arrived, lost = (things.mail(Status.UNCERTAIN, smtp_started_at=handed_over) for _n in range(2))
    page = browser.get(f"/admin/mail/outgoingmail/{arrived.pk}/change/")
    assert [str(lever["word"]) for lever in page.context["levers"]] == [
        "Send again", "It arrived: mark as sent", "Stop it",
    ]  # fmt: skip
    assert act(browser, arrived, "arrived", reason="").context["form"].errors
    act(browser, arrived, "arrived", reason="She rang")
    act(browser, lost, "send-again", reason="Not in the log")
    arrived.refresh_from_db()
    lost.refresh_from_db()
    assert (arrived.status, arrived.sent_at) == (Status.SENT, handed_over)
    assert lost.status == Status.QUEUED
    told = AuditEvent.objects.filter(table="mail_outgoingmail", actor_id=operator.pk).order_by("id")
    assert list(told.values_list("row", "reason")) == [(str(arrived.pk), "She rang"), (str(lost.pk), "Not in the log")]


def test_a_mail_that_a_worker_sends_in_the_meantime_says_so(operator, auditor, enter):
    browser = enter(operator)
    mail = things.mail(Status.QUEUED)
    address = reverse("admin:mail_outgoingmail_act", args=[mail.pk, "stop"])
    assert browser.get(address).status_code == 200
    OutgoingMail.objects.filter(pk=mail.pk).update(status=Status.SENT, sent_at=timezone.now())
    told = act(browser, mail, "stop")
    assert told.redirect_chain == [(f"/admin/mail/outgoingmail/{mail.pk}/change/", 302)]
    assert "Not possible: this mail is “sent”." in told.content.decode()
    assert OutgoingMail.objects.get(pk=mail.pk).status == Status.SENT
    assert enter(auditor).post(address, {"reason": "x"}).status_code == 403


def test_a_secret_that_was_wiped_is_not_sent_again(operator, enter):
    secret = next(kind for kind, message in KINDS.items() if message.secret)
    wiped, whole = things.mail(kind=secret), things.mail(kind=secret, context={"path": "/en/x/"})
    browser = enter(operator)
    for mail, offered in ((wiped, False), (whole, True)):
        page = browser.get(f"/admin/mail/outgoingmail/{mail.pk}/change/")
        assert any("send-again" in lever["url"] for lever in page.context["levers"]) is offered
    told = act(browser, wiped, "send-again").content.decode()
    assert "Its text is gone from the portal" in told


# --- all that is held -------------------------------------------------------------------------------------------------


def hold(number: int, **fields) -> list[OutgoingMail]:
    return [things.mail(Status.HELD, held_for=HeldFor.VOLUME, **fields) for _n in range(number)]


def test_all_held_mails_go_at_once_after_their_number_is_typed(operator, enter):
    held, other = hold(21), things.mail(Status.FAILED)
    browser = enter(operator)
    assert b"Let all held mails go (21)" in browser.get(LIST).content
    address = reverse("admin:mail_outgoingmail_held", args=["release"])
    page = browser.get(address)
    assert "21 mails are held." in page.content.decode()
    assert "unusually many at once" in page.content.decode()
    asked = {"newest": page.context["form"].initial["newest"], "reason": "The round is real"}
    for wrong in ({**asked, "typed": "20"}, {**asked, "typed": "21", "reason": " "}, {"typed": "21"}):
        assert browser.post(address, wrong).status_code == 200
        assert OutgoingMail.objects.filter(status=Status.HELD).count() == 21
    late = hold(1)[0]
    told = browser.post(address, {**asked, "typed": "21"}, follow=True).content.decode()
    assert "21 mails were let go." in told
    assert "Others were held since you looked" in told
    states = dict(OutgoingMail.objects.values_list("pk", "status"))
    assert states == {**{one.pk: "queued" for one in held}, late.pk: "held", other.pk: "failed"}
    assert set(OutgoingMail.objects.filter(status="queued").values_list("held_for", "attempts")) == {("", 0)}
    events = AuditEvent.objects.filter(table="mail_outgoingmail", reason="The round is real", actor_id=operator.pk)
    assert set(events.values_list("row", flat=True)) == {str(one.pk) for one in held}


def test_all_held_mails_are_stopped_and_then_there_is_nothing_left_to_stop(operator, enter):
    held = hold(2)
    browser = enter(operator)
    address = reverse("admin:mail_outgoingmail_held", args=["stop"])
    asked = {"newest": held[1].pk, "reason": "Wrong clock"}
    assert "2 mails were stopped." in browser.post(address, asked, follow=True).content.decode()
    assert set(OutgoingMail.objects.values_list("status", flat=True)) == {"aborted"}
    assert "No mail is held." in browser.get(address).content.decode()
    assert "0 mails were stopped." in browser.post(address, asked, follow=True).content.decode()
    assert b"held mails" not in browser.get(LIST).content


def test_whoever_is_no_operator_moves_nothing_that_is_held(auditor, operator, lamp, enter):
    held = hold(1)[0]
    address = reverse("admin:mail_outgoingmail_held", args=["release"])
    for person in (auditor, lamp.officer, lamp.manager):
        assert enter(person).get(address).status_code == 403
        assert enter(person).post(address, {"newest": held.pk, "reason": "x"}).status_code == 403
        with pytest.raises(DomainError) as refusal, transaction.atomic():
            move_held(Status.QUEUED, reason="x", by=person, newest=held.pk)
        assert refusal.value.code == "denied"
    with pytest.raises(DomainError):
        move_held(Status.SENT, reason="x", by=operator, newest=held.pk)
    assert b"held mails go" not in enter(auditor).get(LIST).content
    assert enter(operator).get(reverse("admin:mail_outgoingmail_held", args=["dance"])).status_code == 404
    assert OutgoingMail.objects.get(pk=held.pk).status == Status.HELD


@pytest.mark.django_db(transaction=True)
def test_two_who_move_all_that_is_held_at_once_move_each_mail_once(operator, monkeypatch):
    monkeypatch.setattr("network.mail.domain.held.enqueue", lambda *args: None)
    monkeypatch.setattr("network.mail.domain.outbox.enqueue", lambda *args: None)
    held = hold(60)
    gate, moved = threading.Barrier(3), []

    def press(what):
        gate.wait()
        try:
            moved.append(what())
        except DomainError as refusal:
            moved.append(refusal.code)
        finally:
            connection.close()

    def everything(to):
        return move_held(to, reason="x", by=operator, newest=held[-1].pk)

    presses = (
        lambda: everything(Status.QUEUED),
        lambda: everything(Status.ABORTED),
        lambda: move(held[30].pk, Status.ABORTED, reason="x") and 1,
    )
    threads = [threading.Thread(target=press, args=(one,)) for one in presses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not OutgoingMail.objects.filter(status=Status.HELD).exists()
    number = sum(one for one in moved if isinstance(one, int))
    # One more, where the single mail was stopped after it had been let go.
    assert number in {60, 61}
    assert AuditEvent.objects.filter(table="mail_outgoingmail", reason="x").count() == number


def test_the_search_for_an_address_that_bounced_leads_to_its_mails(operator, enter):
    gone = things.bounced(email="a+b@people.example")
    mail = things.mail(Status.FAILED, error="bounced 5.1.1")
    OutgoingMail.objects.filter(pk=mail.pk).update(to_email="a+b@people.example")
    page = enter(operator).get(reverse("admin:mail_bouncedaddress_change", args=[gone.pk])).content.decode()
    assert f'href="{LIST}?{urlencode({"q": gone.email})}"' in page
    assert found(enter(operator), q=gone.email) == {mail.pk}
