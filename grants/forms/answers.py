"""The form of one section, made from the form version's questions. It parses; what is wrong is marked, never refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grants.enums import FieldKind
from grants.models import Round
from grants.models.questions import Question, Section, say
from grants.rules.answers import problems_of, section_faults

# Field names are `a-<key>`, so that no question can be called `revision`.
PREFIX = "a"


class SectionForm(forms.Form):
    """The questions of a section with the answers given so far.

    Always bound to what is stored or was typed, so that faults can be marked beside their fields; `everything` marks what
    is missing too (after an attempt to send).
    """

    def __init__(
        self,
        section: Section,
        code: str,
        answers: Mapping[str, Any],
        *,
        round_: Round | None = None,
        everything: bool = False,
    ) -> None:
        super().__init__(data={f"{PREFIX}-{key}": value for key, value in answers.items()}, prefix=PREFIX)
        self.section, self.answers, self.round_, self.everything = section, answers, round_, everything
        for question in section.written:
            self.fields[question.key] = _field(question, code)

    def clean(self) -> dict[str, Any]:
        """Mark the faults; the form's verdict is never a reason not to save."""
        for key, text in self.faults().items():
            self.add_error(key, text)
        return self.cleaned_data

    def faults(self) -> dict[str, str]:
        """{field: sentence} of what is wrong, and with `everything` of what is missing."""
        if not self.everything:
            return section_faults(self.section, self.answers, self.round_)
        found = problems_of([self.section], {self.section.key: self.answers}, {}, self.round_)
        written = {question.key for question in self.section.written}
        return {problem.field: problem.text for problem in found if problem.field in written}

    def rows(self) -> list[dict[str, Any]]:
        """Each field with its word limit and whether it may stay empty, in the order of the questions."""
        return [
            {"field": self[question.key], "max_words": question.max_words, "optional": not question.required}
            for question in self.section.written
        ]


def _field(question: Question, code: str) -> forms.Field:
    common: dict[str, Any] = {
        "label": say(question.label, code),
        "help_text": say(question.help, code),
        "required": False,
    }
    match question.kind:
        case FieldKind.LONG_TEXT:
            rows = 4 if (question.max_words or 0) <= 120 else 9
            return forms.CharField(widget=forms.Textarea(attrs={"rows": rows}), strip=False, **common)
        case FieldKind.NUMBER | FieldKind.MONEY:
            attrs = {"inputmode": "decimal", "dir": "ltr", "class": "short"}
            return forms.CharField(widget=forms.TextInput(attrs=attrs), **common)
        case FieldKind.DATE:
            attrs = {"inputmode": "text", "dir": "ltr", "class": "short"}
            common["help_text"] = common["help_text"] or _("Day, month, year: for example 27 3 2027")
            return forms.CharField(widget=forms.TextInput(attrs=attrs), **common)
        case FieldKind.CHOICE:
            choices = [(value, say(label, code)) for value, label in question.options]
            return forms.CharField(widget=forms.RadioSelect(choices=choices), **common)
        case FieldKind.DECLARATION:
            return forms.BooleanField(**common)
        case _:
            return forms.CharField(**common)


def typed(section: Section, data: Mapping[str, Any]) -> dict[str, Any]:
    """What a request posted for a section, by question; what was not posted counts as emptied."""
    return {question.key: data.get(f"{PREFIX}-{question.key}", "") for question in section.written}
