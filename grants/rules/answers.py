"""What is missing from or wrong with the answers of a draft. A draft may hold anything; only sending asks for all of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext as _, ngettext

from grants.enums import FieldKind
from grants.models import Attachment, FormVersion, Round
from grants.models.questions import AMOUNT, GRIDS, PARTED, Question, Section, say
from grants.rules.asked import Answers, asked_of
from grants.rules.grids import budget_faults, cell_faults, clean_cells, final_cells
from grants.rules.themes import followed, not_offered
from network.frame.names import number_text
from network.numbers import read_date, read_number
from network.scanner import Scan
from network.text import clean_line, clean_text, count_characters, count_words

# Far above every word limit: what is longer was not typed by a person. Of an answer with many cells it is all together.
MAX_CHARACTERS = 100_000
Fault = tuple[str, str]
LAYOUT = "_layout"
# The typed sections of published forms, the oldest first, and how many of them a process keeps.
PUBLISHED: dict[tuple[int, datetime], tuple[Section, ...]] = {}
MOST_KEPT = 64


@dataclass(frozen=True)
class Problem:
    """One thing to put right: where, a stable word for programs, and the sentence for the person (in their language)."""

    section: str
    field: str
    code: str
    text: str


def layout(form: FormVersion) -> tuple[Section, ...]:
    """The form's sections, typed. A published version never changes (the database sees to it), so each process reads it once;
    others are read once for each loaded object and what stands in it."""
    if form.published_at and form.pk:
        # Not by the number alone: after a rollback another version may get the same one.
        key = (form.pk, form.published_at)
        if key not in PUBLISHED:
            while len(PUBLISHED) >= MOST_KEPT:
                PUBLISHED.pop(next(iter(PUBLISHED)), None)
            PUBLISHED[key] = _read(form)
        return PUBLISHED[key]
    known: tuple[Any, tuple[Section, ...]] | None = form.__dict__.get(LAYOUT)
    if known is None or known[0] is not form.sections:
        known = form.__dict__[LAYOUT] = (form.sections, _read(form))
    return known[1]


def _read(form: FormVersion) -> tuple[Section, ...]:
    return tuple(Section.read(raw) for raw in form.sections)


def clean_answer(question: Question, raw: Any) -> Any:
    """An answer as it is stored: what was typed, without control characters; a tick as a boolean, several choices as a list,
    themes as codes, rows and parts as `rules.grids` has them."""
    if question.kind in GRIDS | PARTED:
        return clean_cells(question, raw)
    match question.kind:
        case FieldKind.DECLARATION:
            return raw in {True, "on", "true", "1"}
        case FieldKind.CHOICES:
            picked = _picked(raw)
            order = [value for value, _label in question.options]
            return sorted(dict.fromkeys(picked), key=lambda one: order.index(one) if one in order else -1)
        case FieldKind.THEMES:
            return followed(_picked(raw))
        case FieldKind.LONG_TEXT:
            return clean_text(str(raw or ""))
        case _:
            return clean_line(str(raw or ""))


def _picked(raw: Any) -> list[str]:
    picked = [clean_line(str(one)) for one in (raw if isinstance(raw, list) else [])]
    return [one for one in picked if one]


def is_empty(question: Question, answer: Any) -> bool:
    """Whether nothing was answered. An unticked declaration counts as nothing."""
    return not answer


def length_of(answer: Any) -> int:
    """How many characters an answer holds, in all its cells."""
    if isinstance(answer, dict):
        return sum(len(text) for text in answer.values())
    return sum(length_of(one) for one in answer) if isinstance(answer, list) else len(str(answer))


def final_answer(question: Question, answer: Any) -> Any:
    """A checked answer as it is sent: numbers and money as plain decimal text, days as ISO 8601, the rest as stored."""
    if is_empty(question, answer):
        return answer
    if question.kind in GRIDS | PARTED:
        return final_cells(question, answer)
    match question.kind:
        case FieldKind.NUMBER | FieldKind.MONEY:
            value = read_number(answer)
            return str(value) if value is not None else answer
        case FieldKind.DATE:
            day = read_date(answer)
            return day.isoformat() if day else answer
        case _:
            return answer


def faults_in(question: Question, answer: Any, round_: Round | None = None) -> list[Fault]:
    """What is wrong with an answer that is there, as (code, sentence); nothing where nothing was answered."""
    if is_empty(question, answer):
        return []
    if question.kind in GRIDS | PARTED:
        return [(one.code, one.text) for one in cell_faults(question, answer)]
    one = _fault(question, answer, round_)
    return [one] if one else []


def _fault(question: Question, answer: Any, round_: Round | None) -> Fault | None:
    name = {"question": say(question.label, get_language() or "en")}
    match question.kind:
        case FieldKind.SHORT_TEXT | FieldKind.LONG_TEXT:
            return _length_fault(question, answer, name)
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
        case FieldKind.CHOICES:
            if not set(answer) <= {value for value, _label in question.options}:
                return "choice", _("Choose answers of the list to “%(question)s”.") % name
        case FieldKind.THEMES:
            return _themes_fault(question, answer, name, round_)
    return None


def _themes_fault(question: Question, answer: list[str], name: dict[str, str], round_: Round | None) -> Fault | None:
    code = get_language() or "en"
    if odd := not_offered(round_.fund if round_ else None, answer, code):
        text = _("“%(question)s” does not offer “%(theme)s” any more. Take it out or choose another theme.")
        return "choice", text % {**name, "theme": odd[0].label}
    if len(followed(answer)) > question.max_choices:
        text = ngettext(
            "“%(question)s”: choose at most %(max)d theme.",
            "“%(question)s”: choose at most %(max)d themes.",
            question.max_choices,
        )
        return "themes", text % {**name, "max": question.max_choices}
    return None


def _length_fault(question: Question, answer: str, name: dict[str, str]) -> Fault | None:
    if question.max_words and (over := count_words(answer) - question.max_words) > 0:
        text = ngettext(
            "“%(question)s” is %(over)d word too long. At most %(max)d words.",
            "“%(question)s” is %(over)d words too long. At most %(max)d words.",
            over,
        )
        return "words", text % {**name, "over": over, "max": question.max_words}
    if question.max_characters and (over := count_characters(answer) - question.max_characters) > 0:
        text = ngettext(
            "“%(question)s” is %(over)d character too long. At most %(max)d characters.",
            "“%(question)s” is %(over)d characters too long. At most %(max)d characters.",
            over,
        )
        return "characters", text % {**name, "over": over, "max": question.max_characters}
    return None


def _number_fault(question: Question, answer: str, name: dict[str, str], round_: Round | None) -> Fault | None:
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


def section_faults(
    section: Section, data: Mapping[str, Any], round_: Round | None = None, amount: str | None = None
) -> dict[str, list[str]]:
    """What is wrong with a section's answers that are there: {field: sentences}. What is missing is no fault of a draft.

    `amount`: what the application asks for, as it is written, to compare budgets with.
    """
    found: dict[str, list[str]] = {}
    for question in section.written:
        answer = data.get(question.key)
        wrong = faults_in(question, answer, round_) or budget_misfits(question, answer, amount, round_)
        if wrong:
            found[question.key] = [text for _code, text in wrong]
    return found


def budget_misfits(question: Question, answer: Any, amount: Any, round_: Round | None) -> list[Fault]:
    """What does not fit between a budget, the amount asked for and the size of grant. One query for a budget."""
    if question.kind != FieldKind.BUDGET or not answer or round_ is None:
        return []
    return budget_faults(question, answer, read_number(str(amount or "")), round_.tiers.all(), round_.fund.currency)


def amount_in(answers: Answers) -> str:
    """What an application asks for, as it is written."""
    return next((str(data[AMOUNT]) for data in answers.values() if data.get(AMOUNT)), "")


def problems_of(
    sections: Iterable[Section],
    answers: Answers,
    files: Mapping[str, Attachment],
    round_: Round | None = None,
    asked: frozenset[str] | None = None,
) -> list[Problem]:
    """All that keeps an application from being sent, in the order of the form; `asked`: questions that are asked, by all
    the answers where nothing is said."""
    sections = tuple(sections)
    asked = asked_of(sections, answers) if asked is None else asked
    found = []
    for section in sections:
        data = answers.get(section.key, {})
        for question in section.questions:
            if question.key not in asked:
                continue
            if not question.written:
                wrong = _file_problem(question, files.get(question.key))
                found += [Problem(section.key, question.key, *wrong)] if wrong else []
                continue
            for one in _written_problems(question, data.get(question.key), round_, answers):
                found.append(Problem(section.key, question.key, *one))
    return found


def _written_problems(question: Question, answer: Any, round_: Round | None, answers: Answers) -> list[Fault]:
    if question.required and is_empty(question, answer):
        name = {"question": say(question.label, get_language() or "en")}
        if question.kind == FieldKind.DECLARATION:
            return [("missing", _("Confirm “%(question)s”") % name)]
        return [("missing", _("Answer “%(question)s”") % name)]
    return faults_in(question, answer, round_) or budget_misfits(question, answer, amount_in(answers), round_)


def _file_problem(question: Question, file: Attachment | None) -> Fault | None:
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
