"""A question of the eligibility check as staff write it, in the language of the page."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grants.domain.asking import Asked
from grants.enums import QuestionKind
from grants.forms.funds import MoneyField
from grants.models import EligibilityCriterion
from network.translation.models import text_in

ANSWERS = [("yes", _("Yes")), ("no", _("No"))]
LINES = forms.Textarea(attrs={"rows": 4})


class QuestionForm(forms.Form):
    """One question. Which fields count depends on its kind; the others are passed over."""

    question = forms.CharField(label=_("Question"), max_length=300, required=False)
    help = forms.CharField(label=_("Help"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 2}))
    kind = forms.ChoiceField(label=_("How it is answered"), choices=QuestionKind.choices, widget=forms.RadioSelect)
    answer = forms.ChoiceField(
        label=_("Yes or no: the answer with which somebody can apply"),
        choices=ANSWERS,
        widget=forms.RadioSelect,
        required=False,
    )
    passing = forms.CharField(
        label=_("A list: answers with which somebody can apply"),
        help_text=_("One a line. The first line here is the same answer as the first line in other languages."),
        required=False,
        max_length=5_000,
        widget=LINES,
    )
    other = forms.CharField(label=_("A list: the other answers"), required=False, max_length=5_000, widget=LINES)
    low = MoneyField(label=_("An amount: at least"), required=False)
    high = MoneyField(label=_("An amount: at most"), required=False)
    blocking = forms.BooleanField(
        label=_("Another answer ends the check: this fund can’t support them"), required=False
    )
    refusal = forms.CharField(
        label=_("What somebody reads whose answer ends the check"),
        help_text=_("The reason, and what they can do instead."),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @classmethod
    def about(cls, row: EligibilityCriterion | None, code: str) -> QuestionForm:
        """The form with what stands there in that language; of no question yet, the usual beginning."""
        if row is None:
            return cls(initial={"kind": QuestionKind.YES_NO, "answer": "yes", "blocking": True})
        choices = set(row.accepted.get("choices", ()))

        def lines(passing: bool) -> str:
            group = [one["label"].get(code, "") for one in row.options if (one["value"] in choices) is passing]
            return "\n".join(group).rstrip()

        bounds = {
            name: Decimal(row.accepted[bound])
            for name, bound in (("low", "min"), ("high", "max"))
            if bound in row.accepted
        }
        texts = {name: text_in(row, name, code) for name in ("question", "help", "refusal")}
        answer = "yes" if row.accepted.get("answer", True) else "no"
        return cls(
            initial={
                **texts,
                **bounds,
                "kind": row.kind,
                "blocking": row.blocking,
                "answer": answer,
                "passing": lines(True),
                "other": lines(False),
            }
        )

    def asked(self, code: str) -> Asked:
        """As the domain takes it."""
        data: dict[str, Any] = self.cleaned_data
        return Asked(
            code=code,
            **{name: data[name] for name in ("kind", "question", "help", "refusal", "low", "high", "blocking")},
            answer=data["answer"] != "no",
            passing=data["passing"].rstrip().splitlines(),
            other=data["other"].rstrip().splitlines(),
        )
