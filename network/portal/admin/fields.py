"""Controls of admin forms: things picked by name, countries in words, native dates and times."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext as _, gettext_lazy

from network.frame.moments import city_of
from network.frame.names import reader

SUGGESTED = 8


def your_zone() -> str:
    """The zone in which the hours of a form are meant, for its hint."""
    return _("In %(city)s time.") % {"city": city_of(timezone.get_current_timezone_name(), reader())}


your_zone_lazy = lazy(your_zone, str)


def countries() -> list[tuple[str, str]]:
    """Every country of CLDR by its name in the reader's language, after an empty first line."""
    named = [
        (code, name)
        for code, name in reader().territories.items()
        if len(code) == 2 and code not in {"ZZ", "EU", "UN", "EZ", "XA", "XB"}
    ]
    return [("", ""), *sorted(named, key=lambda pair: pair[1])]


class CountryField(forms.TypedChoiceField):
    """A country by its name; stored as ISO 3166-1 alpha-2."""

    def __init__(self, **kwargs: Any) -> None:
        for unused in ("max_length", "empty_value", "min_length"):
            kwargs.pop(unused, None)
        super().__init__(choices=countries, empty_value="", **kwargs)


class Picker:
    """How things of one kind are found and named when a form asks for one: by any of their names, as people write them."""

    def __init__(self, rows: QuerySet, find: Callable[[QuerySet, str], QuerySet], name: Callable[[Any], str]) -> None:
        self.rows, self._find, self.name = rows, find, name

    def suggestions(self, text: str) -> list[Model]:
        """Up to eight rows that match what was typed so far; the first ones for nothing."""
        rows = self._find(self.rows, text) if text.strip() else self.rows
        return list(rows[:SUGGESTED])

    def one(self, text: str) -> Model:
        """The row that was meant. Raises ValidationError, naming the candidates, where that is not clear."""
        found = self.suggestions(text.split(",")[0])
        exact = [row for row in found if self.name(row) == text] or found
        if not exact:
            raise forms.ValidationError(_("Nothing here is called “%(text)s”.") % {"text": text}, code="unknown")
        if len(exact) > 1:
            raise forms.ValidationError(
                _("Several match “%(text)s”: %(names)s. Write one of them.")
                % {"text": text, "names": " · ".join(self.name(row) for row in exact)},
                code="several",
            )
        return exact[0]


class PickInput(forms.TextInput):
    """A line of text with suggestions that a script fetches while one types; without it the name is simply written."""

    def __init__(self, url: str, attrs: dict | None = None) -> None:
        super().__init__(attrs={"data-pick": url, "autocomplete": "off", "dir": "auto", **(attrs or {})})

    def render(self, name, value, attrs=None, renderer=None):
        options = f"{(attrs or {}).get('id', name)}_options"
        control = super().render(name, value, {**(attrs or {}), "list": options}, renderer)
        return format_html('{}<datalist id="{}"></datalist>', control, options)


class PickField(forms.Field):
    """One related thing, written by name and found by the server: `city = Athens, Greece`."""

    default_error_messages = {"required": gettext_lazy("Write a name.")}

    def __init__(self, picker: Picker, url: str, **kwargs: Any) -> None:
        for unused in ("queryset", "limit_choices_to", "to_field_name", "blank"):
            kwargs.pop(unused, None)
        self.picker = picker
        super().__init__(widget=PickInput(url), **kwargs)

    def to_python(self, value: str | None) -> Model | None:
        text = (value or "").strip()
        return self.picker.one(text) if text else None

    def prepare_value(self, value: Any) -> str:
        if isinstance(value, Model):
            return self.picker.name(value)
        if isinstance(value, int):
            row = self.picker.rows.model._default_manager.filter(pk=value).first()
            return self.picker.name(row) if row else ""
        return value or ""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial) != (data or "").strip()


def today() -> datetime.date:
    """Today where the person is."""
    return timezone.localdate()
