"""What a network's officers type when they give a label or take it back."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from network.languages import LANGUAGES
from practices.domain.labels import Grounds
from practices.rules.labels import GROUNDS

LANGUAGE_CHOICES = [(code, language.native_name) for code, language in LANGUAGES.items()]


class GroundsForm(forms.Form):
    """What the network says about its award, for everybody."""

    grounds = forms.CharField(
        label=_("What the network says about it"),
        help_text=_("Everybody reads it beside the label. At most 150 words."),
        required=False,
        max_length=GROUNDS.characters,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    language = forms.ChoiceField(label=_("Written in"), choices=LANGUAGE_CHOICES)

    def said(self) -> Grounds:
        """As the domain takes it."""
        return Grounds(self.cleaned_data["grounds"], self.cleaned_data["language"])


class WithdrawForm(forms.Form):
    """Why a label is taken back."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The officers of the city read it; it stays in the history."),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why: the officers of the city read it.")},
    )
