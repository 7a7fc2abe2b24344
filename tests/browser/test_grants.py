"""The second job: an NGO nobody knows comes, writes an application, loses its connection, and sends in time; or too late."""

from __future__ import annotations

import datetime
import re

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from grants.models import AnswerSection, Application, Round
from network.people.models import User
from tests.browser.applicant import (
    answer_eligibility,
    answer_to,
    applicant,
    box,
    draft_of,
    fill_in,
    sections_of,
    upload,
)
from tests.people.signing import PASSWORD

pytestmark = pytest.mark.slow
PEOPLE = {"en": "Ngozi Adichie-Berg", "ar": "ندى الخطيب"}
HOUSES = {"en": "Open Door House", "ar": "بيت الباب المفتوح"}


def letter_to(email: str) -> mail.EmailMessage:
    """The newest mail to an address."""
    return next(one for one in reversed(mail.outbox) if email in one.to[0])


def signs_up(reader, email: str) -> None:
    """Create the account, and confirm its address by the link in the mail."""
    reader.open("account_signup")
    reader.fill("Full name", PEOPLE[reader.code])
    reader.fill("E-mail address", email)
    reader.fill("Password", PASSWORD)
    reader.press("Create the account")
    reader.sees_heading("Look into your mailbox")
    letter = letter_to(email)
    link = re.search(rf"{re.escape(reader.url)}/{reader.code}/\S+", letter.body)
    assert link, letter.body
    reader.page.goto(link.group())
    reader.sees_heading("Confirm your e-mail address")
    reader.press("Yes, confirm this address")


def registers_organisation(reader) -> None:
    """From the desk, register the organisation one applies for."""
    reader.sees_heading("My desk")
    reader.follow("Register an organisation")
    reader.fill("Name of the organisation", HOUSES[reader.code])
    reader.field("Kind of organisation").select_option("ngo")
    reader.field("Country").select_option("GB")
    reader.press("Register the organisation")
    expect(reader.heading).to_have_text(HOUSES[reader.code])


def begins_a_draft(reader, portal) -> Application:
    """From the fund's page through the eligibility check to the list of tasks."""
    reader.open("grants:fund", slug="shared-endeavour-fund")
    reader.follow("Check first whether you can apply")
    answer_eligibility(reader, portal)
    reader.follow("Start an application")
    reader.press("Begin the draft")
    expect(reader.page.locator("ul.tasks")).to_be_visible()
    return Application.objects.get(opaque_id=reader.page.url.rstrip("/").rpartition("/")[2])


def loses_the_connection(reader, section) -> None:
    """Write, see it saved; go offline, write on, see that it is NOT saved; come back, and find every word again."""
    page, question = reader.page, section.written[-1]
    state = page.locator("[data-saved]")
    words = answer_to(section.key, question.key)
    writing = box(reader, question)
    writing.fill(words[:40])
    expect(state).to_have_attribute("data-state", "saved")
    expect(state).to_contain_text(reader.says("Saved at %(time)s", time="")[:6])

    reader.expects("ERR_INTERNET_DISCONNECTED")
    reader.context.set_offline(True)
    writing.fill(words)
    writing.blur()
    expect(state).to_have_attribute("data-state", "failed")
    expect(state).to_have_text(
        reader.says("NOT saved: you are offline. Go on writing; your text is kept on this device.")
    )
    kept = page.evaluate("Object.values(localStorage).join()")
    assert words[-20:] in kept
    reader.context.set_offline(False)
    expect(state).to_have_attribute("data-state", "saved")
    page.reload()
    expect(box(reader, question)).to_have_value(words)


@pytest.mark.parametrize("code", ["en", "ar"])
def test_an_ngo_signs_up_writes_an_application_and_has_its_receipt(reader, portal, code):
    ngo, email = reader(code), f"newcomer-{code}@door.example"
    signs_up(ngo, email)
    ngo.sees_heading("Sign in")
    ngo.signs_in(email, PASSWORD)
    registers_organisation(ngo)
    application = begins_a_draft(ngo, portal)

    sections = sections_of(portal.round)
    ngo.main.get_by_role("link", name=ngo.told(sections[0].title), exact=True).click()
    fill_in(ngo, sections[0])
    loses_the_connection(ngo, sections[0])
    for section in sections:
        expect(ngo.heading).to_have_text(ngo.told(section.files[0].label if section.files else section.title))
        if section.files:
            upload(ngo)
            ngo.main.get_by_role("link", name=ngo.told(sections[-1].title), exact=True).click()
        else:
            fill_in(ngo, section)
            ngo.press("Save and continue")

    ngo.follow("Check and send")
    ngo.sees_heading("Check your answers")
    expect(ngo.main).to_contain_text(answer_to("people", "outcomes"))
    ngo.press("Send application")
    ngo.sees_heading("Application sent")
    application.refresh_from_db()
    expect(ngo.page.locator(".receipt__number")).to_contain_text(application.reference)
    assert application.reference in letter_to(email).subject
    assert User.objects.get(email=email).preferred_language == code


@pytest.fixture
def passing_deadline(portal):
    """Make the deadline pass while somebody has the page open; it is put back afterwards."""
    rounds = Round.objects.filter(pk=portal.round.pk)
    closes_at = rounds.get().closes_at
    yield lambda: rounds.update(closes_at=timezone.now() - datetime.timedelta(hours=1))
    rounds.update(closes_at=closes_at)


@pytest.mark.parametrize("code", ["en", "ar"])
def test_after_the_deadline_a_draft_can_be_read_but_not_sent(reader, portal, passing_deadline, code):
    user = applicant(f"late-{code}")
    draft = draft_of(portal.round, user)
    ngo = reader(code)
    ngo.is_signed_in(user)
    ngo.open("grants:check", opaque_id=draft.opaque_id)
    passing_deadline()
    ngo.press("Send application")
    ngo.sees_heading("The deadline has passed")
    expect(ngo.main).to_contain_text(ngo.says("This draft was not sent"))
    expect(ngo.main).to_contain_text(answer_to("people", "outcomes"))
    draft.refresh_from_db()
    assert draft.current_version is None


def test_what_is_typed_before_the_script_runs_is_saved_too(reader, portal):
    """On a slow line people write before the page can save by itself."""
    user = applicant("early")
    draft = draft_of(portal.round, user)
    ngo = reader("en")
    ngo.is_signed_in(user)
    held = []
    ngo.page.route("**/js/autosave.js", lambda asked: held.append(asked))
    with ngo.page.expect_request("**/js/autosave.js"):
        ngo.page.goto(ngo.address("grants:section", opaque_id=draft.opaque_id, section="people"), wait_until="commit")
    ngo.page.locator("#id_a-people_reached").fill("481")
    held[0].continue_()
    expect(ngo.page.locator("[data-saved]")).to_have_attribute("data-state", "unsaved")
    expect(ngo.page.locator("[data-saved]")).to_have_attribute("data-state", "saved")
    assert AnswerSection.objects.get(application=draft, section="people").data["people_reached"] == "481"
