"""A city writes a practice: through the steps, with and without a connection, a mouse, scripts or the screen to itself."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from network.text import count_words
from practices.models import Practice, PracticeVersion
from practices.rules.sections import SECTIONS
from tests.browser.judging import NARROWEST, SIDEWAYS, WIDTHS, resize
from tests.browser.keyboard import Keyboard
from tests.browser.writer import Writer, begun, colleague, theme
from tests.frame.test_counter import SAMPLES
from tests.frame.test_markup import clipboard

pytestmark = pytest.mark.slow
TITLES = {"sv": "Grannar öppnar dörrar", "ar": "الجيران يفتحون الأبواب"}
STORY = ("challenge", "goals", "actions", "participation")
COUNTED = [
    *SAMPLES,
    "بلدية ٣٥٠٠ مواطن، و«حوار» – لا للكراهية",
    "می‌خواهیم نیم‌فاصله‌ها یک واژه بمانند",
    "یہ اردو کا ایک جملہ ہے۔",
    "Ο Δήμος – «εμείς» – 3.500 πολίτες; 5%",
    "Ett språkcafé, 24-timmars e-post & IT",
    "e\u0301te\u0301 n\u0303 \u0301 cafe\u0301",
    "🤝 👩‍👩‍👧 1️⃣ ok👍",
    "社区 对话 多い",
    "- • · 1) a) § 5:2",
]
ENDLESS = "Donaudampfschifffahrt" * 4 + " " + "مسؤوليات" * 9
OFFLINE = "NOT saved: you are offline. Go on writing; your text is kept on this device."
TOO_LONG = "NOT saved: a text is longer than 100,000 characters. It stays on this page: shorten it."
PASTED_TOO_LONG = (
    "What you pasted is longer than a million characters and was not put in. "
    "It is still on the clipboard: paste a part of it."
)


@pytest.fixture
def written(reader, portal):
    """Make writers of a record that Åsa began: `written("sv")`, with Playwright's options for their browser."""

    def make(code="sv", practice=None, user="malmo", **options):
        one = reader(code, **options)
        one.is_signed_in(user)
        return Writer(one, practice or begun(code, TITLES.get(code, "Broar")).practice)

    return make


def test_an_officer_of_malmo_writes_through_the_steps_and_submits(reader, portal):
    asa = reader("sv")
    asa.is_signed_in("malmo")
    asa.open("practices:new_record")
    asa.page.locator("#id_title").fill(TITLES["sv"])
    asa.press("Begin the record")
    expect(asa.heading).to_have_text(TITLES["sv"])
    writer = Writer(asa, Practice.objects.get(title_sv=TITLES["sv"]))

    asa.page.locator("ul.tasks a").first.click()
    expect(writer.field("title")).to_have_value(TITLES["sv"])
    writer.choice("running", "running").check()
    writer.field("started_on").fill("9 2019")
    asa.press("Save and continue")
    asa.sees_heading("Themes")
    code = theme()
    tick = writer.choice("themes", code)
    asa.main.locator("details").filter(has=tick).locator("summary").first.click()
    tick.check()
    asa.press("Save and continue")
    asa.sees_heading("Summary")
    loses_the_connection(writer)
    asa.press("Save and continue")
    for key in STORY:
        writer.field(key).fill(f"Om {key}: två ord.")
    asa.press("Save and continue")
    asa.sees_heading("Building blocks")
    writer.opens("lessons")
    moves_rows_without_dragging(writer)

    asa.open("practices:record_check", slug=writer.practice.slug)
    expect(asa.main).to_contain_text("Om goals: två ord.")
    asa.press("Submit")
    version = PracticeVersion.objects.get(practice=writer.practice)
    assert version.state == "submitted"
    expect(asa.page).to_have_url(re.compile("/submitted/$"))


def loses_the_connection(writer):
    """Saved; offline, said so, and written on; saved again as the line comes back; there after the page is loaded anew."""
    reader, page, summary = writer.reader, writer.reader.page, writer.field("summary")
    summary.fill("Varje tisdag")
    writer.is_saved()
    reader.expects("ERR_INTERNET_DISCONNECTED")
    reader.context.set_offline(True)
    summary.fill("Varje tisdag öppnar grannar ett rum.")
    summary.blur()
    writer.is_not_saved(OFFLINE)
    reader.button("Save and continue", reader.main).last.click()
    expect(summary).to_have_value("Varje tisdag öppnar grannar ett rum.")
    assert "grannar ett rum." in page.evaluate("Object.values(localStorage).join()")
    reader.context.set_offline(False)
    writer.is_saved()
    assert writer.stored("summary")["summary"] == "Varje tisdag öppnar grannar ett rum."
    page.reload()
    expect(summary).to_have_value("Varje tisdag öppnar grannar ett rum.")
    assert page.evaluate("localStorage.length") == 0


def moves_rows_without_dragging(writer):
    """Rows are added, moved, removed and brought back by buttons; what was moved keeps the focus."""
    page = writer.reader.page
    for number, text in enumerate(("Börja tidigt.", "Affischer hjälpte inte.")):
        if number:
            writer.act("add")
        row = writer.rows.nth(number)
        writer.choice("kind", "worked", row).check()
        row.locator("textarea").fill(text)
    writer.act("up:", writer.rows.nth(1))
    expect(writer.rows.first.locator("textarea")).to_have_value("Affischer hjälpte inte.")
    assert page.evaluate("document.activeElement.value").startswith("down:")
    writer.act("remove:", writer.rows.first)
    expect(writer.rows).to_have_count(1)
    writer.act("undo")
    assert [row["text"] for row in writer.stored("lessons")["rows"]] == ["Affischer hjälpte inte.", "Börja tidigt."]


def test_two_people_at_once_are_brought_to_a_choice_and_neither_text_is_lost(written):
    asa = written()
    omar = written("ar", asa.practice, colleague("Omar"))
    omar.reader.expects("409")
    for writer in (asa, omar):
        writer.opens("story")
    asa.field("challenge").fill("Åsas ord")
    asa.is_saved()
    omar.field("challenge").fill("كلمات عمر")
    panel = omar.reader.page.locator(".conflict")
    expect(panel).to_contain_text("Åsas ord")
    expect(panel).to_contain_text("كلمات عمر")
    assert asa.stored("story")["challenge"] == "Åsas ord"
    omar.reader.button("Keep your text", panel).click()
    omar.is_saved()
    assert asa.stored("story")["challenge"] == "كلمات عمر"

    # The first text is behind now: the page of both lets her choose part by part.
    asa.reader.expects("409")
    asa.field("goals").fill("Åsas mål")
    panel = asa.reader.page.locator(".conflict")
    expect(panel).to_contain_text("كلمات عمر")
    with asa.reader.page.expect_navigation():
        asa.reader.button("Choose part by part", panel).click()
    asa.reader.sees_heading("Two versions of this section")
    asa.reader.page.locator('input[name="keep-f-challenge"][value="theirs"]').check()
    asa.reader.press("Save the texts chosen")
    data = asa.stored("story")
    assert (data["challenge"], data["goals"]) == ("كلمات عمر", "Åsas mål")


def test_in_arabic_and_by_keyboard_only(written):
    writer = written("ar", viewport={"width": 390, "height": 844})
    page, keys = writer.reader.page, Keyboard(writer.reader.page)
    writer.opens("summary")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    keys.write(writer.field("summary"), "كل ثلاثاء نفتح غرفة للجيران. ")
    writer.is_saved()
    keys.go(writer.reader.button("Save and continue", writer.reader.main).last)
    writer.opens("lessons")
    keys.press(writer.choice("kind", "worked").first, "Space")
    keys.write(writer.rows.first.locator("textarea"), "ابدأ مبكرا")
    keys.go(page.locator('button[name="act"][value="add"]'))
    expect(writer.rows).to_have_count(2)
    keys.press(writer.choice("kind", "worked", writer.rows.nth(1)), "Space")
    keys.write(writer.rows.nth(1).locator("textarea"), "اسمع")
    keys.go(writer.rows.nth(1).locator('button[value^="up:"]'))
    assert page.evaluate("document.activeElement.value").startswith("down:")
    page.keyboard.press("Tab")
    assert [row["text"] for row in writer.stored("lessons")["rows"]] == ["اسمع", "ابدأ مبكرا"]


@pytest.mark.parametrize("code", ["ar", "fa", "en"])
def test_no_page_of_the_form_scrolls_sideways_on_a_phone(written, code):
    """Empty, with rows, with words that never end, and with every error said."""
    writer = written(code)
    reader, page = writer.reader, writer.reader.page
    wrong = []

    def judge(what: str) -> None:
        for size in (WIDTHS[-1], NARROWEST):
            resize(page, size)
            wrong.extend(f"{what} at {size[0]} px: {wide}" for wide in [page.evaluate(SIDEWAYS)] if wide)

    for section in SECTIONS:
        writer.opens(section.key)
        judge(f"{section.key} as it begins")
        for _number in range(2 if section.rows and section.key != "pictures" else 0):
            writer.act("add")
        for field in page.locator("main").locator("textarea, input[type=text], input[type=url]").all():
            field.fill(ENDLESS)
        judge(f"{section.key} filled")
        with page.expect_navigation():
            reader.button("Save and continue", reader.main).last.click()
        page.goto(
            reader.address("practices:record_section", slug=writer.practice.slug, section=section.key) + "?check=1"
        )
        judge(f"{section.key} with its errors")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("code", ["sv", "ar"])
def test_without_scripts(written, code):
    writer = written(code, java_script_enabled=False)
    reader = writer.reader
    reader.open("practices:record", slug=writer.practice.slug)
    reader.page.locator("ul.tasks a").nth(2).click()
    reader.sees_heading("Summary")
    writer.field("summary").fill(TITLES[code])
    reader.press("Save and continue")
    reader.sees_heading("The story")
    writer.opens("lessons")
    writer.rows.first.locator("textarea").fill("1")
    writer.act("add")
    writer.rows.nth(1).locator("textarea").fill("2")
    writer.act("up:", writer.rows.nth(1))
    assert [row["text"] for row in writer.stored("lessons")["rows"]] == ["2", "1"]
    assert writer.stored("summary")["summary"] == TITLES[code]


def test_words_are_counted_in_the_browser_as_on_the_server(written):
    writer = written()
    writer.opens("summary")
    counter = writer.reader.page.locator('[data-counter="words"]')
    counted = []
    for sample in COUNTED:
        writer.field("summary").fill(sample)
        counted.append(int(re.search(r"\d+", counter.inner_text())[0]))
    # A field of a form knows one kind of line end, and holds no sign of control.
    assert counted == [count_words(sample) for sample in COUNTED]
    assert sum(counted) > 60


@pytest.mark.parametrize("program", ["word", "google-docs", "libreoffice"])
def test_what_is_pasted_from_a_word_processor_is_text_and_can_be_undone(written, program):
    writer = written()
    writer.opens("summary")
    markup, said = clipboard(program)
    summary = writer.field("summary")
    summary.fill("Före. ")
    summary.press("End")
    writer.pastes(summary, markup, "plain")
    expect(summary).to_have_value(f"Före. {said}")
    writer.is_saved()
    assert writer.stored("summary")["summary"] == f"Före. {said}"
    summary.press("Control+z")
    expect(summary).to_have_value("Före. ")
    writer.opens("about")
    writer.field("title").fill("")
    writer.pastes(writer.field("title"), "<p>Broar</p><ul><li>nu</li></ul>", "plain")
    expect(writer.field("title")).to_have_value("Broar - nu")


@pytest.mark.parametrize("language", ["sv", "ar"])
def test_ten_megabytes_are_not_put_in_and_nothing_is_lost(written, language):
    writer = written(language)
    writer.opens("summary")
    summary = writer.field("summary")
    summary.fill("Före.")
    writer.is_saved()
    ten = "mycket längre än tillåtet.\n" * 400_000
    for markup in ("", f"<p>{ten}</p>"):
        writer.pastes(summary, markup, ten)
        expect(writer.reader.main.get_by_role("alert")).to_have_text(writer.reader.says(PASTED_TOO_LONG))
        expect(summary).to_have_value("Före.")
    summary.press("End")
    writer.pastes(summary, "<p>Efter.</p>", "Efter.")
    expect(writer.reader.main.get_by_role("alert")).to_have_count(0)
    writer.is_saved()
    assert writer.stored("summary")["summary"] == "Före.Efter."


# What was put in before there was a script: the server is tried with ten in tests/practices/test_record_pages.py.
def test_a_megabyte_is_refused_by_the_page_and_stays_in_it(written):
    writer = written()
    writer.opens("summary")
    summary = writer.field("summary")
    summary.evaluate("""(field) => {
      field.setRangeText("mycket längre än tillåtet.\\n".repeat(37000) + "slutord");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }""")
    writer.is_not_saved(TOO_LONG)
    writer.reader.button("Save and continue", writer.reader.main).last.click()
    writer.is_not_saved(TOO_LONG)
    assert summary.evaluate("(field) => [field.value.length > 990000, field.value.endsWith('slutord')]") == [
        True,
        True,
    ]
    assert writer.stored("summary")["summary"] == ""
