"""A practice on paper: the browser's own print of the page, and the fact sheet behind its button."""

from __future__ import annotations

import io

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

pytestmark = pytest.mark.slow
PRACTICE = {"en": "stairs-in-common-beirut", "ar": "shared-kitchen-rabat"}


@pytest.mark.parametrize("code", ["en", "ar"])
def test_the_printed_page_has_the_text_and_no_furniture(reader, code):
    visitor = reader(code)
    page = visitor.page
    visitor.open("practices:detail", slug=PRACTICE[code])
    title = page.locator("h1").inner_text()
    page.emulate_media(media="print")
    for furniture in (
        ".header__tools",
        ".menu",
        ".footer",
        ".crumbs",
        ".page-head__acts",
        ".language-line__others",
        "#similar",
    ):
        expect(page.locator(furniture).first).to_be_hidden()
    for wanted in ("h1", ".language-line", ".maturity__reasons", "#challenge", "#lessons", ".facts"):
        expect(page.locator(wanted).first).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).direction") == {"en": "ltr", "ar": "rtl"}[code]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    printed = PdfReader(io.BytesIO(page.pdf(format="A4")))
    assert 1 <= len(printed.pages) <= 4
    if code == "en":
        text = " ".join(printed.pages[0].extract_text().split())
        assert title in text
        assert "Skip to the main part" not in text


@pytest.mark.parametrize("code", ["en", "ar"])
def test_the_buttons_print_and_lead_to_the_sheet(reader, code):
    visitor = reader(code)
    page = visitor.page
    page.add_init_script("window.printed = 0; window.print = () => { window.printed += 1; };")
    visitor.open("practices:detail", slug=PRACTICE[code])
    visitor.button("Print").click()
    assert page.evaluate("window.printed") == 1
    address = visitor.main.get_by_role("link", name=visitor.says("Fact sheet (PDF)")).get_attribute("href")
    answer = page.request.get(visitor.url + address)
    assert answer.headers["content-type"] == "application/pdf"
    assert PdfReader(io.BytesIO(answer.body())).get_num_pages() == 1


def test_without_scripts_there_is_no_button_that_does_nothing(reader):
    visitor = reader("en", java_script_enabled=False)
    visitor.open("practices:detail", slug=PRACTICE["en"])
    expect(visitor.page.locator("[data-print]")).to_be_hidden()
    expect(visitor.page.get_by_role("link", name="Fact sheet (PDF)")).to_be_visible()
