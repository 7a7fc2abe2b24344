"""What people say of a publication when they order it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from network.languages import LANGUAGES
from practices.domain.publications import Order
from practices.enums import ChapterBy

LANGUAGE_CHOICES = [(code, language.native_name) for code, language in LANGUAGES.items()]


class PublicationForm(forms.Form):
    """The language of the document, its cover and foreword, and how it is divided.

    `key` is drawn once for each form that is shown: sent twice, it orders once.
    """

    language = forms.ChoiceField(
        label=_("Language of the publication"),
        help_text=_("Practices that are not translated into it stand in their own language, and say so."),
        choices=LANGUAGE_CHOICES,
    )
    title = forms.CharField(
        label=_("Title"), max_length=200, error_messages={"required": _("Enter a title, at most 200 characters.")}
    )
    subtitle = forms.CharField(label=_("Subtitle"), max_length=200, required=False)
    cover_note = forms.CharField(label=_("Note on the cover"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    foreword = forms.CharField(label=_("Foreword"), required=False, widget=forms.Textarea(attrs={"rows": 8}))
    words_language = forms.ChoiceField(
        label=_("Language you wrote title and foreword in"),
        help_text=_("So that they are read aloud and set in the right direction."),
        choices=LANGUAGE_CHOICES,
    )
    chapters = forms.ChoiceField(
        label=_("Chapters"),
        choices=ChapterBy.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how the publication is divided.")},
    )
    publisher = forms.ChoiceField(label=_("Published by"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, publishers: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        if publishers:
            self.fields["publisher"].choices = [("", _("Nobody")), *publishers]  # type: ignore[attr-defined]
        else:
            del self.fields["publisher"]

    def order(self) -> Order:
        """The answers as the domain takes them."""
        return Order(**self.cleaned_data)
