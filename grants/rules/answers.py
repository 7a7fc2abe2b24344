"""What is missing from or wrong with the answers of a draft. A draft may hold anything; only sending asks for all of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext as _, ngettext

from grants.enums import FieldKind
from grants.models import Attachment, FormVersion, Round
from grants.models.questions import AMOUNT, Question, Section, say
from network.frame.names import number_text
from network.numbers import read_date, read_number
from network.scanner import Scan
from network.text import clean_line, clean_text, count_words

# Far above every word limit: what is longer was not typed by a person.
MAX_CHARACTERS = 100_000


@dataclass(frozen=True)
class Problem:
    """One thing to put right: where, a stable word for programs, and the sentence for the person (in their language)."""

    section: str
    field: str
    code: str
    text: str


def layout(form: FormVersion) -> tuple[Section, ...]:
    """The form's sections, typed."""
    return tuple(Section.read(raw) for raw in form.sections)


def clean_answer(question: Question, raw: Any) -> str | bool:
    """An answer as it is stored: what was typed, without control characters; a tick as a boolean."""
    match question.kind:
        case FieldKind.DECLARATION:
            return raw in {True, "on", "true", "1"}
        case FieldKind.LONG_TEXT:
            return clean_text(str(raw or ""))
        case _:
            return clean_line(str(raw or ""))


def is_empty(question: Question, answer: Any) -> bool:
    """Whether nothing was answered. An unticked declaration counts as nothing."""
    return not answer


def final_answer(question: Question, answer: Any) -> Any:
    """A checked answer as it is sent: numbers and money as plain decimal text, days as ISO 8601, the rest as stored."""
    if is_empty(question, answer):
        return answer
    match question.kind:
        case FieldKind.NUMBER | FieldKind.MONEY:
            value = read_number(answer)
            return str(value) if value is not None else answer
        case FieldKind.DATE:
            day = read_date(answer)
            return day.isoformat() if day else answer
        case _:
            return answer


def fault(question: Question, answer: Any, round_: Round | None = None) -> tuple[str, str] | None:
    """What is wrong with an answer that is there, as (code, sentence); None where nothing is, or nothing was answered."""
    if is_empty(question, answer):
        return None
    name = {"question": say(question.label, get_language() or "en")}
    match question.kind:
        case FieldKind.SHORT_TEXT | FieldKind.LONG_TEXT:
            words = count_words(answer)
            if question.max_words and words > question.max_words:
                over = words - question.max_words
                text = ngettext(
                    "“%(question)s” is %(over)d word too long. At most %(max)d words.",
                    "“%(question)s” is %(over)d words too long. At most %(max)d words.",
                    over,
                )
                return "words", text % {**name, "over": over, "max": question.max_words}
        case FieldKind.NUMBER | FieldKind.MONEY:
            return _number_fault(question, answer, name, round_)
        case FieldKind.DATE:
            if read_date(answer) is None:
                return "date", _(
                    "“%(question)s” needs a day that exists: day, month, year, for example 27 3 2027."
                ) % name
        case FieldKind.CHOICE:
            if answer not in {value for value, _label in question.options}:
                return "choice", _("Choose one answer to “%(question)s”.") % name
    return None


def _number_fault(
    question: Question, answer: str, name: dict[str, str], round_: Round | None
) -> tuple[str, str] | None:
    value = read_number(answer)
    if value is None:
        return "number", _("“%(question)s” needs a number, for example 12500.") % name
    if question.kind == FieldKind.NUMBER and value != value.to_integral_value():
        return "number", _("“%(question)s” needs a whole number.") % name
    exponent = value.as_tuple().exponent
    if question.kind == FieldKind.MONEY and isinstance(exponent, int) and exponent < -2:
        return "number", _("“%(question)s” has more than two decimals.") % name
    low, high = _bounds(question, round_)
    if value < low:
        return "min", _("“%(question)s” must be at least %(limit)s.") % {**name, "limit": number_text(low)}
    if value > high:
        return "max", _("“%(question)s” must be at most %(limit)s.") % {**name, "limit": number_text(high)}
    return None


def _bounds(question: Question, round_: Round | None) -> tuple[Decimal, Decimal]:
    lows, highs = [question.min or Decimal(0)], [question.max or Decimal(10**11)]
    if round_ and question.key == AMOUNT:
        lows += [round_.award_min] if round_.award_min else []
        highs += [round_.award_max] if round_.award_max else []
    return max(lows), min(highs)


def section_faults(section: Section, data: Mapping[str, Any], round_: Round | None = None) -> dict[str, str]:
    """What is wrong with a section's answers that are there: {field: sentence}. What is missing is no fault of a draft."""
    found = ((one.key, fault(one, data.get(one.key), round_)) for one in section.written)
    return {key: wrong[1] for key, wrong in found if wrong}


def problems_of(
    sections: Iterable[Section],
    answers: Mapping[str, Mapping[str, Any]],
    files: Mapping[str, Attachment],
    round_: Round | None = None,
) -> list[Problem]:
    """All that keeps an application from being sent, in the order of the form."""
    found = []
    for section in sections:
        data = answers.get(section.key, {})
        for question in section.questions:
            wrong = (
                _written_problem(question, data.get(question.key), round_)
                if question.written
                else _file_problem(question, files.get(question.key))
            )
            if wrong:
                found.append(Problem(section.key, question.key, *wrong))
    return found


def _written_problem(question: Question, answer: Any, round_: Round | None) -> tuple[str, str] | None:
    if question.required and is_empty(question, answer):
        name = {"question": say(question.label, get_language() or "en")}
        if question.kind == FieldKind.DECLARATION:
            return "missing", _("Confirm “%(question)s”") % name
        return "missing", _("Answer “%(question)s”") % name
    return fault(question, answer, round_)


def _file_problem(question: Question, file: Attachment | None) -> tuple[str, str] | None:
    name = {"question": say(question.label, get_language() or "en")}
    if file is None:
        return ("missing", _("Upload “%(question)s”") % name) if question.required else None
    match file.scan:
        case Scan.CLEAN:
            return None
        case Scan.PENDING:
            return "pending", _(
                "“%(question)s” is still being checked for viruses. Wait a minute, then try again."
            ) % name
        case Scan.INFECTED:
            return "infected", _("The file for “%(question)s” holds a virus. Remove it and upload a clean one.") % name
        case _:
            return "unchecked", _("The file for “%(question)s” could not be checked. Upload it again.") % name
