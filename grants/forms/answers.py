"""The form of one section, made from the form version's questions. It parses; what is wrong is marked, never refused."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _, ngettext

from grants.enums import FieldKind
from grants.forms.cells import CellsField, pairs_of, posted
from grants.models import Fund, Round
from grants.models.questions import GRIDS, PARTED, SEVERAL, Question, Section, say
from grants.rules.answers import budget_misfits, clean_answer, problems_of, section_faults
from grants.rules.asked import condition_text
from grants.rules.grids import cell_faults
from grants.rules.themes import followed, offered_and_chosen

# Field names are `a-<key>`, so that no question can be called `revision`.
PREFIX = "a"


@dataclass(frozen=True)
class Line:
    """A question ready for the page. `when`: the name of the field it hangs on, where that stands on the same page, and the
    values, as JSON; `unasked`: it hangs on an answer of another page that says no; `told`: its condition in words."""

    field: BoundField
    question: Question
    when: str = ""
    values: str = ""
    told: str = ""
    unasked: bool = False

    @property
    def max_words(self) -> int | None:
        """The most words."""
        return self.question.max_words

    @property
    def max_characters(self) -> int | None:
        """The most characters, where words are not counted."""
        return None if self.question.max_words else self.question.max_characters

    @property
    def optional(self) -> bool:
        """Whether it may stay empty."""
        return not self.question.required

    @property
    def is_budget(self) -> bool:
        """Whether its sums are told."""
        return self.question.kind == FieldKind.BUDGET

    @property
    def from_profile(self) -> bool:
        """Whether the organisation's profile answers it."""
        return self.question.kind in PARTED


class SectionForm(forms.Form):
    """The questions of a section with the answers given so far.

    Always bound to what is stored or was typed, so that faults can be marked beside their fields; `everything` marks what
    is missing too (after an attempt to send). `amount`: what the application asks for, as it is written. `more`: the
    question for which more rows were asked. `asked`: the questions that are asked by all the answers (None: all of them).
    """

    def __init__(
        self,
        section: Section,
        code: str,
        answers: Mapping[str, Any],
        *,
        round_: Round | None = None,
        amount: str = "",
        everything: bool = False,
        more: str = "",
        asked: frozenset[str] | None = None,
    ) -> None:
        super().__init__(data={f"{PREFIX}-{key}": value for key, value in answers.items()}, prefix=PREFIX)
        self.section, self.code, self.answers, self.round_ = section, code, answers, round_
        self.amount, self.everything, self.asked = amount, everything, asked
        for question in section.written:
            if question.kind == FieldKind.THEMES:
                ticked = followed(answers.get(question.key) or [])
                self.data[f"{PREFIX}-{question.key}"] = ticked
                self.fields[question.key] = _themes_field(question, code, round_.fund if round_ else None, ticked)
                continue
            self.fields[question.key] = field = _field(question, code, more=more == question.key)
            if isinstance(field, CellsField) and answers.get(question.key):
                faults = cell_faults(question, answers[question.key])
                field.widget.faulty = frozenset((one.row, one.cell) for one in faults)

    def clean(self) -> dict[str, Any]:
        """Mark the faults; the form's verdict is never a reason not to save."""
        for key, texts in self.faults().items():
            for text in texts:
                self.add_error(key, text)
        return self.cleaned_data

    def faults(self) -> dict[str, list[str]]:
        """{field: sentences} of what is wrong, and with `everything` of what is missing."""
        if not self.everything:
            return section_faults(self.section, self.answers, self.round_, self.amount)
        asked = self.asked if self.asked is not None else frozenset(one.key for one in self.section.questions)
        found = problems_of([self.section], {self.section.key: self.answers}, {}, self.round_, asked)
        written = {question.key for question in self.section.written}
        texts: dict[str, list[str]] = {}
        for problem in found:
            if problem.field in written:
                texts.setdefault(problem.field, []).append(problem.text)
        for question in self.section.written:
            if question.key not in texts:
                misfits = budget_misfits(question, self.answers.get(question.key), self.amount, self.round_)
                texts |= {question.key: [text for _code, text in misfits]} if misfits else {}
        return texts

    def rows(self) -> Iterator[Line]:
        """Each field with its limits and its condition, in the order of the questions."""
        here = {question.key: question for question in self.section.questions}
        for question in self.section.written:
            unasked = self.asked is not None and question.key not in self.asked
            when = question.when
            if when and (on := here.get(when.field)) and on.written:
                told = condition_text(question, on, self.code)
                values = json.dumps(list(when.values))
                yield Line(self[question.key], question, f"{PREFIX}-{on.key}", values, told)
            else:
                yield Line(self[question.key], question, unasked=unasked)


def _common(question: Question, code: str) -> dict[str, Any]:
    return {"label": say(question.label, code), "help_text": say(question.help, code), "required": False}


def _themes_field(question: Question, code: str, fund: Fund | None, ticked: list[str]) -> forms.Field:
    common = _common(question, code)
    most = ngettext("Choose at most %(max)d theme.", "Choose at most %(max)d themes.", question.max_choices)
    common["help_text"] = f"{common['help_text']} {most % {'max': question.max_choices}}".strip()
    choices = [(one.code, one.label) for one in offered_and_chosen(fund, ticked, code)]
    return forms.Field(widget=forms.CheckboxSelectMultiple(choices=choices), **common)


def _field(question: Question, code: str, *, more: bool = False) -> forms.Field:
    common = _common(question, code)
    if question.kind in GRIDS | PARTED:
        return CellsField(question, code, more=more, **common)
    match question.kind:
        case FieldKind.LONG_TEXT:
            rows = 4 if 0 < (question.max_words or (question.max_characters or 900) // 7) <= 120 else 9
            return forms.CharField(widget=forms.Textarea(attrs={"rows": rows}), strip=False, **common)
        case FieldKind.NUMBER | FieldKind.MONEY:
            attrs = {"inputmode": "decimal", "dir": "ltr", "class": "short"}
            return forms.CharField(widget=forms.TextInput(attrs=attrs), **common)
        case FieldKind.DATE:
            attrs = {"inputmode": "text", "dir": "ltr", "class": "short"}
            common["help_text"] = common["help_text"] or _("Day, month, year: for example 27 3 2027")
            return forms.CharField(widget=forms.TextInput(attrs=attrs), **common)
        case FieldKind.CHOICE:
            return forms.CharField(widget=forms.RadioSelect(choices=_choices(question, code)), **common)
        case FieldKind.CHOICES:
            # What is not of the list is told by the rules, like everything else that is wrong with a draft.
            return forms.Field(widget=forms.CheckboxSelectMultiple(choices=_choices(question, code)), **common)
        case FieldKind.DECLARATION:
            return forms.BooleanField(**common)
        case _:
            return forms.CharField(**common)


def _choices(question: Question, code: str) -> list[tuple[str, str]]:
    return [(value, say(label, code)) for value, label in question.options]


def typed(section: Section, data: QueryDict) -> dict[str, Any]:
    """What a request posted for a section, by question, as it would be stored; what was not posted counts as emptied."""
    return {question.key: clean_answer(question, _posted(question, data)) for question in section.written}


def _posted(question: Question, data: QueryDict) -> Any:
    name = f"{PREFIX}-{question.key}"
    if question.kind in GRIDS | PARTED:
        return posted(question, name, data)
    return data.getlist(name) if question.kind in SEVERAL else data.get(name, "")


def as_posted(section: Section, answers: Mapping[str, Any]) -> dict[str, list[str]]:
    """Answers as a request would post them: {name: texts}."""
    found: dict[str, list[str]] = {}
    for question in section.written:
        name = f"{PREFIX}-{question.key}"
        for key, text in pairs_of(question, name, answers.get(question.key)):
            found.setdefault(key, []).append(text)
    return found
