"""What is typed to build a round's criteria and its form: texts in several languages, settings by kind, lists of answers."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _, gettext_lazy

from grants.domain.questions import Asking, Line, Wording
from grants.domain.rounds import NewCriterion
from grants.enums import FieldKind
from grants.forms.funds import MoneyField
from grants.forms.languages import InLanguages
from grants.forms.rounds import WholeField
from grants.models import Criterion
from grants.models.questions import CHOSEN, MOST_CHOSEN, MOST_ROWS, say
from grants.queries.form_words import NAMES, value_text
from grants.rules import kinds
from grants.rules.ordering import Raw, values_of
from grants.rules.seen import criterion_mark, mark_of, section_mark
from network.translation.models import text_in

MOST_LINES = kinds.MOST_OPTIONS + 5
NEW_LINES = 3


class CriterionForm(InLanguages):
    """A criterion in every language of the fund, its weight and its scores."""

    weight = WholeField(
        label=gettext_lazy("Weight, per cent"),
        help_text=gettext_lazy("The weights of all criteria add up to 100."),
        low=1,
        high=100,
        wrong=gettext_lazy("A weight is between 1 and 100 per cent."),
    )
    minimum = WholeField(
        label=gettext_lazy("Lowest score"),
        low=0,
        high=99,
        wrong=gettext_lazy("Write a number from 0 to 99."),
        initial=0,
    )
    maximum = WholeField(
        label=gettext_lazy("Highest score"),
        low=1,
        high=100,
        wrong=gettext_lazy("Write a number from 1 to 100."),
        initial=5,
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, row: Criterion | None, left: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.speak("name")
        self.speak("guidance", rows=3)
        if row is None:
            self.initial["weight"] = left or ""
            return
        for name in ("name", "guidance"):
            self.set_texts(name, {code: text_in(row, name, code) for code in self.codes})
        for name in ("weight", "minimum", "maximum"):
            self.initial[name] = getattr(row, name)
        self.initial["seen"] = criterion_mark(row)

    def new(self) -> NewCriterion:
        """As the domain takes it."""
        numbers = {name: self.cleaned_data[name] for name in ("weight", "minimum", "maximum")}
        return NewCriterion(self.spoken("name"), self.spoken("guidance"), **numbers)


class SectionForm(InLanguages):
    """A section's title and help."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, section: Raw | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.speak("title")
        self.speak("help", rows=3)
        if section is not None:
            self.set_texts("title", section.get("title") or {})
            self.set_texts("help", section.get("help") or {})
            self.initial["seen"] = section_mark(section)

    def wording(self) -> Wording:
        """As the domain takes it."""
        return Wording(self.spoken("title"), self.spoken("help"))


class QuestionForm(InLanguages):
    """A question of one kind, with the settings that its kind has. Its list of answers or columns stands beside it (`Lines`)."""

    required = forms.BooleanField(label=gettext_lazy("An application can’t be sent without an answer"), required=False)
    identifying = forms.BooleanField(
        label=gettext_lazy("The answer tells who applies"),
        help_text=gettext_lazy("Reviewers of a blind round do not see it."),
        required=False,
    )
    when = forms.MultipleChoiceField(
        label=gettext_lazy("Ask only after one of these answers"),
        help_text=gettext_lazy("Of one earlier question. Without a tick it is always asked."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, kind: str, question: Raw | None, before: Sequence[Raw], reader: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.question = kind, question
        self.speak("label")
        self.speak("help", rows=2)
        self._settings(kinds.settings_of(kind))
        choices = [
            (f"{one['key']}={value}", f"{say(one['label'], reader)}: {value_text(one, value, reader)}")
            for one in before
            for value in values_of(one)
        ]
        if choices:
            self.fields["when"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["when"]
        if question is None:
            self.initial |= {"required": True, "max_choices": CHOSEN}
            return
        self.set_texts("label", question["label"])
        self.set_texts("help", question.get("help") or {})
        for name in ("required", "identifying", "max_words", "max_characters", "weight", "max_rows", "max_choices"):
            self.initial[name] = question.get(name)
        for name in ("min", "max"):
            bound = question.get(name)
            self.initial[name] = None if bound is None else Decimal(str(bound))
        when = question.get("when") or {"field": "", "is": []}
        self.initial["when"] = [f"{when['field']}={value}" for value in when["is"]]
        self.initial["kind"] = kind
        self.initial["seen"] = mark_of(question)

    def _settings(self, names: Sequence[str]) -> None:
        bounds = {
            "max_words": (1, kinds.MOST_WORDS),
            "max_characters": (1, kinds.MOST_CHARACTERS),
            "max_rows": (1, MOST_ROWS),
            "max_choices": (1, MOST_CHOSEN),
            "weight": (0, 100),
        }
        for name, (low, high) in bounds.items():
            if name in names:
                wrong = _("Write a number from %(low)d to %(high)d.") % {"low": low, "high": high}
                self.fields[name] = WholeField(label=NAMES[name], low=low, high=high, wrong=wrong, required=False)
        for name in ("min", "max"):
            if name in names:
                self.fields[name] = MoneyField(label=NAMES[name], required=False)
        alike = kinds.alike(self.question["key"], self.kind) if self.question else []
        if len(alike) > 1:
            self.fields["kind"] = forms.ChoiceField(
                label=NAMES["kind"], choices=[(one.value, one.label) for one in alike], widget=forms.RadioSelect
            )

    @property
    def plain(self) -> list[Any]:
        """The settings of the kind, in their order."""
        order = ("kind", "max_words", "max_characters", "min", "max", "max_rows", "max_choices", "weight")
        return [self[name] for name in order if name in self.fields]

    def clean_when(self) -> tuple[str, tuple[str, ...]] | None:
        pairs = [one.partition("=") for one in self.cleaned_data["when"]]
        if not pairs:
            return None
        if len({key for key, _is, _value in pairs}) > 1:
            raise forms.ValidationError(_("Choose answers to one question only."))
        return pairs[0][0], tuple(value for _key, _is, value in pairs)

    def asking(self, options: Sequence[Line], columns: Sequence[Line]) -> Asking:
        """As the domain takes it."""
        data = self.cleaned_data
        names = ("max_words", "max_characters", "min", "max", "weight", "max_rows", "max_choices", "when")
        return Asking(
            kind=data.get("kind") or self.kind,
            label=self.spoken("label"),
            help=self.spoken("help"),
            required=data["required"],
            identifying=data["identifying"],
            options=options,
            columns=columns,
            **{name: data.get(name) for name in names},
        )

    def take_typed(self, other: QuestionForm) -> None:
        """Begin with what was typed into another one, with no verdict about it: lines were moved, nothing was saved."""
        self.initial = {
            name: field.widget.value_from_datadict(other.data, other.files, name) for name, field in self.fields.items()
        }


class LineForm(InLanguages):
    """An answer of a list, a category of a budget, or a column of a table."""

    value = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, columns: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.speak("label")
        if columns:
            self.fields["kind"] = forms.ChoiceField(
                label=_("What stands in it"), choices=[(one, FieldKind(one).label) for one in kinds.COLUMN_KINDS]
            )


class Lines:
    """The lines of a question, in their order: as they stand, or as a page sent them. `name`: options or columns.

    FORM shows a line, PLAIN are its fields beside value and texts.
    """

    FORM: type[LineForm] = LineForm
    PLAIN: tuple[str, ...] = ("kind",)

    def __init__(self, name: str, codes: Sequence[str], rows: list[dict[str, Any]]) -> None:
        self.name, self.codes, self.rows = name, list(codes), rows

    @classmethod
    def stored(cls, name: str, codes: Sequence[str], question: Raw | None) -> Lines:
        """Those of the question; some empty ones where it has none."""
        key = "key" if name == "columns" else "value"
        there = (question or {}).get(name) or []
        rows = [{"value": one[key], "label": one["label"], "kind": one.get("kind", "short_text")} for one in there]
        return cls(name, codes, rows or cls.empty())

    @staticmethod
    def empty() -> list[dict[str, Any]]:
        """Some lines in which nothing is written."""
        return [{"value": "", "label": {}, "kind": "short_text"} for _n in range(NEW_LINES)]

    @classmethod
    def sent(cls, name: str, codes: Sequence[str], data: QueryDict) -> Lines:
        """Those of a page, at most as many as a question may have."""
        rows = []
        for n in range(MOST_LINES):
            if f"{name}-{n}-value" not in data:
                break
            label = {code: data.get(f"{name}-{n}-label_{code}", "") for code in codes}
            kind = data.get(f"{name}-{n}-kind", "short_text")
            rows.append({"value": data[f"{name}-{n}-value"], "label": label, "kind": kind})
        return cls(name, codes, rows)

    def act(self, what: str) -> None:
        """Move a line up or down, take it away, or put empty ones at the end: up-2, down-0, drop-1, more."""
        verb, _dash, place = what.partition("-")
        if verb == "more":
            self.rows += self.empty()
        n = int(place) if place.isascii() and place.isdigit() else -1
        if not 0 <= n < len(self.rows):
            return
        if verb == "drop":
            del self.rows[n]
        elif verb in {"up", "down"}:
            to = n + (1 if verb == "down" else -1)
            if 0 <= to < len(self.rows):
                self.rows.insert(to, self.rows.pop(n))

    def forms(self) -> list[LineForm]:
        """The lines as forms, to be shown."""
        shown = []
        for n, row in enumerate(self.rows):
            form = self.FORM(
                codes=self.codes,
                columns=self.name == "columns",
                prefix=f"{self.name}-{n}",
                initial={name: row.get(name) for name in ("value", *self.PLAIN)},
            )
            form.set_texts("label", row["label"])
            shown.append(form)
        return shown

    def lines(self) -> list[Line]:
        """As the domain takes them."""
        return [Line(row["label"], row["value"], row["kind"]) for row in self.rows]


class PlaceForm(forms.Form):
    """Where a question goes."""

    place = forms.ChoiceField(
        label=gettext_lazy("Put it"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a place.")},
    )

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = places  # type: ignore[attr-defined]

    def where(self) -> tuple[str, str]:
        """The section, and the question before it; nothing where it comes first."""
        section, _slash, after = self.cleaned_data["place"].partition("/")
        return section, after
