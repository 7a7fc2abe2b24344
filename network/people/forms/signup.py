"""What signing up asks beside address and password. In a module of its own: allauth builds its form on this class."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy as _

from network.doors import DomainError
from network.languages import DEFAULT, LANGUAGES
from network.people.domain.accounts import clean_name
from network.people.models import LANGUAGE_CHOICES
from network.people.queries.zones import usual_zone, zone_choices


class PersonFields(forms.Form):
    """Name, language and zone: the same at sign-up and in the profile."""

    display_name = forms.CharField(
        label=_("Full name"),
        help_text=_("As you write it, in any script."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your full name.")},
    )
    preferred_language = forms.ChoiceField(
        label=_("Language of the mails we send you"), choices=LANGUAGE_CHOICES, widget=forms.Select
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("Deadlines are shown in their own zone and in yours."),
        widget=forms.Select(attrs={"data-guess-zone": ""}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = zone_choices  # type: ignore[attr-defined]

    def clean_display_name(self) -> str:
        try:
            return clean_name(self.cleaned_data["display_name"])
        except DomainError as error:
            raise forms.ValidationError(error.message, code=error.code) from error


class SignUpDetails(PersonFields):
    """Asked at sign-up, with the reader's language and its usual zone filled in."""

    field_order = ["display_name", "email", "password1", "preferred_language", "time_zone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language()
        self.fields["preferred_language"].initial = language if language in LANGUAGES else DEFAULT
        self.fields["time_zone"].initial = usual_zone()

    def signup(self, request: Any, user: Any) -> None:
        """Nothing is left to do: the adapter has kept the fields."""
