"""The first job: somebody finds a practice, knows which language they read, and can read another."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.slow
# What a reader types, in their own language, to find the practice of Athens.
SOUGHT = {"en": "migrants", "ar": "المهاجرين"}


@pytest.mark.parametrize("code", ["en", "ar"])
def test_a_visitor_finds_a_practice_and_changes_the_language_of_its_text(reader, code):
    visitor = reader(code)
    page = visitor.page
    visitor.open("portal:home")
    visitor.main.get_by_role("searchbox").fill(SOUGHT[code])
    visitor.press("Search")
    visitor.sees_heading("Good practices")
    expect(page.locator("#search-q")).to_have_value(SOUGHT[code])
    rows = page.locator("ol.results > li")
    found = rows.count()
    assert found > 1

    # The filter answers without a button where scripts run, keeps the search and says how many are left.
    with visitor.results_anew():
        visitor.tick("country", "GR")
    with visitor.results_anew():
        visitor.button("Show results", visitor.main).click()
    assert "country=GR" in page.url
    expect(page.locator("#results .chips a")).to_have_count(1)
    assert 0 < rows.count() < found
    assert "q=" in page.url
    expect(page.locator("[data-results-status]")).to_have_text(page.locator("[data-results-count]").inner_text())

    page.locator('ol.results a[href*="gr-athens-accmr"]').click()
    visitor.sees_text_in(code, "Translated from %(original)s.", original="el")
    page.locator('.language-line a[hreflang="el"]').click()
    page.wait_for_url(re.compile("text=el"))
    visitor.sees_text_in("el", "Original text, in %(shown)s.", shown="el")


def test_a_text_that_is_not_translated_says_so(reader, portal):
    """Read in Swedish what only exists in other languages: the original, with an honest notice."""
    practice = next(one for one in portal.loaded.practices.values() if one.original_language == "es")
    visitor = reader("sv")
    visitor.open("practices:detail", slug=practice.slug)
    sentence = "Shown in %(shown)s; not yet translated into %(wanted)s."
    visitor.sees_text_in("es", sentence, shown="es", wanted="sv")
    expect(visitor.page.locator(".language-line--fallback")).to_be_visible()


def test_the_switcher_keeps_the_page_and_its_filters(reader):
    visitor = reader("en")
    visitor.page.goto(visitor.address("practices:list") + "?q=school&country=GR")
    visitor.page.locator("header summary", has_text="English").click()
    visitor.page.locator('header nav a[hreflang="ar"]').click()
    visitor.page.wait_for_url(re.compile("/ar/practices/"))
    visitor.code = "ar"
    visitor.sees_heading("Good practices")
    assert visitor.page.url.endswith("?q=school&country=GR")
    assert visitor.page.evaluate("document.documentElement.dir") == "rtl"
