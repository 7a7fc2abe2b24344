"""Everything that matters without JavaScript: searching, filtering, asking, writing, signing up, sending."""

from __future__ import annotations

import pytest
from django.core import mail
from playwright.sync_api import expect

from grants.models import AnswerSection, Application
from tests.browser.applicant import answer_eligibility, answer_to, applicant, draft_of, fill_in, sections_of, upload
from tests.people.signing import PASSWORD

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("code", ["en", "ar"])]
SOUGHT = {"en": "school", "ar": "مدرسة"}
ATHENS = {"en": "Athens", "ar": "أثينا"}


@pytest.fixture
def plain(reader, code):
    """A reader whose browser runs no scripts."""
    return reader(code, java_script_enabled=False)


def test_the_library_and_the_directory_are_searched_and_filtered(plain, code):
    page = plain.page
    plain.open("practices:list")
    page.locator("#search-q").fill(SOUGHT[code])
    plain.press("Search")
    rows = page.locator("ol.results > li")
    found = rows.count()
    assert found > 1
    plain.tick("country", "GR")
    plain.press("Show results")
    assert 0 < rows.count() < found
    expect(page.locator("#search-q")).to_have_value(SOUGHT[code])
    page.locator("#results .chips a").first.click()
    expect(rows).to_have_count(found)

    plain.open("portal:cities")
    plain.field("Name of the city").fill("Αθήνα")
    plain.field("Country").select_option("GR")
    plain.press("Show results")
    expect(page.locator("#city-list > li")).to_have_count(1)
    page.locator("#city-list a").first.click()
    expect(plain.heading).to_contain_text(ATHENS[code])


def test_a_letter_reaches_a_city(plain, code):
    plain.open("cities:contact", slug="athens")
    plain.fill("Your full name", "Salma Haddad")
    plain.fill("Your e-mail address", f"salma-{code}@reader.example")
    plain.fill("Your message", "How did you begin?")
    plain.press("Send letter")
    expect(plain.heading).to_contain_text(plain.says("Your letter is on its way"))
    letter = next(one for one in mail.outbox if "How did you begin?" in one.body)
    assert letter.reply_to == [f"salma-{code}@reader.example"]


def test_an_account_is_created(plain, code):
    plain.open("account_signup")
    plain.fill("Full name", "Salma Haddad")
    plain.fill("E-mail address", f"plain-{code}@reader.example")
    plain.fill("Password", PASSWORD)
    plain.press("Create the account")
    plain.sees_heading("Look into your mailbox")
    assert any(f"plain-{code}@reader.example" in one.to[0] for one in mail.outbox)


def test_a_draft_is_begun_saved_and_sent(plain, portal, code):
    user = applicant(f"plain-{code}")
    plain.is_signed_in(user)
    plain.open("grants:eligibility", slug="shared-endeavour-fund")
    answer_eligibility(plain, portal)
    plain.follow("Start an application")
    plain.press("Begin the draft")
    section = sections_of(portal.round)[1]
    plain.main.get_by_role("link", name=plain.told(section.title), exact=True).click()
    fill_in(plain, section)
    plain.press("Save and continue")
    begun = Application.objects.get(members__user=user)
    assert AnswerSection.objects.get(application=begun, section=section.key).data["title"] == answer_to(
        "project", "title"
    )

    ready = draft_of(portal.round, user)
    plain.open("grants:file", opaque_id=ready.opaque_id, field="supporting_file")
    plain.main.locator("a", has_text=plain.says("Remove")).first.click()
    plain.press("Remove the file")
    plain.main.locator("input[type=file]").wait_for()
    upload(plain)
    plain.follow("Check and send")
    plain.press("Send application")
    plain.sees_heading("Application sent")
