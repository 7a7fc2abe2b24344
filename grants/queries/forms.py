"""The questions of a form as everybody may read them before starting: texts, and how each is answered."""

from __future__ import annotations

from typing import Any

from django.utils.translation import ngettext

from grants.enums import FieldKind
from grants.models import FormVersion, Fund
from grants.models.questions import GRIDS, Question, say
from grants.queries.form_words import themes_at_most
from grants.rules.answers import layout
from grants.rules.asked import condition_text
from grants.rules.grids import cells_of
from grants.rules.themes import offered
from network.frame.names import number_text

Item = dict[str, Any]


def readable(form: FormVersion, fund: Fund, code: str) -> list[Item]:
    """The form's sections in a language: dicts title, help and questions, each of them label, help, required and notes."""
    sections = layout(form)
    known = {question.key: question for section in sections for question in section.questions}
    return [
        {
            "title": say(section.title, code),
            "help": say(section.help, code),
            "questions": [
                {
                    "label": say(question.label, code),
                    "help": say(question.help, code),
                    "required": question.required,
                    "notes": [*notes_on(question, known, code), *_themes_on(question, fund, code)],
                }
                for question in section.questions
            ],
        }
        for section in sections
    ]


def notes_on(question: Question, known: dict[str, Question], code: str) -> list[str]:
    """How a question is answered, note by note: its kind, limits, columns or options, and when it is asked at all."""
    notes = [str(FieldKind(question.kind).label)]
    if most := question.max_words:
        notes.append(ngettext("at most %(max)s word", "at most %(max)s words", most) % {"max": number_text(most)})
    elif most := question.max_characters:
        told = ngettext("at most %(max)s character", "at most %(max)s characters", most)
        notes.append(told % {"max": number_text(most)})
    if question.kind == FieldKind.THEMES:
        notes.append(themes_at_most(question.max_choices))
    if question.kind in GRIDS:
        notes.append(", ".join(cell.name(code) for cell in cells_of(question)))
    if question.kind in {FieldKind.CHOICE, FieldKind.CHOICES}:
        notes.append(", ".join(say(label, code) for _value, label in question.options))
    if question.when and (on := known.get(question.when.field)):
        notes.append(condition_text(question, on, code))
    return notes


def _themes_on(question: Question, fund: Fund, code: str) -> list[str]:
    """The themes that it offers, in one note."""
    return [", ".join(one.label for one in offered(fund, code))] if question.kind == FieldKind.THEMES else []
