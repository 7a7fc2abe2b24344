"""The second job: an NGO nobody knows comes, writes an application, loses its connection, and sends in time; or too late."""

from __future__ import annotations

import datetime
import re

import pytest
from django.core import mail
from django.utils import timezone, translation
from playwright.sync_api import expect

from grants.domain.drafts import begin_draft
from grants.domain.rounds import publish_form
from grants.domain.submission import settle_closed_rounds
from grants.models import AnswerSection, Application, Round
from grants.rules.applications import SENT
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
from tests.browser.reader import Reader
from tests.grants import builders
from tests.grants.test_long_forms import form_of
from tests.people.signing import PASSWORD, person

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


@pytest.fixture
def passing_deadline(portal):
    """Make the deadline pass while somebody has the page open; it is put back afterwards."""
    rounds = Round.objects.filter(pk=portal.round.pk)
    closes_at = rounds.get().closes_at
    yield lambda: rounds.update(closes_at=timezone.now() - datetime.timedelta(hours=1))
    rounds.update(closes_at=closes_at)


def closes_the_browser(reader, section) -> None:
    """Write without a connection and close the window; open another, and be offered what was never saved."""
    page, question = reader.page, section.written[-1]
    words = answer_to(section.key, question.key)
    reader.context.set_offline(True)
    box(reader, question).fill(words + " 7")
    box(reader, question).blur()
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "failed")
    address = page.url
    page.close()
    reader.context.set_offline(False)
    reader.page = reader.context.new_page()
    reader.page.goto(address)
    expect(box(reader, question)).to_have_value(words)
    offered = reader.page.locator(".conflict")
    expect(offered).to_contain_text(words[-20:] + " 7")
    reader.button("Bring it back", offered).click()
    expect(box(reader, question)).to_have_value(words + " 7")
    expect(reader.page.locator("[data-saved]")).to_have_attribute("data-state", "saved")
    box(reader, question).fill(words)
    expect(reader.page.locator("[data-saved]")).to_have_attribute("data-state", "unsaved")
    expect(reader.page.locator("[data-saved]")).to_have_attribute("data-state", "saved")


def writes_with_a_colleague(reader, owner, application, section) -> Reader:
    """Invite somebody who reads another language; both write the same answer, and whoever is second chooses. The colleague, whose
    page stays open."""
    other = reader("ar" if owner.code == "en" else "en")
    user = person(f"colleague-{owner.code}@door.example", "Layla Haddad", preferred_language=other.code)
    owner.open("grants:people", opaque_id=application.opaque_id)
    owner.fill("E-mail address", user.email)
    owner.main.get_by_role("radio", name=owner.says("Editor: writes"), exact=True).check()
    owner.press("Send the invitation")
    expect(owner.main).to_contain_text(user.email)
    letter = letter_to(user.email)
    link = re.search(rf"{re.escape(owner.url)}/{other.code}/applications/invitations/\S+", letter.body)
    assert link, letter.body
    other.page.goto(link.group())
    with other.page.expect_navigation():
        other.main.get_by_role("link", name=other.says("Sign in"), exact=True).click()
    other.signs_in(user.email, PASSWORD)
    other.press("Join the application")
    expect(other.page.locator("ul.tasks").first).to_be_visible()

    question = section.written[-1]
    words = answer_to(section.key, question.key)
    for one in (owner, other):
        one.open("grants:section", opaque_id=application.opaque_id, section=section.key)
    expect(other.main).to_contain_text(PEOPLE[owner.code])
    box(owner, question).fill(f"{words} – hers")
    box(owner, question).blur()
    expect(owner.page.locator("[data-saved]")).to_have_attribute("data-state", "saved")
    other.expects("409")
    box(other, question).fill(f"{words} – theirs")
    panel = other.page.locator(".conflict")
    expect(panel).to_contain_text(f"{words} – hers")
    expect(panel).to_contain_text(f"{words} – theirs")
    other.button("Keep their text", panel).click()
    expect(box(other, question)).to_have_value(f"{words} – hers")
    # Now the colleague saves first, and the owner keeps her own.
    box(other, question).fill(f"{words} – theirs")
    expect(other.page.locator("[data-saved]")).to_have_attribute("data-state", "saved")
    owner.expects("409")
    box(owner, question).fill(words)
    panel = owner.page.locator(".conflict")
    expect(panel).to_contain_text(f"{words} – theirs")
    owner.button("Keep your text", panel).click()
    expect(owner.page.locator("[data-saved]")).to_have_attribute("data-state", "saved")
    stored = AnswerSection.objects.get(application=application, section=section.key)
    assert stored.data[question.key] == words
    return other


def changes_it_again_and_is_too_late(reader, application, section, passing_deadline) -> None:
    """Open the sent application again; the deadline passes meanwhile: what was sent counts, and the page says so."""
    sent = application.current_version
    reader.open("grants:application", opaque_id=application.opaque_id)
    reader.follow("Change it again")
    reader.press("Change it again")
    expect(reader.main).to_contain_text(reader.says("You are changing an application that was sent"))
    reader.open("grants:section", opaque_id=application.opaque_id, section=section.key)
    passing_deadline()
    reader.expects("422")
    box(reader, section.written[-1]).fill("Too late")
    state = reader.page.locator("[data-saved]")
    expect(state).to_have_attribute("data-state", "failed")
    expect(state).to_contain_text(
        reader.says("The deadline has passed. Your draft stays readable, but it can’t be changed or sent.")
    )
    expect(box(reader, section.written[-1])).to_have_value("Too late")
    reader.open("grants:application", opaque_id=application.opaque_id)
    expect(reader.main).to_contain_text(reader.says("Your earlier version counts"))
    settle_closed_rounds(timezone.now())
    reader.page.reload()
    expect(reader.main).to_contain_text(reader.says("Sent and under consideration"))
    application.refresh_from_db()
    assert (application.state, application.current_version) == ("screening", sent)


@pytest.mark.parametrize("code", ["en", "ar"])
def test_an_ngo_signs_up_writes_an_application_and_has_its_receipt(reader, portal, passing_deadline, code):
    """From eligibility to receipt: the connection is cut, the browser closed, two people write, and the deadline passes."""
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
    closes_the_browser(ngo, sections[0])
    other = writes_with_a_colleague(reader, ngo, application, sections[0])
    ngo.open("grants:section", opaque_id=application.opaque_id, section=sections[0].key)
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

    # The page that the colleague left open hears of it as soon as somebody looks at it.
    other.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    with translation.override(other.code):
        sent = str(SENT)
    expect(other.page.locator("[data-presence-text]")).to_have_text(sent)
    changes_it_again_and_is_too_late(ngo, application, sections[0], passing_deadline)


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


def test_a_section_of_200_questions_is_written_and_saved(reader, portal):
    """On a phone, in Arabic: the last of them is saved like the first, and the page stays as wide as the screen."""
    user = applicant("patient")
    made = builders.round_of(builders.fund("long-form"), form=False, eligibility=False)
    Round.objects.filter(pk=made.pk).update(published=False)
    publish_form(made, form_of(1), by=builders.operator())
    organisation = user.organisation_memberships.get().organisation
    draft = begin_draft(made, organisation, by=user, at=timezone.now())
    ngo = reader("ar", viewport={"width": 390, "height": 844})
    ngo.is_signed_in(user)
    ngo.open("grants:section", opaque_id=draft.opaque_id, section="part-0")
    for key in ("q-2", "q-199"):
        ngo.page.locator(f"#id_a-{key}").fill("نأكل معًا")
        ngo.page.locator(f"#id_a-{key}").blur()
        expect(ngo.page.locator("[data-saved]")).to_have_attribute("data-state", "saved")
        assert AnswerSection.objects.get(application=draft).data[key] == "نأكل معًا"
    assert ngo.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    ngo.open("grants:check", opaque_id=draft.opaque_id)
    expect(ngo.main.get_by_text("السؤال 198").first).to_be_visible()
