"""Versions of practices for staff: what waits and for whom; drafts are nobody's business but their writers'."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from network.membership.domain import NetworkDetails, create_network
from network.people.domain.roles import grant_role
from network.people.enums import RoleKind
from practices.domain import NewRecord, accept_review, ask_revision, publish_version, start_practice, start_version
from practices.models import PracticeVersion, ReviewRequest
from tests.admin.test_permissions import address
from tests.practices import builders as build
from tests.practices.reviewing import WHOLE, give, town

pytestmark = pytest.mark.django_db
LIST = "/admin/practices/practiceversion/"


@pytest.fixture
def cast():
    return town()


def numbers(browser, **asked) -> list[int]:
    """The versions that the list shows, by id."""
    page = browser.get(LIST, asked)
    assert page.status_code == 200
    return sorted(row.pk for row in page.context["cl"].result_list)


def test_a_version_is_found_by_what_is_to_be_done_with_it(cast, enter):
    browser = enter(cast.decider)
    version = cast.version()
    assert numbers(browser, ask="waiting") == numbers(browser, ask="to-ask") == [version.pk]
    for name in ("athens", "bari"):
        cast.ask(version, name)
    assert numbers(browser, ask="to-ask") == numbers(browser, ask="late") == numbers(browser, ask="to-decide") == []
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    ReviewRequest.objects.filter(reviewer=cast.peers["bari"]).update(due_on=yesterday)
    assert numbers(browser, ask="late") == [version.pk]
    assert "0 of 2" in browser.get(LIST).content.decode()
    for request in ReviewRequest.objects.order_by("id"):
        give(accept_review(request, by=request.reviewer))
    assert numbers(browser, ask="to-decide") == [version.pk]
    ask_revision(version, by=cast.decider, reason="Say what it cost.")
    assert numbers(browser, ask="waiting") == []
    assert numbers(browser, ask="revision") == numbers(browser, state="revision") == [version.pk]


def test_drafts_are_not_shown_and_what_was_published_without_reviews_is_found(cast, enter):
    browser = enter(cast.operator)
    draft = start_practice(NewRecord(cast.city, "sv", "Utkast"), by=cast.writer)
    version = cast.version()
    practice = publish_version(version, by=cast.decider, unreviewed_because="The only city of its network.")
    begun = start_version(practice, by=cast.writer)
    assert numbers(browser) == numbers(browser, ask="unreviewed") == [version.pk]
    for hidden in (draft, begun):
        assert browser.get(address(PracticeVersion, "change", hidden.pk)).status_code == 404


def test_it_is_searched_by_the_title_its_city_wrote_and_by_the_city(cast, enter):
    version = cast.version(about={**WHOLE["about"], "title": "Nattvandring i Rosengård"})
    browser = enter(cast.decider)
    for term, found in (("rosengård", [version.pk]), ("malmö", [version.pk]), ("athens", []), ("x", [])):
        assert numbers(browser, q=term) == found, term
    assert numbers(browser, country="SE") == [version.pk]


def test_its_page_says_where_it_stands_and_leads_to_where_it_is_decided(cast, enter):
    version = cast.version()
    cast.ask(version, "athens")
    page = enter(cast.decider).get(address(PracticeVersion, "change", version.pk)).content.decode()
    assert "Broar, version 1" in page
    assert f'href="/en/practices/{version.practice.slug}/versions/1/"' in page
    assert all(words in page for words in ("Första.", "Nikos", "In review", "Åsa"))
    assert 'name="_save"' not in page


def test_an_officer_of_another_network_sees_none_of_it(cast, enter):
    version = cast.version()
    other = create_network(NetworkDetails(names={"en": "Harbours"}, kind="global"), by=cast.operator)
    stranger = build.person()
    grant_role(stranger, RoleKind.NETWORK_OFFICER, other.uuid, reason="Named.", by=cast.operator)
    browser = enter(stranger)
    assert numbers(browser) == []
    assert browser.get(address(PracticeVersion, "change", version.pk)).status_code == 404
    assert LIST in enter(cast.decider).get("/admin/practices/practice/").content.decode()
