"""The dark scheme: every word can be read on its ground, also in what opens above a page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from grants.enums import State
from grants.models import Application
from tests.browser.judging import resize, settle, violations
from tests.permissions.cast import person

pytestmark = pytest.mark.slow
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}


def test_words_can_be_read_in_the_dark(reader, portal):
    reading = reader("en", color_scheme="dark")
    reading.is_signed_in("stranger")
    draft = Application.objects.get(members__user=person("stranger"), state=State.DRAFT)
    wrong = []
    for route, kwargs in (
        ("portal:home", {}),
        ("practices:detail", {"slug": "gr-athens-accmr"}),
        ("grants:fund", {"slug": "shared-endeavour-fund"}),
        ("grants:check", {"opaque_id": draft.opaque_id}),
        ("gallery", {}),
    ):
        reading.open(route, **kwargs)
        settle(reading.page)
        wrong += [f"{route}: {text}" for text in violations(reading.page, **CONTRAST)]
    ground = reading.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(20, 22, 31)", "the page is not dark"
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_opens_above_a_page_breaks_no_rule(reader, scheme):
    """Languages, account, menu and filters, opened on a phone."""
    reading = reader("ar", color_scheme=scheme)
    reading.is_signed_in("applicant")
    reading.open("practices:list")
    resize(reading.page, (390, 844))
    page, wrong = reading.page, []
    for opener, inside in (
        ("header summary >> nth=0", "header .languages"),
        ("header summary >> nth=1", "header .drop__title"),
        ("button.tool--menu", "#menu .nav"),
        ("button.filters-open", "#filters form"),
    ):
        page.locator(opener).click()
        expect(page.locator(inside)).to_be_visible()
        wrong += [f"{inside}: {text}" for text in violations(page)]
        page.keyboard.press("Escape")
        expect(page.locator(inside)).to_be_hidden()
    assert not wrong, "\n".join(wrong)
