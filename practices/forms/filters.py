"""The filters of the list. Nothing typed or linked here is an error: what can't be understood filters nothing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy as _

from network.languages import DEFAULT, LANGUAGES
from network.text import clean_line
from practices.enums import FILTERS, Maturity
from practices.queries.listing import Choices, Wanted
from practices.queries.matching import parse
from practices.queries.scheme import scheme

ANY = [("", _("Any"))]


class KnownChoice(forms.ChoiceField):
    """A choice; a value that is none of the list counts as none."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return text if text and self.valid_value(text) else ""


class PracticeFilter(forms.Form):
    """Theme, target group, approach, city, country, maturity, original language, reading language and order.

    All optional, all in the URL. A concept that was merged or is out of use still filters where a link names it.
    """

    theme = KnownChoice(label=_("Theme"), required=False)
    group = KnownChoice(label=_("Target group"), required=False)
    approach = KnownChoice(label=_("Approach"), required=False)
    city = forms.CharField(
        label=_("City"), required=False, help_text=_("Its name in any language."), widget=forms.TextInput
    )
    country = KnownChoice(label=_("Country"), required=False)
    maturity = KnownChoice(label=_("Maturity"), required=False, choices=[*ANY, *Maturity.choices])
    original = KnownChoice(
        label=_("Written in"),
        required=False,
        choices=[*ANY, *((code, language.native_name) for code, language in LANGUAGES.items())],
    )
    readable = forms.BooleanField(label=_("Only what I can read in my language"), required=False)
    sort = KnownChoice(
        label=_("Order"), required=False, choices=[("relevance", _("Best match first")), ("newest", _("Newest first"))]
    )

    def __init__(self, data: QueryDict, choices: Choices) -> None:
        offered = {"theme": choices.themes, "group": choices.groups, "approach": choices.approaches}
        for kind, name in FILTERS.items():
            if (asked := data.get(name)) and all(code != asked for code, _label in offered[name]):
                known = scheme().resolve(asked)
                if known is not None and known.kind == kind:
                    data = data.copy()
                    data[name] = known.code
                    if known.archived:
                        offered[name] = [*offered[name], (known.code, known.label(get_language() or DEFAULT))]
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        for name, concepts in offered.items():
            fields[name].choices = [*ANY, *concepts]
        fields["country"].choices = [*ANY, *choices.countries]
        if not clean_line(data.get("q", "")[:1000]):
            del fields["sort"]

    def clean_city(self) -> str:
        """One line of at most 120 characters, as the longest name of a city."""
        return clean_line(self.cleaned_data["city"][:500])[:120]

    def wanted(self) -> Wanted:
        """What the reader asks for, with the query and the page from beside the fields."""
        self.is_valid()
        page = self.data.get("page", "")
        return Wanted(
            query=parse(self.data.get("q", "")),
            page=int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
            **self.cleaned_data,
        )
