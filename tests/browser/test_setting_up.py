"""From nothing to a round that everybody sees, on pages alone: an officer of Athens who reads Arabic sets up a fund, a round,

eligibility questions, criteria and a form in two languages, and shows it once nothing is missing. Without a script, by buttons.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from grants.models import FormVersion, Fund
from network.people.models import Organisation
from tests.browser.judging import faults

pytestmark = pytest.mark.slow
TITLE = "صندوق الجيران"


def day(days: int) -> str:
    """A day and an hour at noon, as the browser's control takes it."""
    return f"{timezone.now() + timedelta(days=days):%Y-%m-%d}T12:00"


def test_an_officer_sets_up_a_fund_and_a_round_from_nothing(reader, portal):
    nikos = reader("ar", java_script_enabled=False)
    nikos.is_signed_in("athens")
    nikos.expects("status of 4")
    page = nikos.page

    def write(**values: str) -> None:
        for name, value in values.items():
            page.locator(f'main [name="{name}"]').fill(value)

    def sound(what: str) -> None:
        assert faults_of(nikos, page.url) == [], what

    nikos.open("grants:own_funds")
    nikos.follow("Set up a fund")
    write(title=TITLE, currency="EUR")
    nikos.press("Set up the fund")
    nikos.sees_heading(TITLE)
    fund = Fund.objects.get(title_ar=TITLE)
    assert fund.languages == ["ar", "en"]

    nikos.follow("Set up a round")
    write(title_ar="الجولة الأولى", opens=day(40), closes=day(70))
    sound("new round")
    page.locator('main [name="zone"]').select_option("Europe/Athens")
    nikos.press("Set up the round")
    round_ = fund.rounds.get()
    here = {"slug": fund.slug, "number": round_.number}

    nikos.follow("Eligibility questions")
    nikos.follow("One of a list")
    write(
        question_ar="ما أنتم؟",
        refusal_ar="لأثينا فقط.",
        **{"answers-0-label_ar": "جمعية", "answers-1-label_ar": "شركة"},
    )
    page.locator('[name="answers-0-passes"]').check()
    page.locator('button[name="line"][value="down-0"]').click()
    expect(page.locator('[name="answers-1-passes"]')).to_be_checked()
    sound("eligibility question")
    nikos.press("Save the question")

    nikos.open("grants:criteria", **here)
    nikos.follow("Add a criterion")
    expect(page.locator('[name="weight"]')).to_have_value("100")
    write(name_ar="الحاجة", name_en="Need", weight="60")
    nikos.press("Save the criterion")
    nikos.follow("Add a criterion")
    write(name_ar="النهج", name_en="Approach", weight="٤٠")
    sound("criterion")
    nikos.press("Save the criterion")
    expect(nikos.main).to_contain_text(nikos.says("The weights add up to 100 per cent."))
    sound("criteria")

    builds_a_form(nikos, here, write, sound)

    # Something is not written in English: the page says what, with the way there.
    nikos.open("grants:round_show", **here)
    nikos.press("Show it to everyone")
    expect(nikos.main.get_by_role("alert")).to_be_visible()
    sound("what is missing")
    question = round_.eligibility.get()
    nikos.main.locator(f'a[href$="/eligibility/{question.pk}/"]').click()
    write(question_en="What are you?", refusal_en="Only for Athens.")
    write(**{"answers-0-label_en": "Company", "answers-1-label_en": "Association"})
    nikos.press("Save the question")
    nikos.open("grants:round_terms", **here)
    write(title_en="First round")
    sound("terms")
    nikos.press("Save the terms")
    nikos.open("grants:round_show", **here)
    nikos.press("Show it to everyone")
    round_.refresh_from_db()
    assert round_.published

    # Published, the fund is there for everybody, with what its round asks.
    nikos.open("grants:fund_texts", slug=fund.slug)
    write(purpose="للجيران.", who_can_apply="جمعيات أثينا.", who_decides="لجنة من الجيران.")
    nikos.press("Save the texts")
    nikos.open("grants:fund_money", slug=fund.slug)
    funder = Organisation.objects.get(slug="snf")
    write(budget="10000", **{"lines-0-funder": funder.slug, "lines-0-amount": "10000"})
    nikos.press("Save the money")
    nikos.open("grants:fund_act", slug=fund.slug)
    nikos.press("Publish the fund")
    visitor = reader("ar")
    visitor.open("grants:fund", slug=fund.slug)
    for words in ("الحاجة", "هل تعملون مع شركاء؟", "أي شركاء؟"):
        expect(visitor.main).to_contain_text(words)


def builds_a_form(nikos, here, write, sound) -> None:
    """A section with a list, and a question that is asked after one of its answers; moved, looked at and published."""
    page = nikos.page
    nikos.open("grants:round_form", **here)
    nikos.follow("Add a section")
    write(title_ar="الشركاء", title_en="Partners")
    sound("section")
    nikos.press("Save the section")
    page.locator('#section-partners a[href$="/sections/partners/new/"]').click()
    sound("kinds")
    page.locator('main a[href$="?kind=choice"]').click()
    write(label_ar="هل تعملون مع شركاء؟", label_en="Do you work with partners?")
    for n, (arabic, english) in enumerate((("لا", "No"), ("نعم", "Yes"))):
        write(**{f"options-{n}-label_ar": arabic, f"options-{n}-label_en": english})
    page.locator('button[name="line"][value="down-0"]').click()
    expect(page.locator('[name="options-0-label_en"]')).to_have_value("Yes")
    expect(page.locator('[name="label_en"]')).to_have_value("Do you work with partners?")
    sound("question")
    nikos.press("Save the question")

    page.locator('#section-partners a[href$="/sections/partners/new/"]').click()
    page.locator('main a[href$="?kind=short_text"]').click()
    write(label_ar="أي شركاء؟", label_en="Which ones?")
    page.locator('[name="when"][value="do-you-work-with-partners=yes"]').check()
    nikos.press("Save the question")
    sound("form")
    # It can't come before the question on which it depends; the page says so.
    page.locator('button[value="up:which-ones"]').click()
    expect(page.locator("body")).to_contain_text("أي شركاء؟")
    form = FormVersion.objects.get(round__fund__slug=here["slug"])
    assert [field["key"] for field in form.sections[1]["fields"]] == ["do-you-work-with-partners", "which-ones"]
    page.locator('button[value="section-up:partners"]').click()
    nikos.open("grants:form_preview", **here)
    expect(nikos.main).to_contain_text("هل تعملون مع شركاء؟")
    sound("preview")
    nikos.open("grants:form_publish", **here)
    sound("publish")
    nikos.press("Publish the form")
    form.refresh_from_db()
    assert form.published_at is not None
    assert [section["key"] for section in form.sections] == ["partners", "project"]
    nikos.open("grants:form_versions", **here)
    sound("versions")


def faults_of(person, url: str) -> list[str]:
    """What a page has against it. Judged in a window with scripts, which the person does without."""
    context = person.context.browser.new_context(locale=person.code, storage_state=person.context.storage_state())
    try:
        seen = context.new_page()
        seen.goto(url)
        return faults(seen)
    finally:
        context.close()
