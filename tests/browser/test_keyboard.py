"""The jobs without a mouse: every step by Tab, Enter, Space, arrows and letters, with the focus in sight all the way."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from grants.models import AnswerSection, Application
from grants.models.questions import PARTED
from grants.rules.grids import cells_of
from network.membership.models import Membership
from tests.browser.applicant import WRITTEN, applicant, box, cell, sections_of
from tests.browser.keyboard import Keyboard
from tests.people.signing import PASSWORD

pytestmark = pytest.mark.slow
SOUGHT = {"en": "migrants", "ar": "المهاجرين"}


@pytest.mark.parametrize("code", ["en", "ar"])
def test_the_library_by_keyboard(reader, code):
    visitor = reader(code)
    page, keys = visitor.page, Keyboard(visitor.page)
    visitor.open("portal:home")
    keys.tab()
    skip = page.locator("a.skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()

    # The first stop after skipping is the search of the main part: nothing of the header comes before it.
    keys.tab()
    expect(page.locator("#home-q")).to_be_focused()
    page.keyboard.type(SOUGHT[code])
    with page.expect_navigation():
        page.keyboard.press("Enter")
    visitor.sees_heading("Good practices")

    greece = page.locator("#f-country-GR")
    keys.press(page.locator("#filters-form details").filter(has=greece).locator("summary"))
    with visitor.results_anew():
        keys.press(greece, "Space")
    with visitor.results_anew():
        keys.press(visitor.button("Show results", visitor.main))
    assert "country=GR" in page.url
    with page.expect_navigation():
        keys.press(page.locator('ol.results a[href*="gr-athens-accmr"]'))
    visitor.sees_text_in(code, "Translated from %(original)s.", original="el")
    keys.go(page.locator('.language-line a[hreflang="el"]'))
    visitor.sees_text_in("el", "Original text, in %(shown)s.", shown="el")


@pytest.mark.parametrize("code", ["en", "ar"])
def test_an_application_by_keyboard(reader, portal, code):
    user = applicant(f"keys-{code}")
    ngo = reader(code)
    page, keys = ngo.page, Keyboard(ngo.page)
    ngo.page.goto(ngo.address("account_login") + f"?next=/{code}/funds/shared-endeavour-fund/eligibility/")
    keys.write(page.locator("#id_login"), user.email)
    keys.write(page.locator("#id_password"), PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    ngo.sees_heading("Can you apply?")

    # Nothing answered: the list of errors has the focus, and each of them leads to its question.
    keys.go(ngo.button("See the result", ngo.main))
    expect(page.locator(".error-summary")).to_be_focused()
    keys.press(page.locator(".error-summary a").first)
    for key, answer in WRITTEN["eligibility"].items():
        value = {True: "yes", False: "no"}.get(answer, answer)
        radio = page.locator(f'input[type=radio][name="{key}"][value="{value}"]')
        if radio.count():
            # Tab comes to the first choice of a list; the demonstration's answers are all first ones.
            keys.press(radio, "Space")
        else:
            keys.write(page.locator(f'input[name="{key}"]'), str(answer))
    keys.go(ngo.button("See the result", ngo.main))
    ngo.sees_heading("You can apply")
    keys.go(ngo.link("Start an application", ngo.main))
    keys.go(ngo.button("Begin the draft", ngo.main))

    section = sections_of(portal.round)[0]
    keys.go(ngo.main.get_by_role("link", name=ngo.told(section.title), exact=True))
    written = {}
    for question in section.written:
        if question.kind in PARTED:
            written[question.key] = {one.key: one.key for one in cells_of(question)}
            for key in written[question.key]:
                keys.write(cell(ngo, question, key), key)
        else:
            written[question.key] = question.key
            keys.write(box(ngo, question), question.key)
    keys.go(ngo.button("Save and continue", ngo.main))
    expect(ngo.heading).to_have_text(ngo.told(sections_of(portal.round)[1].title))
    application = Application.objects.get(members__user=user)
    stored = AnswerSection.objects.get(application=application, section=section.key).data
    assert stored == written


def test_what_the_keyboard_opens_it_closes(reader):
    """On a phone's width: language list, menu and filters open by Enter, close by Escape, and give the focus back."""
    visitor = reader("en", viewport={"width": 390, "height": 844})
    page, keys = visitor.page, Keyboard(visitor.page)
    visitor.open("practices:list")
    for opener, inside, last in (
        (
            page.locator("header summary").first,
            page.locator("header .languages a").first,
            page.locator("header .languages a").last,
        ),
        (page.locator("button.tool--menu"), page.locator("#menu .nav a").first, page.locator("#menu form button")),
        (
            page.locator("button.filters-open"),
            page.locator("#filters select").first,
            page.locator("#filters .filters__acts a"),
        ),
    ):
        keys.press(opener)
        expect(inside).to_be_visible()
        # To the last stop inside and never under what sticks to an edge.
        keys.to(last)
        page.keyboard.press("Escape")
        expect(inside).to_be_hidden()
        expect(opener).to_be_focused()


def test_a_record_of_the_admin_by_keyboard(reader, portal):
    """From the menu to the last field and the button that sticks to the lower edge: nothing that has the focus is hidden."""
    officer = reader("ar", viewport={"width": 1280, "height": 600})
    officer.is_signed_in("scn")
    officer.speaks_in_admin()
    member = Membership.objects.get(network__abbreviation="SCN", city__slug="tunis")
    officer.page.goto(f"{officer.url}/admin/membership/membership/{member.pk}/change/")
    keys = Keyboard(officer.page)
    keys.write(officer.page.locator("#id_source"), "…")
    keys.go(officer.button("Save changes", officer.main))
    expect(officer.page.locator(".messages")).to_be_visible()
    member.refresh_from_db()
    assert "…" in member.source
