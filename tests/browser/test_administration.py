"""The third job: a network officer signs in with both factors, finds a member in any spelling, suspends it, and it is told."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone, translation
from playwright.sync_api import expect

from network.frame.moments import day_text
from network.membership.models import Membership
from network.people.demo import code_of
from network.people.models import User
from network.portal.demo.accounts import phrase_of
from tests.permissions.cast import ROLES

pytestmark = pytest.mark.slow
# Language of the admin -> the officer, how she spells the city (here without its accent), and the city.
JOBS = {"en": ("cni", "Λαρισα", "larissa"), "ar": ("scn", "بيروت", "beirut")}
REASONS = {"en": "No dues since 2024", "ar": "لم تُسدَّد الاشتراكات منذ 2024"}


@pytest.mark.parametrize("code", ["en", "ar"])
def test_an_officer_suspends_a_member_with_reason_and_day(reader, portal, code):
    role, spelling, slug = JOBS[code]
    officer = reader(code)
    page, user = officer.page, User.objects.get(email=ROLES[role])
    page.goto(officer.url + "/admin/")
    # The door speaks the browser's language, the admin the account's until the officer switches.
    officer.sees_heading("Sign in")
    officer.signs_in(user.email, phrase_of(user.email), lambda: code_of(user))
    expect(page.locator("html")).to_have_attribute("lang", user.preferred_language)
    page.locator("header details:has(form[action*=language]) summary").click()
    page.locator(f'header form[action*=language] button[lang="{code}"]').click()
    officer.sees_heading("Work queue")
    expect(page.locator(".waits__tile").first).to_be_visible()

    page.locator(".staff__menu").get_by_role("link", name=officer.says("Members"), exact=True).click()
    officer.sees_heading("Members")
    page.locator("#searchbar").fill(spelling)
    officer.press("Show")
    rows = page.locator("#result_list tbody tr")
    expect(rows).to_have_count(1)
    membership = Membership.objects.get(city__slug=slug, network__abbreviation=role.upper())
    rows.get_by_role("link").first.click()

    officer.follow("Suspend")
    expect(officer.heading).to_contain_text(officer.says("Suspend"))
    officer.press("Suspend")
    expect(page.locator(".error-summary")).to_be_focused()
    since = timezone.localdate() - datetime.timedelta(days=1)
    officer.fill("Takes effect on", since.isoformat())
    officer.fill("Reason", REASONS[code])
    officer.press("Suspend")
    expect(page.locator(".messages")).to_contain_text(officer.says("Suspend"))
    expect(officer.main.locator(".chip--stop")).to_have_text(officer.says("suspended"))

    officer.follow("History")
    told = page.locator(".story__entry").first
    expect(told).to_contain_text(officer.says("%(thing)s: created", thing=capital(officer.says("decision"))))
    expect(told.locator(".story__who")).to_contain_text(user.display_name)
    expect(told.locator(".story__reason")).to_contain_text(REASONS[code])
    with translation.override(code):
        expect(told).to_contain_text(day_text(since))
    assert membership.decisions.latest("pk").effective_on == since


def capital(words: str) -> str:
    """The words with a large first letter, as they begin a line."""
    return words[:1].upper() + words[1:]
