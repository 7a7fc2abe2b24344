"""Naming a search, and when one wants to hear of what is new in it."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from practices.domain import Alerts
from practices.enums import Alert
from practices.models import LONGEST_NAME, SavedSearch

DAYS = [(day + 1, name) for day, name in WEEKDAYS.items()]
HOURS = [(f"{hour:02}:00", f"{hour:02}:00") for hour in range(24)]
USUAL = {"alert": Alert.WEEKLY, "weekday": 1, "at_local": "08:00"}


class SavedSearchForm(forms.Form):
    """Name and alerts. Day and hour count for weekly alerts only; a new search carries its query along."""

    query = forms.CharField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("Name of the search"), max_length=LONGEST_NAME)
    alert = forms.ChoiceField(
        label=_("When do you want to be told of new practices by mail?"),
        choices=Alert.choices,
        widget=forms.RadioSelect,
    )
    weekday = forms.TypedChoiceField(label=_("Day of the weekly mail"), choices=DAYS, coerce=int, required=False)
    at_local = forms.ChoiceField(label=_("Hour of the weekly mail"), choices=HOURS, required=False)

    @classmethod
    def of(cls, search: SavedSearch) -> SavedSearchForm:
        """The form as it stands for a search that is kept."""
        kept: dict[str, Any] = {**USUAL, "name": search.name, "alert": search.alert}
        if search.weekday and search.at_local:
            kept |= {"weekday": search.weekday, "at_local": f"{search.at_local:%H}:00"}
        return cls(initial=kept)

    def alerts(self) -> Alerts:
        """When to tell; only of a valid form."""
        data = self.cleaned_data
        if data["alert"] != Alert.WEEKLY:
            return Alerts(data["alert"])
        at = datetime.time.fromisoformat(data["at_local"]) if data["at_local"] else None
        return Alerts(Alert.WEEKLY, data["weekday"] or None, at)
