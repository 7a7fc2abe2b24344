"""The form of the eligibility check, made from a round's questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grants.enums import QuestionKind
from grants.models import EligibilityCriterion
from grants.models.questions import say
from network.numbers import read_number

YES_NO = [("yes", _("Yes")), ("no", _("No"))]


class AmountField(forms.CharField):
    """An amount in any digits and separators; cleaned to plain decimal text."""

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        amount = read_number(text) if text else None
        if text and (amount is None or amount < 0):
            raise forms.ValidationError(_("Write an amount in figures, for example 12,500."))
        return "" if amount is None else str(amount)


class EligibilityForm(forms.Form):
    """One field for each question; every question wants an answer. `criteria` carry `shown_question` and `shown_help`."""

    def __init__(self, criteria: Sequence[Any], code: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        for one in criteria:
            self.fields[one.key] = self._field(one, code)

    def _field(self, one: Any, code: str) -> forms.Field:
        common: dict[str, Any] = {
            "label": one.shown_question,
            "help_text": one.shown_help,
            "error_messages": {"required": _("Answer “%(question)s”") % {"question": one.shown_question}},
        }
        match one.kind:
            case QuestionKind.YES_NO:
                return forms.ChoiceField(choices=YES_NO, widget=forms.RadioSelect, **common)
            case QuestionKind.CHOICE:
                choices = [(option["value"], say(option["label"], code)) for option in one.options]
                return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
            case _:
                widget = forms.TextInput(attrs={"inputmode": "decimal", "dir": "ltr", "class": "short"})
                return AmountField(max_length=40, widget=widget, **common)

    def answers(self) -> dict[str, Any]:
        """The cleaned answers as `EligibilityCheck.answers` holds them."""
        kinds = {one.key: one.kind for one in self.criteria}
        return {
            key: value == "yes" if kinds[key] == QuestionKind.YES_NO else value
            for key, value in self.cleaned_data.items()
        }


def typed_answers(criteria: Sequence[EligibilityCriterion], answers: dict[str, Any]) -> dict[str, Any]:
    """Stored answers as the form takes them, for changing them."""
    words = {True: "yes", False: "no", None: ""}
    return {
        one.key: words[answers.get(one.key)] if one.kind == QuestionKind.YES_NO else answers.get(one.key)
        for one in criteria
    }
