"""Lists of the admin: found in any script, few queries however long, at most seven columns."""

import datetime
import itertools

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cities.models import City
from network.membership.domain import decide
from network.membership.enums import DecisionKind
from network.membership.models import SINCE_EVER, Membership, MembershipDecision
from tests import places
from tests.admin import things

pytestmark = pytest.mark.django_db
MEMBERS = "/admin/membership/membership/"


def address(model, page="changelist"):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}")


def names(browser, **asked) -> list[str]:
    """The cities that a list of members shows."""
    page = browser.get(MEMBERS, asked)
    assert page.status_code == 200, page.status_code
    return [row.shown_city_name for row in page.context["cl"].result_list]


@pytest.mark.parametrize(
    "typed",
    ["Athens", "athens", "Αθήνα", "αθηνα", "أثينا", "Aten", "athina", "cityofathens.gr", "eleni@cityofathens.gr"],
)
def test_a_member_is_found_by_any_name_of_the_city_its_website_or_a_contact(
    lamp, harbour, contact, operator, enter, typed
):
    assert names(enter(operator), q=typed) == ["Athens"]


def test_nothing_is_found_for_what_is_not_there(lamp, harbour, operator, enter):
    page = enter(operator).get(MEMBERS, {"q": "Zanzibar"})
    assert page.context["cl"].result_count == 0
    assert "No membership answers this" in page.content.decode()


def test_questions_and_filters_narrow_the_list(lamp, harbour, contact, operator, enter):
    browser = enter(operator)
    decide(harbour.membership, DecisionKind.SUSPEND, by=operator, reason="x")
    Membership.objects.filter(pk=lamp.membership.pk).update(founding=True)
    assert names(browser, ask="member") == ["Athens"]
    assert names(browser, ask="suspended") == ["Malmö"]
    assert names(browser, ask="founding") == ["Athens"]
    assert names(browser, ask="no-contact") == ["Malmö"]
    assert names(browser, network=harbour.network.slug) == ["Malmö"]
    assert names(browser, country="SE") == ["Malmö"]
    assert names(browser, ask="applied") == []


def test_names_are_in_the_language_of_the_person(lamp, operator, enter, settings):
    browser = enter(operator)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "el"
    assert names(browser) == ["Αθήνα"]


def test_status_is_told_in_words(lamp, operator, enter):
    decide(lamp.membership, DecisionKind.SUSPEND, by=operator, reason="x")
    page = enter(operator).get(MEMBERS).content.decode()
    assert '<span class="chip chip--stop">suspended</span>' in page


@pytest.mark.parametrize("model_admin", admin.site._registry.values(), ids=lambda one: one.model.__name__)
def test_a_list_has_at_most_seven_columns_and_counts_no_further_than_it_must(model_admin, operator, enter):
    assert len(model_admin.list_display) <= 7
    assert model_admin.show_full_result_count is False
    assert len(model_admin.inlines) <= 2
    assert enter(operator).get(model_admin.list_url()).status_code == 200


@pytest.fixture
def two_thousand(lamp, operator):
    """2,000 members with their decisions, put in at once: this is about reading."""
    regions = itertools.cycle(["europe", "east_asia_pacific"])
    cities = City.objects.bulk_create(
        City(
            slug=f"city-{n}",
            name_en=f"City {n:04}",
            name_el=f"Πόλη {n:04}",
            country="GR",
            region=next(regions),
            search_text=f"city {n:04}",
        )
        for n in range(2000)
    )
    rows = Membership.objects.bulk_create(Membership(city=city, network=lamp.network, act_en="Vote") for city in cities)
    MembershipDecision.objects.bulk_create(
        MembershipDecision(membership=row, kind=DecisionKind.APPROVE, effective_on=SINCE_EVER) for row in rows
    )
    return rows


def test_two_thousand_members_cost_as_many_queries_as_one(lamp, two_thousand, operator, enter):
    browser = enter(operator)
    browser.get(MEMBERS)
    for asked in ({}, {"ask": "member"}, {"q": "city 0042"}, {"network": lamp.network.slug, "p": "3"}):
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(MEMBERS, asked).status_code == 200
        assert len(seen) == 9, [query["sql"][:120] for query in seen]


@pytest.mark.parametrize("rows", [1, 3])
def test_other_lists_cost_the_same_for_one_row_and_three(lamp, operator, enter, rows):
    for _n in range(rows - 1):
        places.member(lamp.network, places.city())
    for n in range(rows):
        things.label(lamp.practice, lamp.network, timezone.localdate() - datetime.timedelta(days=800 * n))
        things.mail()
        things.rule()
        things.bounced()
        things.ended_pause(operator)
        things.theme(operator)
        things.version(lamp.practice, "discarded")
    browser = enter(operator)
    cost = {}
    for model_admin in admin.site._registry.values():
        url = model_admin.list_url()
        with CaptureQueriesContext(connection) as seen:
            browser.get(url)
        cost[model_admin.model.__name__] = len(seen)
    assert cost == {
        "AuditEvent": 7, "Download": 7, "City": 8, "Fund": 7, "Round": 8, "Application": 8, "OutgoingMail": 8,
        "Membership": 9, "Network": 7, "Organisation": 8, "Role": 7, "User": 8, "Practice": 8, "Concept": 7, "Label": 8, "LabelKind": 7,
        "PracticeVersion": 8,
        "ReminderRule": 7, "MailPause": 8, "BouncedAddress": 7,
    }  # fmt: skip
