"""The filters of the list. Nothing typed or linked here is an error: what can't be understood filters nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from network.frame.names import country_name, locale_of
from network.languages import DEFAULT, LANGUAGES
from network.text import clean_line
from practices.enums import FILTERS, CostBand, Maturity
from practices.queries.facets import city_names, network_names
from practices.queries.labels import label_names
from practices.queries.matching import parse
from practices.queries.scheme import scheme
from practices.queries.wanted import NEWEST, RELEVANCE, REUSED, YEAR, Wanted

# Values of one filter that are read; the rest is left out.
MOST_VALUES = 20
# As long as the longest name of a city.
CITY = 120
Pairs = list[tuple[str, str]]


class KnownChoice(forms.ChoiceField):
    """A choice; a value that is none of the list counts as none."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return text if text and self.valid_value(text) else ""


class KnownChoices(forms.MultipleChoiceField):
    """Several choices, any of which will do; a value that is none of the list counts as none.

    The list holds no more than what is asked for: what is offered beside it is counted by the search.
    """

    def to_python(self, value: Any) -> tuple[str, ...]:  # type: ignore[override]
        return tuple(one for one in dict.fromkeys(super().to_python(value)) if self.valid_value(one))


def several(label: Any) -> KnownChoices:
    """A filter of several values."""
    return KnownChoices(label=label, required=False)


class PracticeFilter(forms.Form):
    """What one can filter and order the list by, for a reader of `code`. All optional, all in the URL.

    Parameters may come several times. A concept that was merged or is out of use still filters where a link names it.
    """

    theme = several(_("Theme"))
    group = several(_("Target group"))
    approach = several(_("Approach"))
    country = several(_("Country"))
    city = several(_("City"))
    network = several(_("Network"))
    maturity = several(_("Maturity"))
    label = several(_("Label"))
    year = several(_("Year of start"))
    cost = several(_("Cost"))
    original = several(_("Written in"))
    readable = forms.BooleanField(label=_("Only what I can read in my language"), required=False)
    sort = KnownChoice(label=_("Order"), required=False)

    def __init__(self, data: QueryDict, code: str) -> None:
        data = _bounded(data)
        for kind, name in FILTERS.items():
            known = [(one, scheme().resolve(one)) for one in data.getlist(name)]
            data.setlist(name, [found.code if found and found.kind == kind else one for one, found in known])
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        for name, understood in UNDERSTOOD.items():
            fields[name].choices = understood(data.getlist(name), code)
        orders = [(NEWEST, _("Newest first")), (REUSED, _("Most taken up first"))]
        has_words = bool(clean_line(data.get("q", "")[:1000]))
        fields["sort"].choices = [(RELEVANCE, _("Best match first")), *orders] if has_words else orders

    def wanted(self) -> Wanted:
        """What the reader asks for, with the query and the page from beside the fields."""
        self.is_valid()
        page = self.data.get("page", "")
        return Wanted(
            query=parse(self.data.get("q", "")),
            page=int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
            **self.cleaned_data,
        )


def _bounded(data: QueryDict) -> QueryDict:
    """A copy whose filters have no more values than are read."""
    data = data.copy()
    for name in UNDERSTOOD:
        values = data.getlist(name)
        if name == "city":
            values = [clean_line(one[:500])[:CITY] for one in values]
        data.setlist(name, list(dict.fromkeys(filter(None, values)))[:MOST_VALUES])
        if not data.getlist(name):
            del data[name]
    return data


def _concepts(kind: str, asked: list[str], code: str) -> Pairs:
    found = ((one, scheme().by_code.get(one)) for one in asked)
    return [(one, concept.label(code)) for one, concept in found if concept and concept.kind == kind]


def _countries(asked: list[str], code: str) -> Pairs:
    territories = locale_of(DEFAULT).territories
    return [(one, country_name(one)) for one in asked if one in territories and len(one) == 2 and one.isalpha()]


def _cities(asked: list[str], code: str) -> Pairs:
    """Every name will do; one that is the slug of a city is shown as its name."""
    names = city_names(asked, code) if asked else {}
    return [(one, names.get(one, one)) for one in asked]


def _networks(asked: list[str], code: str) -> Pairs:
    names = network_names(code) if asked else {}
    return [(one, names[one]) for one in asked if one in names]


def _labels(asked: list[str], code: str) -> Pairs:
    names = label_names(code) if asked else {}
    return [(one, names[one]) for one in asked if one in names]


def _years(asked: list[str], code: str) -> Pairs:
    return [(one, one) for one in asked if YEAR.fullmatch(one)]


def _of(choices: Iterable[tuple[str, Any]]) -> Callable[[list[str], str], Pairs]:
    """Values out of a list that never changes."""
    known = dict(choices)
    return lambda asked, code: [(one, known[one]) for one in asked if one in known]


# For each filter what is understood of the values that are asked for, with what they are called.
UNDERSTOOD: dict[str, Callable[[list[str], str], Pairs]] = {
    **{name: partial(_concepts, kind) for kind, name in FILTERS.items()},
    "country": _countries,
    "city": _cities,
    "network": _networks,
    "maturity": _of(Maturity.choices),
    "label": _labels,
    "year": _years,
    "cost": _of(CostBand.choices),
    "original": _of((code, language.native_name) for code, language in LANGUAGES.items()),
}
