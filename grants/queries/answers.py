"""Answers in words, as the check page, the sent version and the mails show them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext as _

from grants.enums import FieldKind, State
from grants.models import Application, Attachment
from grants.models.questions import GRIDS, PARTED, Question, Section, language_of, say
from grants.registry import themes_chosen
from grants.rules.answers import layout
from grants.rules.asked import asked_of, sections_asked
from grants.rules.grids import FIGURES, cells_of, sums_text
from network.frame.moments import day_text
from network.frame.names import money_text, number_text
from network.numbers import read_date, read_number
from network.scanner import note_of


def answer_text(question: Question, answer: Any, currency: str, code: str) -> str:
    """An answer in words: the option's text, money with its currency, a tick as "Yes"; what can't be read as typed.

    Several choices and themes stand in lines, like rows and parts, with the heading of each cell.
    """
    if not answer:
        return ""
    if question.kind in PARTED:
        return "\n".join(
            f"{one.label}: {one.text}" for one in cells_shown(question, answer, currency, code) if one.text
        )
    if question.kind in GRIDS:
        return "\n".join(_row_text(question, row, currency, code) for row in answer)
    if question.kind == FieldKind.CHOICES:
        return "\n".join(option_text(question, one, code) for one in answer)
    if question.kind == FieldKind.THEMES:
        return "\n".join(one.label for one in themes_chosen(answer, code))
    return _piece_text(question.kind, answer, currency, lambda value: option_text(question, value, code))


def option_text(question: Question, value: str, code: str) -> str:
    """The text of an option; the value itself where the list has no such option."""
    return next((say(label, code) for one, label in question.options if one == value), str(value))


def _piece_text(kind: FieldKind, answer: Any, currency: str, option: Callable[[str], str]) -> str:
    match kind:
        case FieldKind.DECLARATION:
            return _("Yes")
        case FieldKind.CHOICE:
            return option(answer)
        case FieldKind.MONEY:
            amount = read_number(answer)
            return str(answer) if amount is None else money_text(amount, currency)
        case FieldKind.NUMBER:
            number = read_number(answer)
            return str(answer) if number is None else number_text(number)
        case FieldKind.DATE:
            day: date | None = read_date(answer)
            return str(answer) if day is None else day_text(day)
        case _:
            return str(answer)


@dataclass(frozen=True)
class ShownCell:
    """A cell in words, with its heading."""

    label: str
    text: str
    figure: bool


def cells_shown(question: Question, row: Mapping[str, str], currency: str, code: str) -> list[ShownCell]:
    """The cells of a row, or the parts of an answer, in words."""
    return [
        ShownCell(
            cell.name(code),
            _piece_text(cell.kind, text, currency, lambda value: option_text(question, value, code))
            if (text := row.get(cell.key) or "")
            else "",
            cell.kind in FIGURES,
        )
        for cell in cells_of(question)
    ]


def _row_text(question: Question, row: Mapping[str, str], currency: str, code: str) -> str:
    return "; ".join(f"{one.label}: {one.text}" for one in cells_shown(question, row, currency, code) if one.text)


def answer_shown(question: Question, answer: Any, currency: str, code: str) -> str:
    """An answer as a page shows it: rows as a table, a budget with its sums, all else as `answer_text`."""
    if not answer or question.kind not in GRIDS:
        return answer_text(question, answer, currency, code)
    context = {
        "heads": [{"label": one.label, "figure": one.figure} for one in cells_shown(question, {}, currency, code)],
        "rows": [cells_shown(question, row, currency, code) for row in answer],
        "sums": sums_text(answer, currency) if question.kind == FieldKind.BUDGET else "",
        "caption": say(question.label, code),
    }
    # In one line: what shows answers turns line ends into breaks.
    return mark_safe(" ".join(render_to_string("grants/grid_answer.html", context).split()))


@dataclass(frozen=True)
class Told:
    """A text and the language it is written in."""

    text: str
    language: str


def told(texts: Mapping[str, str], code: str) -> Told:
    """A text in `code` or the next best language, with that language."""
    return Told(say(dict(texts), code), language_of(dict(texts), code))


@dataclass(frozen=True)
class ShownSection:
    """A section for reading: rows as the piece `check_answers` takes them."""

    key: str
    title: str
    rows: list[dict[str, Any]]


def shown_sections(
    application: Application,
    answers: Mapping[str, Mapping[str, Any]],
    files: Mapping[str, Mapping[str, Any]],
    *,
    changeable: bool,
) -> list[ShownSection]:
    """The whole application in words, with links to change each answer where `changeable`.

    `files` is {field: {"name", "note", "url"}}.
    """
    code = get_language() or "en"
    currency = application.round.fund.currency
    shown = []
    sections = layout(application.form)
    asked = asked_of(sections, answers)
    for section in sections_asked(sections, asked):
        data = answers.get(section.key, {})
        rows = []
        for question in section.questions:
            if question.key not in asked:
                continue
            label = say(question.label, code)
            if question.written:
                answer = answer_shown(question, data.get(question.key), currency, code)
                url = section_url(application, section) + f"#id_a-{question.key}"
            else:
                file = files.get(question.key)
                answer = f"{file['name']} {file['note']}".strip() if file else ""
                url = reverse("grants:file", args=[application.opaque_id, question.key])
            rows.append({"question": label, "answer": answer, "url": url if changeable else "", "what": label})
        shown.append(ShownSection(section.key, say(section.title, code), rows))
    return shown


def section_url(application: Application, section: Section) -> str:
    """Where a section is written: its page, or its only file's where it asks for nothing else."""
    if not section.written and len(section.files) == 1:
        return reverse("grants:file", args=[application.opaque_id, section.files[0].key])
    return reverse("grants:section", args=[application.opaque_id, section.key])


def file_note(file: Attachment) -> str:
    """What to know about a file that is not simply there."""
    return note_of(file.scan)


def draft_answers(application: Application) -> dict[str, dict[str, Any]]:
    """The draft's answers by section. One query."""
    return {row.section: row.data for row in application.answers.all()}


def draft_files(application: Application) -> dict[str, Attachment]:
    """The draft's files by question. One query."""
    return {file.field: file for file in application.attachments.filter(removed_at__isnull=True)}


def reading_of(application: Application) -> list[ShownSection]:
    """The application as it is: the sent version where there is one and it is no draft, otherwise the draft."""
    if application.current_version and application.state not in {State.DRAFT, State.LAPSED}:
        return sent_of(application)
    files = {key: {"name": file.name, "note": file_note(file)} for key, file in draft_files(application).items()}
    return shown_sections(application, draft_answers(application), files, changeable=False)


def sent_of(application: Application) -> list[ShownSection]:
    """What was sent last, in words, with the names of its files; nothing where nothing was sent."""
    version = application.current_version
    if version is None:
        return []
    sent = {file["field"]: {"name": file["name"], "note": ""} for file in version.files}
    return shown_sections(application, version.answers, sent, changeable=False)
