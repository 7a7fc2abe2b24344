"""What a city says of a practice it takes up, and what the city that wrote it asks, as typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cities.forms import whole_number
from network.languages import LANGUAGES
from network.text import clean_text
from practices.domain import AdoptionFields
from practices.enums import AdoptionStatus
from practices.models import Adoption
from practices.queries.said import first_said

NUMBER = forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr", "class": "short"})
# Where the domain refuses, the words stand at the field that mends it.
AT_FIELD = {"year": "year", "dates": "started_on", "empty": "what_changed", "language": "language", "own_city": "city"}


class AdoptionForm(forms.Form):
    """How far a city is with a practice, since when, what it does differently and what came of it, in one language."""

    city = forms.ChoiceField(label=_("City"), error_messages={"required": _("Choose your city.")})
    status = forms.ChoiceField(
        label=_("How far are you?"),
        choices=AdoptionStatus.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say how far you are.")},
    )
    year = forms.CharField(
        label=_("Since which year?"),
        help_text=_("The year it began, or will begin. If you know the day, enter that instead."),
        required=False,
        max_length=12,
        widget=NUMBER,
    )
    started_on = forms.DateField(
        label=_("First day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "medium"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Enter a day such as 2026-11-30.")},
    )
    what_changed = forms.CharField(
        label=_("What do you do differently?"),
        help_text=_("What you changed to make it fit your city, and why."),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "required": _("Say in a sentence or two what you do differently, or that nothing changed."),
        },
    )
    result = forms.CharField(
        label=_("What came of it?"),
        help_text=_("As far as you can tell today. You can add it later."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    language = forms.ChoiceField(
        label=_("Written in"),
        help_text=_("The language of your two texts. You can add other languages afterwards."),
        choices=[(code, language.native_name) for code, language in LANGUAGES.items()],
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def __init__(self, *args: Any, cities: list[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        """With `cities` (slug, name) it begins an adoption; without, it changes one: city and language are given."""
        super().__init__(*args, **kwargs)
        offered: Any = self.fields
        if cities is None:
            del offered["city"]
            offered["language"].widget = forms.HiddenInput()
            offered["language"].widget.choices = offered["language"].choices
        elif len(cities) == 1:
            offered["city"].choices = cities
            offered["city"].widget = forms.HiddenInput()
            offered["city"].initial = cities[0][0]
        else:
            offered["city"].choices = [("", _("Choose your city")), *cities]

    def clean_year(self) -> int | None:
        return whole_number(self.cleaned_data["year"])

    def clean_what_changed(self) -> str:
        text = clean_text(self.cleaned_data["what_changed"])
        if not text:
            raise forms.ValidationError(self.fields["what_changed"].error_messages["required"])
        return text

    def said(self) -> AdoptionFields:
        """What is said, once the form is valid."""
        names = ("status", "language", "what_changed", "result", "year", "started_on")
        return AdoptionFields(**{name: self.cleaned_data[name] for name in names})

    def refuse(self, code: str, words: str) -> bool:
        """Put the domain's refusal at the field that mends it; False where there is none."""
        field = AT_FIELD.get(code, "")
        if field not in self.fields or self.fields[field].widget.is_hidden:
            return False
        self.add_error(field, words)
        return True

    @classmethod
    def about(cls, adoption: Adoption, code: str) -> AdoptionForm:
        """The form with what is said now in that language."""
        return cls(
            initial={
                "status": adoption.status,
                "year": "" if adoption.started_on else adoption.year,
                "started_on": adoption.started_on,
                "what_changed": first_said(adoption, "what_changed", [code]).text,
                "result": first_said(adoption, "result", [code]).text,
                "language": code,
                "version": adoption.version,
            }
        )


class QuestionForm(forms.Form):
    """Why the city that wrote the practice doubts that it was taken up."""

    reason = forms.CharField(
        label=_("What do you doubt?"),
        help_text=_("The other city reads it and can answer by changing what it said."),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say what you doubt, so that the other city can mend it.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
