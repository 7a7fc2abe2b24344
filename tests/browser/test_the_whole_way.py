"""The whole way of a practice, each step in the browser of the person who takes it.

An officer of Malmö finds what Athens wrote in Greek, reads it in Swedish as far as it is translated, takes the sheet along,
binds twelve practices in Arabic and says that Malmö tries it; Athens confirms that, writes the next version, and a network
publishes it.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from practices.models import Adoption, Collection, Practice, PracticeVersion, PublicationVersion
from tests.browser.writer import Writer
from tests.practices.publishing import languages_in

pytestmark = pytest.mark.slow
TRANSLATED, UNTRANSLATED = "gr-athens-kem", "syneleyseis-geitonias-athens"
# What is typed, and which practice of Athens must be among what is found: by Swedish words for Greek ones, by a Greek word
# without its accent, by an Arabic one.
SOUGHT = (("medborgarmöten mot hat", UNTRANSLATED), ("ενταξη", TRANSLATED), ("إدماج", TRANSLATED))
TRIED = "Vi har kvällsöppet, för att många arbetar skift."
WRITTEN = "Ανοιχτό και τα Σάββατα, από τον Ιανουάριο."


@pytest.fixture
def asa(reader):
    one = reader("sv")
    one.is_signed_in("malmo")
    return one


@pytest.mark.parametrize(("words", "slug"), SOUGHT)
def test_she_finds_what_athens_wrote_in_greek(asa, words, slug):
    asa.open("portal:home")
    asa.main.get_by_role("searchbox").fill(words)
    asa.press("Search")
    asa.page.locator(f'ol.results a[href$="/sv/practices/{slug}/"]').click()
    expect(asa.page.locator("aside.rail")).to_contain_text("Grekland")


def test_she_reads_swedish_where_there_is_some_and_is_told_where_not(asa):
    asa.open("practices:detail", slug=TRANSLATED)
    asa.sees_text_in("sv", "Translated from %(original)s.", original="el")
    asa.open("practices:detail", slug=UNTRANSLATED)
    sentence = "Shown in %(shown)s; not yet translated into %(wanted)s."
    asa.sees_text_in("el", sentence, shown="el", wanted="sv")
    asa.page.locator('.language-line a[hreflang="en"]').click()
    asa.sees_text_in("en", sentence, shown="en", wanted="sv")


def test_she_takes_the_sheet_along(asa):
    asa.open("practices:detail", slug=TRANSLATED)
    address = asa.link("Fact sheet (PDF)", asa.main).get_attribute("href")
    sheet = asa.context.request.get(asa.url + address)
    assert sheet.ok
    assert sheet.body().startswith(b"%PDF-")
    assert languages_in(sheet.body()) >= {"sv"}


def test_she_binds_twelve_practices_in_arabic(asa):
    collection = Collection.objects.get(demo=True)
    asa.open("practices:collection", opaque_id=collection.opaque_id)
    asa.follow("Make a publication")
    asa.page.locator('[name="language"]').select_option("ar")
    asa.page.locator("#id_title").fill("اثنتا عشرة ممارسة")
    asa.press("Make it")
    pdf = asa.main.locator('a[href$="/1.pdf"]')
    expect(pdf).to_be_visible()
    made = asa.context.request.get(asa.url + pdf.get_attribute("href"))
    assert made.body().startswith(b"%PDF-")
    assert languages_in(made.body()) >= {"ar", "sv"}
    version = PublicationVersion.objects.get(title="اثنتا عشرة ممارسة")
    assert (version.state, version.practices) == ("ready", 12)

    # What stands in the file can be read as a page too, by whoever has the link, from right to left.
    with asa.page.expect_navigation():
        asa.main.locator('a[href$="/1/"]').click()
    expect(asa.main.get_by_text("اثنتا عشرة ممارسة").first).to_be_visible()
    assert asa.main.locator('[lang="ar"][dir="rtl"]').count() > 0


def test_malmo_tries_it_athens_confirms_and_both_pages_say_so(asa, reader):
    asa.open("practices:detail", slug=UNTRANSLATED)
    asa.follow("We are trying this")
    asa.page.locator('[name="status"][value="trying"]').check()
    asa.page.locator("#id_year").fill("2026")
    asa.page.locator("#id_what_changed").fill(TRIED)
    asa.press("Record it")
    adoption = Adoption.objects.get(practice__slug=UNTRANSLATED, city__slug="malmo")
    assert adoption.state == "recorded"

    nikos = reader("el")
    nikos.is_signed_in("athens")
    nikos.open("practices:adoption", slug=UNTRANSLATED, pk=adoption.pk)
    expect(nikos.main).to_contain_text(TRIED)
    with nikos.page.expect_navigation():
        nikos.main.locator('form[action$="/confirm/"] button').click()
    adoption.refresh_from_db()
    assert adoption.state == "confirmed"
    for route, slug in (("practices:detail", UNTRANSLATED), ("portal:city", "malmo")):
        asa.open(route, slug=slug)
        expect(asa.main).to_contain_text(TRIED if route == "practices:detail" else "Συνελεύσεις γειτονιάς")


def test_athens_writes_the_next_version_and_a_network_publishes_it(reader, portal):
    nikos, eleni, visitor = reader("el"), reader("el"), reader("el")
    nikos.is_signed_in("athens")
    eleni.is_signed_in("cni")
    practice = Practice.objects.get(slug=TRANSLATED)
    nikos.open("practices:record", slug=TRANSLATED)
    nikos.press("Write a new version")
    writer = Writer(nikos, practice)
    writer.opens("summary")
    writer.field("summary").fill(WRITTEN)
    writer.is_saved()
    visitor.open("practices:detail", slug=TRANSLATED)
    expect(visitor.main).not_to_contain_text(WRITTEN)

    nikos.open("practices:record_check", slug=TRANSLATED)
    nikos.page.locator("#id_note").fill("Τα Σάββατα")
    nikos.press("Submit")
    expect(nikos.page).to_have_url(re.compile("/submitted/$"))
    version = PracticeVersion.objects.get(practice=practice, state="submitted")
    here = {"slug": TRANSLATED, "number": version.number}

    # A version without two reviews needs a reason that everybody can read; without one nothing is published.
    eleni.expects("status of 4")
    eleni.open("practices:version", **here)
    eleni.press("Publish this version")
    expect(eleni.page.locator(".error-summary")).to_be_focused()
    version.refresh_from_db()
    assert version.state == "submitted"
    eleni.page.locator('[name$="unreviewed_because"]').fill("Μόνο οι ώρες άλλαξαν.")
    eleni.press("Publish this version")

    visitor.open("practices:detail", slug=TRANSLATED)
    expect(visitor.main).to_contain_text(WRITTEN)
    visitor.follow("History and earlier versions")
    expect(visitor.main.locator("ins").filter(has_text=re.compile("Σάββατα")).first).to_be_visible()
