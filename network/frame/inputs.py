"""Controls for days and moments: the browser's own, without a script, ISO 8601 on the wire."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone


class DayInput(forms.DateInput):
    """The browser's own date control: no script, any calendar habit, ISO dates on the wire."""

    input_type = "date"

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__(attrs={"class": "short", **(attrs or {})}, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """The browser's own control for a day and an hour."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__(attrs={"class": "medium", "dir": "ltr", **(attrs or {})}, format="%Y-%m-%dT%H:%M")


class WallField(forms.DateTimeField):
    """A day and an hour as clocks somewhere show them: naive, whatever the zone of the person who types."""

    widget = MomentInput

    def to_python(self, value: Any) -> datetime.datetime | None:
        with timezone.override(datetime.UTC):
            moment = super().to_python(value)
        return moment.replace(tzinfo=None) if moment else None
