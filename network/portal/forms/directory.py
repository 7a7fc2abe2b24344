"""The filters of the directory of cities."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from network.portal.queries.directory import Choices, Wanted
from network.text import clean_line

QUERY_MAX = 200


class DirectoryForm(forms.Form):
    """Free text and four lists. A value that is not on its list is told and ignored: a filter never refuses the page."""

    q = forms.CharField(
        label=_("Name of the city"),
        help_text=_("In any language or script."),
        required=False,
        max_length=QUERY_MAX,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    network = forms.ChoiceField(label=_("Network"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)
    language = forms.ChoiceField(label=_("Language of the city"), required=False)

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = {
            "network": _("All networks"),
            "country": _("All countries"),
            "region": _("All regions"),
            "language": _("All languages"),
        }
        for name, all_of_them in every.items():
            self.fields[name].choices = [("", all_of_them), *getattr(choices, name)]  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """What the reader asks for, without the values that are on no list."""
        self.is_valid()
        data = self.cleaned_data
        return Wanted(
            q=clean_line(data.get("q", "")),
            network=data.get("network", ""),
            country=data.get("country", ""),
            region=data.get("region", ""),
            language=data.get("language", ""),
        )
