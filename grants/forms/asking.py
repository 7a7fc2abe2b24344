"""A question of the eligibility check as staff write it, in every language of the fund; a list's answers stand beside it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from grants.domain.asking import Answer, Asked
from grants.enums import QuestionKind
from grants.forms.building import LineForm, Lines
from grants.forms.funds import MoneyField
from grants.forms.languages import InLanguages
from grants.models import EligibilityCriterion
from grants.rules.seen import eligibility_mark
from network.translation.models import texts_of

ANSWERS = [("yes", _("Yes")), ("no", _("No"))]
TEXTS = {"question": 0, "help": 2, "refusal": 3}


class QuestionForm(InLanguages):
    """One question of one kind, with what its kind has."""

    answer = forms.ChoiceField(
        label=_("The answer with which somebody can apply"), choices=ANSWERS, widget=forms.RadioSelect, initial="yes"
    )
    low = MoneyField(label=_("Smallest amount with which somebody can apply"), required=False)
    high = MoneyField(label=_("Largest amount with which somebody can apply"), required=False)
    blocking = forms.BooleanField(
        label=_("Another answer ends the check: this fund can’t support them"), required=False, initial=True
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, kind: str, row: EligibilityCriterion | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        for name, rows in TEXTS.items():
            self.speak(name, rows=rows)
        shown = {QuestionKind.YES_NO: {"answer"}, QuestionKind.MONEY: {"low", "high"}}.get(QuestionKind(kind), set())
        for name in {"answer", "low", "high"} - shown:
            del self.fields[name]
        if row is None:
            return
        for name in TEXTS:
            self.set_texts(name, texts_of(row, name))
        bounds = {name: row.accepted.get(bound) for name, bound in (("low", "min"), ("high", "max"))}
        self.initial |= {name: Decimal(bound) for name, bound in bounds.items() if bound is not None}
        self.initial["answer"] = "yes" if row.accepted.get("answer", True) else "no"
        self.initial["blocking"] = row.blocking
        self.initial["seen"] = eligibility_mark(row)

    @property
    def plain(self) -> list[Any]:
        """What its kind has beside texts and answers, in its order."""
        return [self[name] for name in ("answer", "low", "high") if name in self.fields]

    def asked(self, answers: Sequence[Answer]) -> Asked:
        """As the domain takes it."""
        data = self.cleaned_data
        return Asked(
            kind=self.kind,
            **{name: self.spoken(name) for name in TEXTS},
            answer=data.get("answer") != "no",
            answers=answers,
            low=data.get("low"),
            high=data.get("high"),
            blocking=data["blocking"],
        )

    def take_typed(self, other: QuestionForm) -> None:
        """Begin with what was typed into another one, with no verdict about it: lines were moved, nothing was saved."""
        self.initial = {
            name: field.widget.value_from_datadict(other.data, other.files, name) for name, field in self.fields.items()
        }


class AnswerForm(LineForm):
    """An answer of a list."""

    passes = forms.BooleanField(label=_("With this answer somebody can apply"), required=False)


class AnswerLines(Lines):
    """The answers of a list, in their order."""

    NAME, FORM, PLAIN = "answers", AnswerForm, ("passes",)

    @classmethod
    def of(cls, codes: Sequence[str], row: EligibilityCriterion | None) -> AnswerLines:
        """Those of the question; some empty ones where it has none."""
        passing = set(row.accepted.get("choices", ())) if row else set()
        there = [
            {"value": one["value"], "label": one["label"], "passes": one["value"] in passing}
            for one in (row.options if row else ())
        ]
        return cls(cls.NAME, codes, there or cls.empty())

    @classmethod
    def posted(cls, codes: Sequence[str], data: QueryDict) -> AnswerLines:
        """Those of a page."""
        lines = cls.sent(cls.NAME, codes, data)
        for n, row in enumerate(lines.rows):
            row["passes"] = f"{cls.NAME}-{n}-passes" in data
        return cls(cls.NAME, codes, lines.rows)

    def answers(self) -> list[Answer]:
        """As the domain takes them."""
        return [Answer(row["label"], row["value"], passes=bool(row.get("passes"))) for row in self.rows]
