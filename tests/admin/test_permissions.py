"""Who sees, adds and changes what: every registered list, every capacity, own things and those of others."""

import pytest
from django.contrib import admin
from django.urls import reverse

from cities.models import City
from grants.models import Application, Fund, Round
from network.audit.models import AuditEvent
from network.mail.models import BouncedAddress, MailPause, OutgoingMail, ReminderRule
from network.membership.models import Membership, Network
from network.people.models import Organisation, Role, User
from network.portal.domain.downloads import note_download
from network.portal.models import Download
from practices.models import Concept, Label, LabelKind, Practice, PracticeVersion
from tests.admin import things

pytestmark = pytest.mark.django_db

# What each capacity may do in each list: l(ist and view), a(dd), c(hange by the form), x (levers only). Nobody deletes.
MATRIX = {
    #              operator auditor officer manager
    Membership: ("lac", "l", "lac", ""),
    Network: ("lac", "l", "lc", ""),
    City: ("lac", "l", "lac", ""),
    Practice: ("lac", "l", "lac", ""),
    PracticeVersion: ("l", "l", "l", ""),
    Concept: ("lac", "l", "", ""),
    Label: ("lax", "l", "lax", ""),
    LabelKind: ("lac", "l", "lac", ""),
    User: ("lx", "l", "lx", ""),
    Role: ("lx", "l", "lx", ""),
    Organisation: ("lc", "l", "l", "l"),
    Fund: ("lacx", "l", "", "lcx"),
    Round: ("lacx", "l", "", "lacx"),
    Application: ("l", "l", "", "l"),
    OutgoingMail: ("lx", "l", "", ""),
    ReminderRule: ("lac", "l", "", ""),
    MailPause: ("lx", "l", "", ""),
    BouncedAddress: ("lx", "l", "", ""),
    AuditEvent: ("l", "l", "", ""),
    Download: ("l", "l", "", ""),
}


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def world(lamp, harbour, contact, operator):
    """A row of each kind in Lamp's territory, and one in Harbour's where a thing belongs to a territory."""
    lamp.network.secretariat = Organisation.objects.get(slug="funder-lamp")
    lamp.network.save()
    harbour.network.secretariat = Organisation.objects.get(slug="funder-harbour")
    harbour.network.save()
    one, other = things.sent_application(lamp.round), things.sent_application(harbour.round)
    role = Role.objects.get(user=lamp.officer)
    theme, mail = things.theme(operator), things.mail()
    labels = things.label(lamp.practice, lamp.network), things.label(harbour.practice, harbour.network)
    note_download(City, by=operator, filters="", rows=1, form="csv")
    return {
        Membership: (lamp.membership, harbour.membership),
        Network: (lamp.network, harbour.network),
        City: (lamp.city, harbour.city),
        Practice: (lamp.practice, harbour.practice),
        PracticeVersion: (things.version(lamp.practice), things.version(harbour.practice)),
        Concept: (theme, None),
        Label: labels,
        LabelKind: (labels[0].kind, labels[1].kind),
        User: (lamp.officer, harbour.officer),
        Role: (role, Role.objects.get(user=harbour.officer)),
        Organisation: (lamp.network.secretariat, harbour.network.secretariat),
        Fund: (lamp.fund, harbour.fund),
        Round: (lamp.round, harbour.round),
        Application: (one, other),
        OutgoingMail: (mail, None),
        ReminderRule: (things.rule(), None),
        MailPause: (things.ended_pause(operator), None),
        BouncedAddress: (things.bounced(), None),
        AuditEvent: (AuditEvent.objects.first(), None),
        Download: (Download.objects.get(), None),
    }


def test_the_matrix_names_every_registered_list():
    assert set(MATRIX) == set(admin.site._registry)


@pytest.mark.parametrize("capacity", ["operator", "auditor", "officer", "manager"])
def test_each_capacity_does_what_the_matrix_says(world, lamp, operator, auditor, enter, capacity):
    person = {"operator": operator, "auditor": auditor, "officer": lamp.officer, "manager": lamp.manager}[capacity]
    place = ["operator", "auditor", "officer", "manager"].index(capacity)
    browser = enter(person)
    for model, row in MATRIX.items():
        may, (own, _other) = row[place], world[model]
        assert browser.get(address(model, "changelist")).status_code == (200 if "l" in may else 403), model
        page = browser.get(address(model, "change", own.pk))
        assert page.status_code == (200 if "l" in may else 403), model
        if "l" in may:
            assert bool(page.context["saves"]) == ("c" in may), model
            assert b'name="_save"' in page.content if "c" in may else b'name="_save"' not in page.content, model
        assert browser.get(address(model, "history", own.pk)).status_code == (200 if "l" in may else 403), model
        assert browser.get(address(model, "add")).status_code == (200 if "a" in may else 403), model
        assert browser.post(address(model, "change", own.pk), {}).status_code in (
            {200} if "c" in may else {403, 404}
        ), model
        assert browser.get(address(model, "delete", own.pk)).status_code in {403, 404}, model
        assert browser.post(address(model, "delete", own.pk), {"post": "yes"}).status_code in {403, 404}, model
        assert model._default_manager.filter(pk=own.pk).exists()


def test_levers_are_offered_only_where_something_may_be_changed(world, lamp, operator, auditor, enter):
    for person, may_pull in ((operator, True), (auditor, False), (lamp.officer, True)):
        page = enter(person).get(address(Membership, "change", lamp.membership.pk))
        assert bool(page.context["levers"]) is may_pull
        suspend = address(Membership, "act", lamp.membership.pk, "suspend")
        assert enter(person).get(suspend).status_code == (200 if may_pull else 403)


def test_an_officer_and_a_manager_see_nothing_of_another_network(world, lamp, harbour, enter):
    for person in (lamp.officer, lamp.manager):
        browser, swept = enter(person), 0
        for model, (own, other) in world.items():
            if other is None:
                continue
            listed = browser.get(address(model, "changelist"))
            refused = {404} if listed.status_code == 200 else {403, 404}
            for page in ("change", "history"):
                assert browser.get(address(model, page, other.pk)).status_code in refused, (model, page)
            assert browser.post(address(model, "change", other.pk), {}).status_code in {403, 404}, model
            if listed.status_code == 200:
                keys = set(listed.context["cl"].queryset.values_list("pk", flat=True))
                assert other.pk not in keys, model
                assert own.pk in keys, model
                swept += 1
        assert swept >= 4


def test_a_lever_does_not_reach_into_another_network(world, lamp, harbour, enter):
    browser = enter(lamp.officer)
    url = address(Membership, "act", harbour.membership.pk, "suspend")
    assert browser.get(url).status_code == 404
    assert browser.post(url, {"reason": "x", "effective_on": "2026-01-01"}).status_code == 404
    many = address(Membership, "act_on_many", "suspend")
    page = browser.post(many, {"keys": str(harbour.membership.pk), "reason": "x", "effective_on": "2026-01-01"})
    assert page.context["number"] == 0
    assert harbour.membership.decisions.count() == 1


def test_a_sealed_round_is_only_counted_until_it_closes(world, lamp, operator, enter):
    application = world[Application][0]
    Round.objects.update(sealed=True)
    for person in (operator, lamp.manager):
        browser = enter(person)
        assert browser.get(address(Application, "change", application.pk)).status_code == 404
        assert b"Neighbours at one table" not in browser.get(address(Application, "changelist")).content
        assert b"1 sent" in browser.get(address(Round, "change", lamp.round.pk)).content


def test_the_history_tells_nothing_of_what_is_sealed(world, auditor, enter):
    application = world[Application][0]
    event = AuditEvent.objects.filter(table="grants_application", row=str(application.pk)).latest("id")
    browser = enter(auditor)
    assert b"Neighbours at one table" in browser.get(address(AuditEvent, "change", event.pk)).content
    Round.objects.update(sealed=True)
    told = browser.get(address(AuditEvent, "change", event.pk)).content
    assert b"Neighbours at one table" not in told
    assert b"Not shown: the application is a draft" in told


def test_drafts_of_applications_stay_with_their_writers(world, operator, enter):
    application = world[Application][0]
    Application.objects.filter(pk=application.pk).update(state="draft")
    assert enter(operator).get(address(Application, "change", application.pk)).status_code == 404


def test_a_person_without_a_staff_role_is_told_so_and_a_stranger_signs_in(client, db, enter, django_user_model):
    nobody = django_user_model.objects.create_user("nobody@example.org", display_name="Nobody")
    assert enter(nobody).get("/admin/").status_code == 403
    answer = client.get("/admin/cities/city/")
    assert answer.status_code == 302
    assert "/accounts/login/?next=/admin/cities/city/" in answer["Location"]
    assert "/accounts/login/" in client.get("/admin/login/")["Location"]
    assert client.post("/admin/login/", {"username": "x", "password": "y"}).status_code in {302, 403}


def test_tables_of_packages_are_not_in_the_admin():
    assert {model._meta.app_label for model in admin.site._registry} == {
        "audit", "cities", "grants", "mail", "membership", "people", "portal", "practices",
    }  # fmt: skip
