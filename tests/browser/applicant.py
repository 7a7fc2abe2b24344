"""What an applicant writes, taken from the demonstration, and drafts that stand already."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from playwright.sync_api import Locator, expect

from grants.domain.drafts import save_section, start_application
from grants.domain.eligibility import check_eligibility
from grants.domain.files import attach_file
from grants.enums import FieldKind, FormKind
from grants.models import Application, Round
from grants.models.questions import GRIDS, PARTED, Question, Section
from grants.rules.answers import layout
from network.people.domain.organisations import OrganisationData, register_organisation
from network.people.models import User
from network.portal.demo.content import read
from network.portal.demo.paper import page as paper
from tests.browser.reader import Reader
from tests.people.signing import person

WRITTEN = read("applications")[0]
PAPER = {
    "name": "Safeguarding policy – سياسة الحماية.pdf",
    "mimeType": "application/pdf",
    "buffer": paper("Policy", []),
}


def sections_of(round_: Round) -> list[Section]:
    """The sections of the round's application form."""
    return layout(round_.forms.get(kind=FormKind.APPLICATION))


def answer_to(section: str, key: str) -> Any:
    """What the demonstration's applicant answered; days as a person would type them."""
    days = {"start_date": WRITTEN["start_in_days"], "end_date": WRITTEN["end_in_days"]}
    if key in days:
        return _typed_day(days[key])
    answer = WRITTEN["answers"][section].get(key, "")
    return [row | {"due": _typed_day(days["end_date"])} for row in answer] if key == "milestones" else answer


def _typed_day(in_days: int) -> str:
    day = timezone.localdate() + datetime.timedelta(days=in_days)
    return f"{day.day} {day.month} {day.year}"


def fill_in(reader: Reader, section: Section) -> None:
    """Answer every question of the section that is open in the browser."""
    for question in section.written:
        answer = answer_to(section.key, question.key)
        match question.kind:
            case FieldKind.CHOICE:
                words = dict(question.options)[answer]
                reader.main.get_by_role("radio", name=reader.told(words), exact=True).check()
            case FieldKind.CHOICES:
                for value in answer:
                    words = reader.told(dict(question.options)[value])
                    reader.main.get_by_role("checkbox", name=words, exact=True).check()
            case FieldKind.THEMES:
                for value in answer:
                    reader.main.locator(f'[name="a-{question.key}"][value="{value}"]').check()
            case FieldKind.DECLARATION:
                box(reader, question).check()
            case kind if kind in GRIDS | PARTED:
                fill_cells(reader, question, answer)
            case _:
                box(reader, question).fill(str(answer))


def cell(reader: Reader, question: Question, key: str, place: int | None = None) -> Locator:
    """One input of a question of several cells: of a row, counted from 0, or a part."""
    row = "" if place is None else f"-{place}"
    return reader.main.locator(f'[name="a-{question.key}{row}-{key}"]')


def fill_cells(reader: Reader, question: Question, answer: Any) -> None:
    """Write rows, asking for more where there are too few; or the parts of an answer."""
    rows = list(enumerate(answer)) if question.kind in GRIDS else [(None, answer)]
    for place, row in rows:
        for key, text in row.items():
            control = cell(reader, question, key, place)
            if not control.count():
                reader.button("Add rows", reader.main.locator(f'[data-grid="a-{question.key}"]')).click()
            expect(control).to_be_visible()
            if control.evaluate("(one) => one.tagName") == "SELECT":
                control.select_option(text)
            else:
                control.fill(text)


def box(reader: Reader, question: Question) -> Any:
    """The control of a question, found as a person finds it: by its words, in the reader's language."""
    return reader.main.get_by_label(reader.told(question.label))


def answer_eligibility(reader: Reader, portal: Any) -> None:
    """Answer the questions of the check that is open in the browser, so that the fund can support the reader."""
    page = reader.page
    for key, answer in WRITTEN["eligibility"].items():
        value = {True: "yes", False: "no"}.get(answer, answer)
        radio = page.locator(f'input[type=radio][name="{key}"][value="{value}"]')
        if radio.count():
            radio.check()
        else:
            page.locator(f'input[name="{key}"]').fill(str(answer))
    reader.press("See the result")
    reader.sees_heading("You can apply")


def upload(reader: Reader) -> None:
    """Upload the paper on the page of a file question, and return to the tasks."""
    reader.main.locator("input[type=file]").set_input_files(PAPER)
    reader.press("Upload the file")
    expect(reader.page.locator(".file__name")).to_have_text(str(PAPER["name"]))
    reader.follow("Return to the tasks")


def applicant(name: str) -> User:
    """A person with an organisation of their own."""
    user = person(f"{name}@ngo.example", name.title())
    register_organisation(user, OrganisationData(f"{name.title()} House", "ngo", "GB"))
    return user


def draft_of(round_: Round, user: User) -> Application:
    """A draft with every answer and its file, written by that person."""
    now = timezone.now()
    check = check_eligibility(round_, WRITTEN["eligibility"], by=user)
    organisation = user.organisation_memberships.get().organisation
    application = start_application(round_, organisation, by=user, at=now, eligibility=check)
    for section in sections_of(round_):
        typed = {one.key: answer_to(section.key, one.key) for one in section.written}
        if typed:
            save_section(application, section.key, typed, revision=1, by=user, at=now)
        for one in section.files:
            file = SimpleUploadedFile(str(PAPER["name"]), PAPER["buffer"], "application/pdf")
            attach_file(application, one.key, file, by=user, at=now)
    return application
