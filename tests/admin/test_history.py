"""History in words: who, when, what from what to what, why; in the language of the reader."""

import datetime
import html
from dataclasses import replace

import pytest
from django.urls import reverse

from cities.domain import ContactDetails, add_contact
from cities.models import City
from network.audit.context import acting
from network.membership.domain import decide, network_details, update_network
from network.membership.enums import DecisionKind
from network.membership.models import Membership
from network.people.models import User
from network.portal.admin.history import Child, events_of, tell
from tests.admin.typing import fill

pytestmark = pytest.mark.django_db


def story(browser, thing) -> str:
    meta = thing._meta
    page = browser.get(reverse(f"admin:{meta.app_label}_{meta.model_name}_history", args=[thing.pk]))
    assert page.status_code == 200
    return html.unescape(page.content.decode())


def entries(thing, *children) -> list:
    return tell(events_of(thing, children))


def test_a_change_made_in_the_admin_names_the_person_the_values_and_the_request(lamp, enter):
    url = reverse("admin:cities_city_change", args=[lamp.city.pk])
    answer = fill(enter(lamp.officer), url, kind="municipality", name_el="Αθήναι", population="643452")
    entry = entries(City.objects.get(pk=lamp.city.pk))[0]
    assert (entry.who, entry.what, entry.request_id) == ("Officer of Lamp", "City: changed", answer["X-Request-ID"])
    assert {name: (before, after) for name, before, after in entry.changes} == {
        "Kind": ("City", "Municipality"),
        "Name (Greek)": ("Αθήνα", "Αθήναι"),
        "Population": ("nothing", "643,452"),
    }
    told = story(enter(lamp.officer), lamp.city)
    assert "Name (Greek)" in told
    assert answer["X-Request-ID"] in told


def test_a_decision_is_told_with_its_reason_among_the_members_own_changes(lamp, enter, operator):
    with acting(operator.pk, "abc"):
        decide(
            lamp.membership,
            DecisionKind.SUSPEND,
            by=operator,
            reason="No dues paid",
            effective_on=datetime.date(2026, 5, 4),
        )
    told = story(enter(lamp.officer), lamp.membership)
    for words in ("Decision: created", "Operator Olsen", "No dues paid", "4 May 2026", "Suspend"):
        assert words in told


def test_related_things_are_named_and_lists_of_languages_spelled_out(lamp, harbour, operator):
    details = replace(network_details(lamp.network), secretariat_city=harbour.city, enabled_languages=("en", "el"))
    update_network(lamp.network, details, version=lamp.network.version, by=operator)
    changes = {name: (before, after) for name, before, after in entries(lamp.network)[0].changes}
    assert changes["Seat of the secretariat"] == ("nothing", "Malmö")
    assert changes["Languages switched on"][1] == "English, Greek"
    assert changes["Languages switched on"][0].startswith("English, Arabic, Greek")


def test_a_day_is_told_as_exactly_as_it_is_known(lamp):
    with acting(None):
        Membership.objects.filter(pk=lamp.membership.pk).update(
            joined_on=datetime.date(2015, 9, 1), joined_precision="month"
        )
    entry = entries(lamp.membership)[0]
    assert entry.who == "the portal itself"
    assert ("Joined", "4 May 2020", "September 2015") in entry.changes


def test_what_nobody_reads_is_left_out(lamp, operator, enter):
    add_contact(lamp.city, ContactDetails(name="Eleni", public=True), by=operator)
    told = story(enter(operator), lamp.city)
    for silent in ("search", "uuid", "version", str(lamp.city.uuid), "{"):
        assert silent not in told.casefold().split("<main", 1)[1]
    assert "Shown to everyone" in told


def test_an_account_that_is_gone_is_said_to_be_gone(lamp):
    with acting(999_999):
        City.objects.filter(pk=lamp.city.pk).update(population=1)
    assert entries(lamp.city)[0].who == "an account that is gone"


def test_history_is_in_the_language_of_the_reader(lamp, operator, enter, settings):
    City.objects.filter(pk=lamp.city.pk).update(country="SE", population=1)
    browser = enter(operator)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "sv"
    told = story(browser, lamp.city)
    assert "Grekland" in told
    assert "Sverige" in told


def test_children_are_found_after_they_are_gone(lamp, contact, operator):
    contact.delete()
    child = Child(type(contact), "city_id")
    assert [entry.what for entry in entries(lamp.city, child)][:1] == ["Contact: removed"]


def test_the_whole_history_can_be_searched_by_who_and_why(lamp, operator, auditor, enter):
    with acting(lamp.officer.pk, "abc"):
        decide(lamp.membership, DecisionKind.SUSPEND, by=lamp.officer, reason="No dues paid")
    browser = enter(auditor)
    for asked in (
        {"q": "Officer of Lamp"},
        {"q": "dues"},
        {"ask": "explained"},
        {"what": "membership.membershipdecision"},
    ):
        rows = browser.get("/admin/audit/auditevent/", asked).context["cl"].queryset
        assert rows.filter(table="membership_membershipdecision", reason="No dues paid").exists(), asked
    assert not browser.get("/admin/audit/auditevent/", {"q": "nobody did that"}).context["cl"].result_count


def test_reading_history_costs_the_same_for_few_changes_and_many(lamp, operator, enter, django_assert_num_queries):
    browser = enter(operator)
    for _round in range(2):
        for n in range(6):
            City.objects.filter(pk=lamp.city.pk).update(population=n + 1)
        with django_assert_num_queries(8):
            story(browser, lamp.city)
    assert User.objects.exists()
