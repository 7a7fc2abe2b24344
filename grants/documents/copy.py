"""An application on paper: every question with its answer so far, or with room to write it by hand.

Set by `copy.typ` in the reader's language (PDF/UA-1). It says whether it is a draft or what was sent, with the receipt code.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

from django.utils.translation import get_language, gettext as _

from grants.documents.call import as_shown
from grants.enums import FieldKind, State
from grants.models import Application, Fund
from grants.models.questions import GRIDS, PARTED, Question, language_of, say
from grants.queries.answers import answer_text, cells_shown, draft_answers, draft_files, file_note
from grants.queries.forms import notes_on
from grants.rules.answers import layout
from grants.rules.asked import asked_of, sections_asked
from grants.rules.grids import sums_text
from grants.rules.themes import followed, offered_and_chosen
from network.frame.moments import moment_text
from network.frame.names import number_text
from network.languages import direction
from network.typesetting import typeset

TEMPLATE = Path(__file__).parent / "copy.typ"
# Words that people write by hand on a line, and lines at most.
PER_LINE, MOST_LINES, PER_LINE_CHARACTERS = 12, 24, 70
# Empty rows of a table that nobody has begun.
BLANK_ROWS = 6


def copy_data(application: Application, origin: str) -> dict[str, Any]:
    """All that stands in it, in the active language. Two queries for a draft. `origin`: the portal's address."""
    code = get_language() or "en"
    version = application.current_version
    sent = version is not None and application.state not in {State.DRAFT, State.LAPSED}
    if sent and version is not None:
        answers, files = version.answers, {one["field"]: one["name"] for one in version.files}
    else:
        answers = draft_answers(application)
        files = {key: f"{one.name} {file_note(one)}".strip() for key, one in draft_files(application).items()}
    return {
        "lang": code,
        "dir": direction(code),
        "kind": _("Application to %(fund)s") % {"fund": f"\u2068{application.round.fund}\u2069"},
        "title": application.title or _("Your application"),
        "titledir": _way(application.title, direction(code)),
        "mark": _mark(application, sent),
        "facts": _facts(application),
        "sections": _sections(application, answers, files, sent, code),
        "more": _("The page of the application:"),
        "url": origin + application.get_absolute_url(),
    }


def copy_pdf(application: Application, origin: str) -> bytes:
    """The PDF, made anew each time: what is in it is nobody else's, so it is kept nowhere. TypesettingError as `typeset`."""
    return typeset(TEMPLATE, as_shown(copy_data(application, origin)))


def _mark(application: Application, sent: bool) -> str:
    version, zone = application.current_version, application.round.timezone
    if version is None:
        return _("Draft: nothing was sent.")
    told = {
        "number": number_text(version.number),
        "moment": moment_text(version.received_at, zone),
        "code": version.receipt_code,
    }
    if sent:
        return _("Version %(number)s as it was sent, received %(moment)s, receipt code %(code)s.") % told
    text = _(
        "Draft: these changes were not sent. Version %(number)s counts, received %(moment)s, receipt code %(code)s."
    )
    return text % told


def _facts(application: Application) -> list[list[str]]:
    round_ = application.round
    rows = [
        [_("Organisation"), str(application.organisation)],
        [_("Round"), str(round_)],
        [_("Closes"), moment_text(application.closes_at, round_.timezone)],
    ]
    if application.reference:
        rows.append([_("Reference"), application.reference])
    return rows


def _sections(
    application: Application, answers: dict[str, Any], files: dict[str, str], sent: bool, code: str
) -> list[dict[str, Any]]:
    """What was asked, of a version that was sent; else every question, with what it hangs on, to be thought about."""
    sections, fund = layout(application.form), application.round.fund
    known = {one.key: one for section in sections for one in section.questions}
    asked = asked_of(sections, answers) if sent else frozenset(known)
    found = []
    for section in sections_asked(sections, asked):
        data = answers.get(section.key) or {}
        questions = [one for one in section.questions if one.key in asked]
        blocks = [_question(one, data.get(one.key), files, fund, known, code) for one in questions]
        found.append({"title": say(section.title, code), "help": say(section.help, code), "questions": blocks})
    return found


def _question(
    question: Question, given: Any, files: dict[str, str], fund: Fund, known: dict[str, Question], code: str
) -> dict[str, Any]:
    language = language_of(question.label, code)
    return {
        "label": say(question.label, code),
        "labellang": language,
        "labeldir": direction(language),
        "help": say(question.help, code),
        "note": _note(question, known, code),
        "answer": [],
        "boxes": [],
        "lines": 0,
        "heading": [],
        "rows": [],
        **_answer(question, given, files, fund, code),
    }


def _answer(question: Question, given: Any, files: dict[str, str], fund: Fund, code: str) -> dict[str, Any]:
    """How the answer is drawn: boxes, rows, or paragraphs; where nothing is answered, lines and empty cells to fill in."""
    match question.kind:
        case FieldKind.CHOICE | FieldKind.CHOICES:
            chosen = given if isinstance(given, list) else [given]
            return {"boxes": [_box(say(label, code), value in chosen) for value, label in question.options]}
        case FieldKind.THEMES:
            ticked = followed(given or [])
            themes = offered_and_chosen(fund, ticked, code)
            return {"boxes": [_box(one.label, one.code in ticked) for one in themes]}
        case FieldKind.DECLARATION:
            return {"boxes": [_box(_("Yes"), bool(given))]}
    base, currency = direction(code), fund.currency
    if question.kind in GRIDS:
        rows = [[_cell(one.text, base) for one in cells_shown(question, row, currency, code)] for row in given or []]
        heading = [one.label for one in cells_shown(question, {}, currency, code)]
        blank = [[_cell("", base)] * len(heading)] * (0 if rows else min(BLANK_ROWS, question.max_rows))
        sums = sums_text(given or [], currency) if given and question.kind == FieldKind.BUDGET else ""
        return {"heading": heading, "rows": rows + blank, "answer": [_cell(sums, base)] if sums else []}
    if question.kind in PARTED:
        parts = cells_shown(question, given or {}, currency, code)
        return {"rows": [[_cell(one.label, base), _cell(one.text, base)] for one in parts]}
    text = answer_text(question, given, currency, code) if question.written else files.get(question.key, "")
    paragraphs = [_cell(line, base) for line in text.split("\n") if line.strip()]
    return {"answer": paragraphs, "lines": 0 if paragraphs else _lines(question)}


def _box(text: str, chosen: bool) -> dict[str, Any]:
    """A box to tick; that it is ticked stands in words too, for those who hear it."""
    return {"text": _("%(answer)s (chosen)") % {"answer": text} if chosen else text, "chosen": chosen}


def _cell(text: str, base: str) -> dict[str, str]:
    return {"text": text, "dir": _way(text, base)}


def _note(question: Question, known: dict[str, Question], code: str) -> str:
    """As before starting, without the options and columns, which are drawn."""
    drawn = {FieldKind.CHOICE, FieldKind.CHOICES} | GRIDS
    notes = notes_on(question, known, code)
    if question.kind in drawn:
        notes = [notes[0], *notes[2:]]
    if not question.required:
        notes.append(_("optional"))
    return " · ".join(notes)


def _lines(question: Question) -> int:
    """How many lines to write an answer on: by its limit where it is a long text."""
    if question.kind != FieldKind.LONG_TEXT:
        return 1
    by_characters = question.max_characters // PER_LINE_CHARACTERS if question.max_characters else 10
    lines = question.max_words // PER_LINE if question.max_words else by_characters
    return min(MOST_LINES, max(4, lines))


def _way(text: str, base: str) -> str:
    """The direction of a text by its first letter, as browsers find it; `base` where it has none."""
    for character in text:
        match unicodedata.bidirectional(character):
            case "L":
                return "ltr"
            case "R" | "AL":
                return "rtl"
    return base
