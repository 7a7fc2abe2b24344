"""The lever that pauses all mail, and addresses that bounced: who may, what is refused, what everybody sees."""

import threading

import pytest
from django.db import connection, transaction
from django.urls import reverse

from network.audit.models import AuditEvent
from network.doors import DomainError
from network.mail.domain.claiming import claim
from network.mail.domain.pauses import LONGEST_REASON, pause_all, resume
from network.mail.enums import Status
from network.mail.models import BouncedAddress, MailPause
from network.mail.queries.pauses import open_pause
from network.people.enums import RoleKind
from tests.admin import things
from tests.admin.conftest import staff

pytestmark = pytest.mark.django_db
LIST = "/admin/mail/mailpause/"
PAUSE = f"{LIST}turn/pause/"
RESUME = f"{LIST}turn/resume/"


def test_mail_stops_and_goes_out_again_and_both_are_on_record(operator, enter):
    mail = things.mail(Status.QUEUED)
    browser = enter(operator)
    assert b"Mail is going out" in browser.get(LIST).content
    assert b"All mail is paused" not in browser.get("/admin/").content
    assert browser.post(PAUSE, {"reason": " "}).context["form"].errors
    assert open_pause() is None
    told = browser.post(PAUSE, {"reason": "Server moves"}, follow=True).content.decode()
    assert "Paused by <bdi>Operator Olsen</bdi>." in told
    assert "Server moves" in told
    assert claim() == []
    for page in ("/admin/", "/admin/cities/city/"):
        assert b"All mail is paused." in browser.get(page).content
    assert b"All mail is paused</h2>" in browser.get(LIST).content
    told = browser.post(RESUME, {"reason": "It stands again"}, follow=True).content.decode()
    assert "Mail is going out again." in told
    assert [row.pk for row in claim()] == [mail.pk]
    pause = MailPause.objects.get()
    assert (pause.started_by, pause.ended_by, pause.reason) == (operator, operator, "Server moves")
    events = AuditEvent.objects.filter(table="mail_mailpause", actor_id=operator.pk).order_by("id")
    assert [event.reason for event in events] == ["Server moves", "It stands again"]


def test_pausing_twice_and_resuming_twice_are_refused(operator, enter):
    browser = enter(operator)
    assert "Mail is going out already." in browser.post(RESUME, {"reason": "x"}).content.decode()
    pause_all("Server moves", by=operator)
    again = browser.post(PAUSE, {"reason": "x"})
    assert "All mail is paused already." in again.content.decode()
    assert MailPause.objects.count() == 1
    resume("Done", by=operator)
    with pytest.raises(DomainError) as refusal:
        resume("Done", by=operator)
    assert refusal.value.code == "state"


@pytest.mark.parametrize("reason", ["", " \n\u2028 ", "x" * (LONGEST_REASON + 1)])
def test_a_pause_needs_a_reason_that_fits(operator, reason):
    for verb in (pause_all, resume):
        with pytest.raises(DomainError) as refusal, transaction.atomic():
            verb(reason, by=operator)
        assert refusal.value.code == "reason"
    assert not MailPause.objects.exists()


def test_only_operators_pause_and_auditors_read(operator, auditor, lamp, enter):
    for person in (auditor, lamp.officer, lamp.manager):
        for verb in (pause_all, resume):
            with pytest.raises(DomainError) as refusal:
                verb("x", by=person)
            assert refusal.value.code == "denied"
        browser = enter(person)
        assert browser.get(PAUSE).status_code == browser.post(PAUSE, {"reason": "x"}).status_code == 403
        assert browser.get(LIST).status_code == (200 if person is auditor else 403)
    assert PAUSE.encode() not in enter(auditor).get(LIST).content
    assert PAUSE.encode() in enter(operator).get(LIST).content
    assert enter(operator).get(f"{LIST}turn/dance/").status_code == 404
    assert not MailPause.objects.exists()


def test_everybody_in_the_admin_sees_the_pause_and_only_who_may_read_it_a_way_there(operator, auditor, lamp, enter):
    pause_all("Server moves", by=operator)
    for person, way in ((operator, True), (auditor, True), (lamp.officer, False), (lamp.manager, False)):
        page = enter(person).get("/admin/").content.decode()
        assert "All mail is paused." in page
        assert (f'<a href="{LIST}">See why' in page) is way, person


@pytest.mark.django_db(transaction=True)
def test_of_two_who_press_the_same_button_at_once_one_is_told_so(operator):
    other = staff(RoleKind.OPERATOR, email="second@example.org", name="Operator Okoro")
    for verb in (pause_all, resume):
        gate, outcomes = threading.Barrier(2), []

        def press(person, verb=verb, gate=gate, outcomes=outcomes):
            gate.wait()
            try:
                outcomes.append(verb("Server moves", by=person).pk)
            except DomainError as refusal:
                outcomes.append(refusal.code)
            finally:
                connection.close()

        threads = [threading.Thread(target=press, args=(person,)) for person in (operator, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(map(str, outcomes)) == [str(MailPause.objects.get().pk), "state"]
    assert MailPause.objects.get().ended_at is not None


# --- addresses that bounced -------------------------------------------------------------------------------------------


def test_a_bounced_address_is_found_and_lifted_with_a_reason(operator, enter):
    gone, other = things.bounced(email="nour@people.example"), things.bounced(email="amina@other.example")
    browser = enter(operator)
    page = browser.get("/admin/mail/bouncedaddress/", {"q": "people.example"})
    assert [row.pk for row in page.context["cl"].result_list] == [gone.pk]
    address = reverse("admin:mail_bouncedaddress_act", args=[gone.pk, "lift"])
    assert browser.post(address, {"reason": ""}).context["form"].errors
    done = browser.post(address, {"reason": "New mailbox"}, follow=True)
    assert done.redirect_chain == [("/admin/mail/bouncedaddress/", 302)]
    assert "Done: Lift, nour@people.example." in done.content.decode()
    assert list(BouncedAddress.objects.all()) == [other]
    assert browser.post(address, {"reason": "Again"}).status_code == 404
    event = AuditEvent.objects.filter(table="mail_bouncedaddress").latest("id")
    assert (event.action, event.reason, event.actor_id) == ("D", "New mailbox", operator.pk)


def test_an_auditor_reads_bounced_addresses_and_lifts_none(auditor, lamp, enter):
    gone = things.bounced()
    address = reverse("admin:mail_bouncedaddress_act", args=[gone.pk, "lift"])
    browser = enter(auditor)
    page = browser.get(reverse("admin:mail_bouncedaddress_change", args=[gone.pk]))
    assert page.context["levers"] == []
    assert "550 5.1.1 user unknown" in page.content.decode()
    for person in (auditor, lamp.officer):
        assert enter(person).post(address, {"reason": "x"}).status_code == 403 or person is lamp.officer
    assert BouncedAddress.objects.filter(pk=gone.pk).exists()
